import Foundation
import Manifests
import Testing

/// An apply over a bad network and a bad server: it ends as desired or with a clear error, never in between unnoticed.
@Suite(.disabled(if: TestCluster.isReal, "needs the sandbox's faults"))
struct FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        /// `PATH` is what all objects of the test's namespace begin with.
        var rules: [String]
        /// What the apply may end with.
        var codes: Set<Int>
        var testDescription: String { name }
    }

    static let faults = [
        Fault(name: "reset before the request is served", rules: ["PATCH PATH/.*: reset x6 p=0.5"], codes: [0, 5]),
        Fault(name: "reset after the request was served", rules: ["PATCH PATH/.*: reset-after x6 p=0.5"], codes: [0, 5]),
        Fault(name: "reset of every second request", rules: ["* PATH/.*: reset-after x10 p=0.3"], codes: [0, 1, 5]),
        Fault(name: "half answers", rules: ["PATCH PATH/.*: half x4"], codes: [0, 5]),
        Fault(name: "half answers to every request", rules: ["* PATH/.*: half x6 p=0.4"], codes: [0, 1, 5]),
        Fault(name: "a storm of 429", rules: ["* PATH/.*: 429 x30 retry-after=0"], codes: [0]),
        Fault(name: "a storm of 503", rules: ["PATCH PATH/.*: 503 x20 retry-after=0"], codes: [0]),
        Fault(name: "503 without a word on when", rules: ["PATCH PATH/.*: 503 x4"], codes: [0, 5]),
        Fault(name: "500 of a webhook", rules: ["PATCH PATH/.*/configmaps/c3.*: 500 x9"], codes: [0, 5]),
        Fault(name: "slow answers", rules: ["* PATH/.*: delay=250ms x40"], codes: [0]),
        Fault(
            name: "the inventory's answer is lost",
            rules: ["* PATH/configmaps/plumb-inventory.*: reset-after x2", "POST PATH/configmaps.*: reset-after x1"],
            codes: [0, 1, 5]),
        Fault(
            name: "everything at once",
            rules: ["* PATH/.*: reset x9 p=0.1", "* PATH/.*: 429 x9 p=0.2 retry-after=0", "* PATH/.*: half x9 p=0.1"],
            codes: [0, 1, 5]),
    ]

    @Test(arguments: faults) func endsAsDesiredOrWithAClearError(fault: Fault) async throws {
        try await TestRepository.with { repository in
            for index in 0..<6 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)", "color", "red")) }
            try repository.manifest("old.yaml", Samples.configMap("old"))
            try await repository.commit()
            try await repository.deploy()
            for index in 0..<6 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)", "color", "blue")) }
            for index in 0..<6 { try repository.manifest("n\(index).yaml", Samples.configMap("n\(index)")) }
            try repository.remove("environments/production/old.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            for rule in fault.rules {
                try await repository.cluster.addFault(
                    rule.replacingOccurrences(of: "PATH", with: "/api/v1/namespaces/\(repository.namespace)"))
            }
            let first = try await repository.plumb("apply", "a.plan")
            #expect(fault.codes.contains(first.code), "\(first)")
            if first.code != 0 { #expect(first.error.contains("error:") || first.error.contains("Incomplete"), "\(first)") }
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            if first.code == 0 {
                try await expectDesired(repository)
                return
            }
            try await recover(repository)
        }
    }

    /// What a person does: plans again and applies that, until the faults are used up.
    private func recover(_ repository: TestRepository) async throws {
        for _ in 0..<6 {
            _ = try await repository.plumb("unlock", "production", "--yes", "--force")
            guard try await repository.plumb("plan", "production", "--out", "b.plan").code == 0 else { continue }
            if try await repository.plumb("apply", "b.plan").code == 0 { break }
        }
        try await expectDesired(repository)
    }

    /// The test's own look meets what is left of the faults, too.
    private func color(_ name: String, _ repository: TestRepository) async throws -> String? {
        for _ in 0..<20 {
            if let found = try? await repository.cluster.get(repository.configMap(name)) {
                return found.at("data", "color")?.string
            }
        }
        return try await repository.setting(name, "color")
    }

    private func expectDesired(_ repository: TestRepository) async throws {
        try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        for index in 0..<6 {
            #expect(try await color("c\(index)", repository) == "blue")
            #expect(try await color("n\(index)", repository) == "red")
        }
        #expect(try await color("old", repository) == nil)
        let inventory = try JSONParser.parse(Array(try await repository.expect(0, "inventory", "production", "--json").output.utf8))
        #expect(inventory["entries"]?.array?.count == 12)
        try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
    }

    /// The plugin has no other token: the run says so and ends; with a token that is taken again it is carried on.
    @Test func aTokenThatIsRefusedOnTheWay() async throws {
        try await TestRepository.with { repository in
            for index in 0..<4 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let kubeconfig = try repository.kubeconfigWithPlugin()
            try await repository.cluster.addFault("PATCH /api/v1/namespaces/\(repository.namespace)/configmaps/.*: 401 x1 after=1")
            let refused = try await repository.expect(5, "apply", "a.plan", "--parallelism", "1", with: ["KUBECONFIG": kubeconfig])
            #expect(refused.error.contains("Unauthorized"), "\(refused)")
            let asked = try repository.text("../tokens").split(separator: "\n").count
            #expect(asked >= 2, "the plugin was asked again")
            try await repository.deploy()
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    /// The token runs out while objects are written; the plugin has a new one, and nobody notices.
    @Test(arguments: [9, 20, 31]) func aTokenThatExpiresOnTheWayIsRenewed(requests: Int) async throws {
        try await TestRepository.with { repository in
            for index in 0..<40 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let tokens = ["first", "second"].map { "\($0)-\(repository.namespace)" }
            let kubeconfig = try repository.kubeconfigWithPlugin(tokens)
            let (status, answer) = try await repository.cluster.request(
                "POST", "/_sandbox/tokens", body: "\(tokens[0]) x\(requests)\n\(tokens[1])")
            #expect(status == 200, "\(answer)")
            let applied = try await repository.expect(0, "apply", "a.plan", with: ["KUBECONFIG": kubeconfig])
            #expect(try repository.text("../tokens").split(separator: "\n").count == 2, "asked when a token was refused, and never else")
            for token in tokens { #expect(!applied.description.contains(token)) }
            let log = try repository.text("plumb-audit.jsonl")
            #expect(log.split(separator: "\n").filter { $0.contains("\"result\":\"succeeded\"") }.count == 40, "each was made once")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }

    /// Files may not grow beyond what the log has: the system refuses the next record, as a full disk does.
    @Test func aDiskThatIsFullForTheLogStopsTheApply() async throws {
        try await TestRepository.with { repository in
            for index in 0..<40 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let full = try await ChildProcess.run(
                "bash", ["-c", "ulimit -f 8; exec \"$0\" apply a.plan --parallelism 2", try Binaries.plumb()],
                environment: repository.environment,
                in: repository.path)
            #expect(full.code == 5, "\(full)")
            #expect(full.error.contains("plumb-audit.jsonl: cannot write to the audit log"), "\(full)")
            #expect(full.error.contains("make room") && full.error.contains("carries on"), "\(full)")
            // Nothing was written that the log does not announce.
            let log = try repository.text("plumb-audit.jsonl")
            var made = 0
            for index in 0..<40 where try await repository.setting("c\(index)", "color") != nil {
                made += 1
                #expect(log.contains("ConfigMap/\(repository.namespace)/c\(index)\""), "c\(index)")
            }
            #expect(made < 40)
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            let resumed = try await repository.expect(0, "apply", "a.plan")
            #expect(resumed.error.contains("carrying on"), "\(resumed)")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    /// Another run takes the lease, as one does whose clock is wrong or whom a person helped: this one stops writing.
    @Test func aStolenLeaseStopsTheApply() async throws {
        try await TestRepository.with { repository in
            for index in 0..<8 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.cluster.addFault("PATCH /api/v1/namespaces/\(repository.namespace)/configmaps/c.*: delay=3s")
            async let applying = repository.plumb("apply", "a.plan", "--parallelism", "1")
            try await repository.wait(untilLogHas: "change-started")
            let lease = "/apis/coordination.k8s.io/v1/namespaces/\(repository.namespace)/leases/plumb-lock-production"
            try await repository.cluster.edit(lease, #"{"spec":{"holderIdentity":"thief","renewTime":"2100-01-01T00:00:00.000000Z"}}"#)
            let stopped = try await applying
            #expect(stopped.code == 5, "\(stopped)")
            #expect(stopped.error.contains("the lock was lost"), "\(stopped)")
            var made = 0
            for index in 0..<8 where try await repository.setting("c\(index)", "color") != nil { made += 1 }
            #expect((1..<8).contains(made), "\(made) were made before the next renewal told")
            #expect(
                try await repository.cluster.get(lease)?.at("spec", "holderIdentity")?.string == "thief", "the thief's lock is left alone")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            try await repository.cluster.delete(lease)
            try await repository.expect(0, "apply", "a.plan")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func aServerThatRestartsOnTheWay() async throws {
        try await TestRepository.with { repository in
            for index in 0..<20 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            let server = try await RestartingSandbox.start(in: "\(repository.folder)/server")
            let variables = ["KUBECONFIG": server.kubeconfig]
            try await repository.expect(0, "plan", "production", "--namespace", "default", "--out", "a.plan", with: variables)
            async let applying = repository.plumb("apply", "a.plan", "--parallelism", "2", with: variables.merging([:]) { $1 })
            try await repository.wait(untilLogHas: "change-finished")
            try await server.kill()
            try await Task.sleep(for: .milliseconds(500))
            let again = try await server.restart()
            let first = try await applying
            #expect(first.code == 0 || first.code == 5, "\(first)")
            if first.code != 0 {
                try await repository.expect(0, "unlock", "production", "--namespace", "default", "--yes", "--force", with: variables)
                try await repository.expect(0, "plan", "production", "--namespace", "default", "--out", "b.plan", with: variables)
                try await repository.expect(0, "apply", "b.plan", with: variables)
            }
            try await repository.expect(0, "plan", "production", "--namespace", "default", "--detailed-exitcode", with: variables)
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            try await again.kill()
        }
    }
}

extension TestRepository {
    func wait(untilLogHas text: String, log: String = "plumb-audit.jsonl") async throws {
        for _ in 0..<300 {
            if let found = try? self.text(log), found.contains(text) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("\(log) never had '\(text)'")
    }

    /// A kubeconfig for the same server whose token comes from a program, which notes down each time that it is asked.
    /// - Parameter tokens: What it says each time, the last one from then on; by default the server's own token.
    func kubeconfigWithPlugin(_ tokens: [String] = []) throws -> String {
        let words = (tokens.isEmpty ? [cluster.token] : tokens).joined(separator: "\n")
        try write("../token-list", words + "\n")
        let credential = #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}"#
        try write(
            "../plugin",
            """
            #!/bin/sh
            echo asked >> '\(folder)/tokens'
            count=$(wc -l < '\(folder)/tokens')
            token=$(head -n "$count" '\(folder)/token-list' | tail -n 1)
            printf '\(credential)' "$token"

            """)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/plugin")
        let path = "\(folder)/kubeconfig"
        try write(
            "../kubeconfig",
            """
            apiVersion: v1
            kind: Config
            current-context: plugin
            contexts: [{name: plugin, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "\(cluster.server)", certificate-authority: "\(cluster.authority)"}}]
            users:
              - name: u
                user:
                  exec: {apiVersion: client.authentication.k8s.io/v1, command: "\(folder)/plugin", interactiveMode: Never}

            """)
        return path
    }
}
