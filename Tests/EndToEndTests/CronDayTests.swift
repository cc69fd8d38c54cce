import Foundation
import Testing

/// A day of cron: 200 runs over 20 environments, with commits, drift, refusals, windows, a freeze and an outage in between.
@Suite struct CronDayTests {
    /// Takes minutes: `ci/check-all` asks for it.
    static let isWanted = ProcessInfo.processInfo.environment["PLUMB_LONG_TESTS"] == "1" && !TestCluster.isReal

    private static let runs = 200

    /// What an environment's policy lets happen to it.
    private struct Environment {
        let name: String
        let isAutomated: Bool
        let prunes: Bool
        let selfHeals: Bool
        /// What Git says: the color, and whether there is a second object.
        var color = "g0"
        var hasExtra = false
        /// What others made of the color in the target; `nil` while it is ours.
        var drift: String?
        var hasWindow = false

        var settings: String {
            var automated = "syncPolicy: {automated: {prune: \(prunes), selfHeal: \(selfHeals)}}\n"
            if !isAutomated { automated = "" }
            return automated + (hasWindow ? "syncWindows: [{kind: deny, schedule: '* * * * *', duration: 1h}]\n" : "")
        }
    }

    /// The same day every time.
    private struct Chance {
        private var state: UInt64 = 0x5DEE_CE66_D

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private func write(_ environments: [Environment], _ repository: TestRepository) throws {
        try repository.fleet(environments.map { ($0.name, $0.settings) })
        for environment in environments {
            try repository.desire(environment.name, environment.color)
            let extra = "environments/\(environment.name)/extra.yaml"
            if environment.hasExtra {
                try repository.write(extra, Samples.configMap("\(environment.name)-extra"))
            } else if FileManager.default.fileExists(atPath: "\(repository.path)/\(extra)") {
                try repository.remove(extra)
            }
        }
    }

    @Test(.enabled(if: isWanted)) func everyEnvironmentEndsWhereItsPolicySays() async throws {
        try await TestRepository.with { repository in
            var chance = Chance()
            var day = (0..<20).map { index in
                Environment(name: "e\(index)", isAutomated: index % 5 != 0, prunes: index % 2 == 0, selfHeals: index % 3 == 0)
            }
            try write(day, repository)
            try await repository.commit()
            // Those that runs only plan for were applied by hand once.
            for environment in day where !environment.isAutomated {
                try await repository.expect(0, "plan", environment.name, "--out", "hand.plan")
                try await repository.expect(0, "apply", "hand.plan")
            }
            var codes: [Int: Int] = [:]
            for run in 0..<Self.runs {
                try await event(run, &day, &chance, repository)
                let arguments: [String]
                switch run % 4 {
                case 0: arguments = ["--all"]
                case 1: arguments = ["--all", "--shard", "\(1 + chance.below(3))/3"]
                case 2: arguments = ["e\(chance.below(20))", "e1*"]
                default: arguments = ["--all", "--changed-since", "HEAD~1"]
                }
                async let first = repository.plumb(["run"] + arguments + ["--concurrency", "8"])
                // Now and then one run begins before the other has ended.
                if run % 10 == 9 {
                    let second = try await repository.plumb(["run", "--all"])
                    codes[second.code, default: 0] += 1
                    #expect([0, 1, 2, 3, 5, 6].contains(second.code), "\(second)")
                }
                let result = try await first
                codes[result.code, default: 0] += 1
                #expect([0, 1, 2, 3, 5, 6].contains(result.code), "\(result)")
            }
            try await finish(&day, repository)
            try await check(day, repository)
            #expect(codes.keys.contains(0) || codes.keys.contains(2), "\(codes)")
            #expect(codes.keys.contains(1) || codes.keys.contains(5), "the outage and the refusals were noticed: \(codes)")
            let verified = try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            #expect(verified.output.contains("intact"), "\(verified)")
        }
    }

    /// What happens between two runs.
    private func event(_ run: Int, _ day: inout [Environment], _ chance: inout Chance, _ repository: TestRepository) async throws {
        let index = chance.below(day.count)
        let name = day[index].name
        switch run % 8 {
        case 0:
            day[index].color = "g\(run)"
        case 1:
            guard try await repository.color(name) != nil else { return }
            day[index].drift = "d\(run)"
            try await repository.paint(name, "d\(run)")
            return
        case 2:
            day[index].hasExtra.toggle()
        case 3:
            let path = "/api/v1/namespaces/\(repository.namespace)/configmaps/\(name)-config"
            try await repository.cluster.addFault(#"PATCH \#(path)\?(?!.*dryRun).*fieldManager=plumb.*: 403 x1"#)
            return
        case 4 where run % 16 == 4:
            day[index].hasWindow.toggle()
        case 5 where run % 40 == 5:
            try repository.write(".plumb/freeze", "in run \(run)\n")
        case 5 where run % 40 == 13:
            if FileManager.default.fileExists(atPath: "\(repository.path)/.plumb/freeze") { try repository.remove(".plumb/freeze") }
        case 6 where run == 102:
            // The server is away for a while.
            try await repository.cluster.addFault("GET /(version|api|apis)(\\?.*)?: reset x60")
            return
        default: return
        }
        try write(day, repository)
        try await repository.commit("run \(run)")
    }

    /// The day is over: no window, no freeze; whoever may, has his way.
    private func finish(_ day: inout [Environment], _ repository: TestRepository) async throws {
        for index in day.indices { day[index].hasWindow = false }
        try write(day, repository)
        if FileManager.default.fileExists(atPath: "\(repository.path)/.plumb/freeze") { try repository.remove(".plumb/freeze") }
        try await repository.commit("the end")
        // What was to go wrong and was not asked for yet goes wrong now.
        for _ in 0..<4 { _ = try await repository.plumb(["run", "--all", "--concurrency", "8"]) }
        let last = try await repository.plumb(["run", "--all", "--concurrency", "8"])
        #expect(last.code == 2, "what policies withhold, and nothing else: \(last)")
    }

    private func check(_ day: [Environment], _ repository: TestRepository) async throws {
        for environment in day {
            let color = try await repository.color(environment.name)
            let extra = try await repository.setting("\(environment.name)-extra", "color")
            guard environment.isAutomated else {
                #expect(color == environment.drift ?? "g0", "\(environment.name) is for people")
                #expect(extra == nil, "\(environment.name) is for people")
                continue
            }
            if environment.selfHeals || environment.drift == nil {
                #expect(color == environment.color, "\(environment.name)")
            } else {
                #expect(color == environment.drift, "\(environment.name) was changed by others, and may not be healed")
            }
            if environment.hasExtra { #expect(extra == "red", "\(environment.name)") }
            if environment.prunes, !environment.hasExtra { #expect(extra == nil, "\(environment.name)") }
        }
    }
}
