import Foundation
import Manifests
import Testing

/// Kills an apply before every single write, to the server or to disk, and applies again.
///
/// `make test` tries some points of a small apply; with `PLUMB_KILL_ALL` every point of a large one is tried, or with
/// `PLUMB_KILL_POINTS` (`101-200`) those of a range.
@Suite(.serialized, .disabled(if: TestCluster.isReal, "thousands of requests, and a name in no namespace"))
struct KillTests {
    private static let isFull = ProcessInfo.processInfo.environment["PLUMB_KILL_ALL"] != nil
    private static let range: ClosedRange<Int> = {
        let numbers = (ProcessInfo.processInfo.environment["PLUMB_KILL_POINTS"] ?? "").split(separator: "-").compactMap { Int($0) }
        return numbers.count == 2 && numbers[0] <= numbers[1] ? numbers[0]...numbers[1] : 1...Int.max
    }()

    @Test func killedAtEveryWriteWithTheInventoryInTheTarget() async throws { try await kill("") }

    @Test func killedAtEveryWriteWithTheInventoryInAFile() async throws { try await kill("inventory: {file: ../inventory.json}") }

    private func kill(_ configuration: String) async throws {
        guard let library = try await KillShim.library() else { return }
        try await TestRepository.with { repository in
            try repository.configure(configuration)
            let scene = KillScene(repository: repository, library: library, count: Self.isFull ? 60 : 2)
            try await scene.prepare()
            var point = Self.range.lowerBound
            var tried = 0
            var isLeft = true
            // Where no point is left, the run comes to its end.
            while isLeft, Self.range.contains(point) {
                isLeft = try await scene.tryPoint(point, isForward: tried % 2 == 0)
                if isLeft { tried += 1 }
                point += Self.isFull ? 1 : 9
            }
            #expect(tried >= (Self.isFull ? min(400, Self.range.count) : 8) || !isLeft, "the library does not end the program")
            print(
                "killed at \(tried) points from \(Self.range.lowerBound) to \(point - 1), \(isLeft ? "more are left" : "all there are"), "
                    + "\(scene.changes) changes each\(configuration.isEmpty ? "" : ", \(configuration)")")
        }
    }
}

/// Two commits that differ in everything an apply can do, applied forth and back.
private struct KillScene {
    let repository: TestRepository
    let library: String
    /// Objects of each sort.
    let count: Int

    private var namespace: String { repository.namespace }
    /// Of an apply in either direction: updates, replacements, creations and deletions of one side each, and two hooks.
    var changes: Int { count * 6 + 2 }

    private static let plurals = ["configmaps", "secrets", "services", "serviceaccounts"]
    /// What stays under its name and is made anew in each apply.
    private static func isRemade(_ name: String) -> Bool { name.contains("/replaced-") || name.contains("/hook-") }

    func prepare() async throws {
        try writeState(isForward: false)
        try await repository.commit("back")
        try await repository.git("tag", "back")
        try await repository.deploy()
        try writeState(isForward: true)
        try await repository.commit("forward")
        try await repository.git("tag", "forward")
    }

    private func writeState(isForward: Bool) throws {
        try? FileManager.default.removeItem(atPath: "\(repository.path)/environments/production")
        let state = isForward ? "forward" : "back"
        try writeHooks()
        for index in 0..<count {
            try repository.manifest("kept-\(index).yaml", Samples.configMap("kept-\(index)", "color", "red"))
            try repository.manifest("changed-\(index).yaml", Samples.configMap("changed-\(index)", "color", state))
            try repository.manifest("service-\(index).yaml", Samples.service("service-\(index)", port: isForward ? 80 : 81))
            try repository.manifest("secret-\(index).yaml", Samples.secret("secret-\(index)", "\(state)-\(index)"))
            try repository.manifest("replaced-\(index).yaml", Self.unchangeable("replaced-\(index)", state))
            // What one side has, the other has not: creations and deletions.
            let name = "\(state)-\(index)"
            try repository.manifest("\(name).yaml", index % 2 == 0 ? Samples.configMap(name) : Self.serviceAccount(name))
        }
    }

    private func writeHooks() throws {
        // Objects that have ended when they are made: what is tried is their place, and not how long pods take.
        for (name, phase, policy) in [("hook-before", "PreSync", "BeforeHookCreation"), ("hook-after", "PostSync", "HookSucceeded")] {
            let annotations = ["argocd.argoproj.io/hook": phase, "argocd.argoproj.io/hook-delete-policy": policy]
            try repository.manifest("\(name).yaml", Samples.configMap(name, annotations: annotations))
        }
    }

