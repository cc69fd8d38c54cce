import Foundation
import Testing

/// SIGTERM in the middle of an apply.
@Suite(.disabled(if: TestCluster.isReal, "needs the sandbox's faults: a request that takes its time"))
struct InterruptTests {
    @Test(arguments: [("TERM", 143), ("INT", 130)])
    func whatIsInFlightIsFinishedAndTheNextApplyCarriesOn(signal: String, code: Int) async throws {
        try await TestRepository.with { repository in
            for name in ["a", "b", "c", "d"] { try repository.manifest("\(name).yaml", Samples.configMap(name)) }
            try repository.manifest("last.yaml", Samples.service("last"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.cluster.addFault("PATCH /api/v1/namespaces/\(repository.namespace)/configmaps/a.*: delay=4s x1")

            let binary = try Binaries.plumb()
            async let applying = ChildProcess.run(
                "sh", ["-c", "echo $$ > pid; exec \"$0\" apply a.plan --parallelism 1", binary],
                environment: repository.environment, in: repository.path)
            try await waitUntil(repository, logHas: "change-started")
            try await Task.sleep(for: .milliseconds(300))
            let pid = try repository.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
            try await repository.kill(signal, pid)
            let interrupted = try await applying
            #expect(interrupted.code == code, "\(interrupted)")
            #expect(interrupted.error.contains("Interrupted"), "\(interrupted)")
            #expect(try await repository.setting("a", "color") == "red", "what was in flight was finished")
            #expect(try await repository.setting("b", "color") == nil, "the rest was not started")
            let log = try await repository.expect(0, "audit", "show", "plumb-audit.jsonl")
            #expect(log.output.contains("ConfigMap/\(repository.namespace)/a create succeeded"), "\(log)")

            let resumed = try await repository.expect(0, "apply", "a.plan")
            #expect(resumed.error.contains("carrying on"), "\(resumed)")
            for name in ["a", "b", "c", "d"] { #expect(try await repository.setting(name, "color") == "red") }
            let verified = try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            #expect(verified.output.contains("2 runs"))
            let after = try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(after.output.contains("No changes."))
        }
    }

    @Test func aKilledRunIsCarriedOn() async throws {
        try await TestRepository.with { repository in
            // A file's lock goes with its process; a lease would have to run out first.
            try repository.configure("inventory: {file: inventory.json}")
            for name in ["a", "b", "c"] { try repository.manifest("\(name).yaml", Samples.configMap(name)) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.cluster.addFault("PATCH /api/v1/namespaces/\(repository.namespace)/configmaps/b.*: delay=4s x1")
            let binary = try Binaries.plumb()
            async let applying = ChildProcess.run(
                "sh", ["-c", "echo $$ > pid; exec \"$0\" apply a.plan --parallelism 1", binary],
                environment: repository.environment, in: repository.path)
            try await waitUntil(repository, logHas: "ConfigMap/\(repository.namespace)/b")
            try await repository.kill("KILL", repository.text("pid").trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(try await applying.code == 137)

            let history = try await repository.expect(0, "history", "production")
            #expect(history.error.contains("cut short"), "\(history)")
            let resumed = try await repository.expect(0, "apply", "a.plan")
            #expect(resumed.error.contains("carrying on"), "\(resumed)")
            for name in ["a", "b", "c"] { #expect(try await repository.setting(name, "color") == "red") }
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }

    /// What is in flight is given up, the log says so, the lock is freed, and the next run finds out what was done.
    @Test func aSecondSignalEndsTheRunAtOnce() async throws {
        try await TestRepository.with { repository in
            for name in ["a", "b", "c"] { try repository.manifest("\(name).yaml", Samples.configMap(name)) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.cluster.addFault("PATCH /api/v1/namespaces/\(repository.namespace)/configmaps/a.*: delay=25s x1")
            let binary = try Binaries.plumb()
            async let applying = ChildProcess.run(
                "sh", ["-c", "echo $$ > pid; exec \"$0\" apply a.plan --parallelism 1", binary],
                environment: repository.environment, in: repository.path)
            try await waitUntil(repository, logHas: "change-started")
            let pid = try repository.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
            try await repository.kill("INT", pid)
            try await Task.sleep(for: .milliseconds(300))
            try await repository.kill("TERM", pid)
            let interrupted = try await applying
            #expect(interrupted.code == 130, "\(interrupted)")
            let log = try await repository.expect(0, "audit", "show", "plumb-audit.jsonl")
            #expect(log.output.contains("ended before the server answered") && log.output.contains("interrupted"), "\(log)")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            let resumed = try await repository.expect(0, "apply", "a.plan")
            #expect(resumed.error.contains("carrying on"), "\(resumed)")
            for name in ["a", "b", "c"] { #expect(try await repository.setting(name, "color") == "red") }
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    private func waitUntil(_ repository: TestRepository, logHas text: String) async throws {
        for _ in 0..<300 {
            if let log = try? repository.text("plumb-audit.jsonl"), log.contains(text) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw TestFailure("the log never had '\(text)'")
    }
}

extension TestRepository {
    func kill(_ signal: String, _ pid: String) async throws {
        _ = try await ChildProcess.run("sh", ["-c", "kill -s \(signal) \(pid)"], environment: environment, in: path)
    }
}
