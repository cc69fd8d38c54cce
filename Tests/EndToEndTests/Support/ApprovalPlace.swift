import Foundation
import Manifests
import Planning
import Testing

/// A repository with an environment, keys and a plan for a server that is not there.
final class ApprovalPlace {
    struct Result {
        var code: Int
        var output: String
        var errors: String
    }

    let folder: String
    private(set) var firstCommit = ""
    private(set) var plan: Plan

    init(approvals: String?) async throws {
        folder = NSTemporaryDirectory() + "plumb-approvals-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder + "/.plumb", withIntermediateDirectories: true)
        plan = Self.plan(repository: folder)
        try await shell(
            """
            for key in alice alice2 bob mallory gone; do ssh-keygen -q -t ed25519 -N '' -C '' -f $key; done
            { echo "alice@example.com $(cat alice.pub)"; echo "alice@example.com $(cat alice2.pub)"; echo "bob@example.com $(cat bob.pub)"
              echo "gone@example.com valid-before=\\"20200101\\" $(cat gone.pub)"; } > signers
            cp signers .plumb/allowed_signers
            mkdir -p environments/production
            git init -q -b main . && git config user.name Alice && git config user.email alice@example.com
            git config commit.gpgsign false
            git add environments .plumb && git commit -q -m first
            """)
        try write("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", as: "environments/production/a.yaml")
        var configuration = "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\nenvironments:\n  - name: production\n"
        if let approvals { configuration += "    approvals: \(approvals)\n" }
        try write(configuration, as: "plumb.yaml")
        firstCommit = try await shell("git rev-parse HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
        plan.source.commit = try await shell("git add environments plumb.yaml && git commit -q -m second && git rev-parse HEAD")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try write(plan)
        try write(
            """
            apiVersion: v1
            kind: Config
            current-context: nowhere
            clusters: [{name: nowhere, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: nobody, user: {token: t}}]
            contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
            """, as: "kubeconfig")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    func write(_ text: String, as name: String) throws {
        let parent = URL(fileURLWithPath: path(name)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    func write(_ plan: Plan) throws { try write(String(decoding: plan.fileBytes, as: UTF8.self), as: "p.plan") }

    func approve(_ key: String) async throws {
        let result = try await plumb("approve", "p.plan", "--key", key)
        #expect(result.code == 0, "\(result)")
    }

    func apply(_ more: String...) async throws -> Result { try await plumb(["apply", "p.plan", "--kubeconfig", "kubeconfig"] + more) }

    func plumb(_ arguments: String...) async throws -> Result { try await plumb(arguments) }

    func plumb(_ arguments: [String], path: String? = nil) async throws -> Result {
        var variables = ProcessInfo.processInfo.environment.filter { !["KUBECONFIG", "SSH_AUTH_SOCK"].contains($0.key) }
        if let path { variables["PATH"] = path }
        return try await launch(Binaries.plumb(), arguments, variables)
    }

    func verifies(_ signature: String, principal: String) async throws -> Bool {
        let script = "ssh-keygen -Y verify -f signers -I \(principal) -n plumb-plan -s \(signature) < p.plan"
        return try await launch("/bin/sh", ["-c", script], ProcessInfo.processInfo.environment).code == 0
    }

    @discardableResult
    func shell(_ script: String) async throws -> String {
        let result = try await launch("/bin/sh", ["-e", "-c", script], ProcessInfo.processInfo.environment)
        guard result.code == 0 else { throw Diagnostic("\(script): \(result.errors)") }
        return result.output
    }

    private func launch(_ program: String, _ arguments: [String], _ variables: [String: String]) async throws -> Result {
        let ended = try await ChildProcess.run(program, arguments, environment: variables, in: folder)
        return Result(code: ended.code, output: ended.output, errors: ended.error)
    }

    private static func plan(repository: String) -> Plan {
        Plan(
            plumbVersion: "1", runID: "r", createdAt: "2026-01-01T00:00:00Z", environment: "production",
            source: PlanSource(
                repository: repository, ref: "HEAD", commit: "", path: "environments/production", author: "Alice <alice@example.com>",
                committedAt: "2026-01-01T00:00:00Z"),
            target: PlanTarget(server: "https://127.0.0.1:1", clusterUID: "u", serverVersion: "v1.33.0"),
            inventory: PlanInventory(namespace: "default", name: "plumb-inventory-production", resourceVersion: "", commit: ""),
            isRollback: false,
            changes: [
                Change(
                    apiVersion: "apps/v1", reference: ObjectReference(group: "apps", kind: "Deployment", namespace: "shop", name: "web"),
                    action: .create, causes: [.new], precondition: .absent, desired: ["spec": ["replicas": 1]])
            ], warnings: [], settings: PlanSettings(inventoryCount: 1))
    }
}