    private static func unchangeable(_ name: String, _ state: String) -> String {
        Samples.configMap(name, "color", state, annotations: ["plumb.dev/replace": "allowed"]) + "immutable: true\n"
    }

    private static func serviceAccount(_ name: String) -> String { "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: \(name)\n" }

    private func desired(isForward: Bool) -> Set<String> {
        let state = isForward ? "forward" : "back"
        let objects = (0..<count).flatMap { index in
            [
                "configmaps/kept-\(index)", "configmaps/changed-\(index)", "services/service-\(index)", "secrets/secret-\(index)",
                "configmaps/replaced-\(index)", "\(index % 2 == 0 ? "configmaps" : "serviceaccounts")/\(state)-\(index)",
            ]
        }
        return Set(objects + ["configmaps/hook-before"])
    }

    /// UIDs of the objects that carry the environment's annotation.
    private func live() async throws -> [String: String] {
        var found: [String: String] = [:]
        for plural in Self.plurals {
            for item in try await repository.cluster.items("/api/v1/namespaces/\(namespace)/\(plural)") {
                guard item.annotations?["plumb.dev/tracking-id"] != nil else { continue }
                found["\(plural)/\(item.name)"] = item.uid
            }
        }
        return found
    }

    /// - Returns: Whether there was such a point; without one the run was not killed.
    func tryPoint(_ point: Int, isForward: Bool) async throws -> Bool {
        let ref = isForward ? "forward" : "back"
        let log = "../kill-\(point).jsonl"
        let apply = ["apply", "../kill.plan", "--audit-log", log, "--allow-rollback", "--max-deletes", "100%"]
        try await repository.expect(0, "plan", "production", "--ref", ref, "--out", "../kill.plan")
        let before = try await live()
        let killed = try await repository.plumb(apply, with: ["LD_PRELOAD": library, "KILL_AT_WRITE": "\(point)"])
        let isKilled = killed.code == 137
        #expect(isKilled || killed.code == 0, "point \(point): \(killed)")
        let wasStarted = (try? repository.text(log))?.contains("\n") ?? false
        let between = try await live()
        if isKilled {
            try await repository.expect(0, "unlock", "production", "--yes", "--force", "--audit-log", "../unlock.jsonl")
            let again = try await repository.plumb(apply)
            // Killed when all was done, and only the log's last words were missing.
            let isDone = again.code == 3 && again.error.contains("this very plan was applied already")
            #expect(again.code == 0 || isDone, "point \(point): \(again)")
        }
        try await check(point, log: log, isForward: isForward, before: before, between: between, runs: isKilled && wasStarted ? 2 : 1)
        return isKilled
    }

    private func check(
        _ point: Int, log: String, isForward: Bool, before: [String: String], between: [String: String], runs: Int
    ) async throws {
        let after = try await live()
        let desired = desired(isForward: isForward)
        #expect(Set(after.keys) == desired, "point \(point): nothing is missing, nothing is orphaned")
        for (name, uid) in between where desired.contains(name) {
            let isDone = !Self.isRemade(name) || before[name] != uid
            #expect((after[name] == uid) == isDone, "point \(point): \(name) was made once")
        }
        let plan = try await repository.plumb("plan", "production", "--ref", isForward ? "forward" : "back", "--detailed-exitcode")
        #expect(plan.code == 0, "point \(point): \(plan)")
        let inventory = try JSONParser.parse(Array(try await repository.expect(0, "inventory", "production", "--json").output.utf8))
        let entries = inventory["entries"]?.array ?? []
        #expect(entries.count == desired.count && inventory["pending"] == nil, "point \(point)")
        #expect(Set(entries.compactMap { $0["uid"]?.string }) == Set(after.values), "point \(point): the inventory knows what is there")
        let verified = try await repository.expect(0, "audit", "verify", log)
        #expect(verified.output.contains(runs == 1 ? "1 run," : "\(runs) runs"), "point \(point): \(verified)")
        try repository.remove(log)
    }
}

/// What the scene looks at of a live object.
private struct LiveItem: Decodable {
    struct Metadata: Decodable {
        var name: String
        var uid: String
        var annotations: [String: String]?
    }
    var metadata: Metadata

    var name: String { metadata.name }
    var uid: String { metadata.uid }
    var annotations: [String: String]? { metadata.annotations }
}

extension TestCluster {
    /// The items of a list, read by Foundation: hundreds of objects, thousands of times.
    fileprivate func items(_ path: String) async throws -> [LiveItem] {
        struct List: Decodable { var items: [LiveItem] }
        return try JSONDecoder().decode(List.self, from: Data(try await text(path).utf8)).items
    }
}
