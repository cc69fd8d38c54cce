import Foundation
import Manifests
import Planning
import Testing

/// `plumb approve` and what `plumb apply` refuses, through the built binary. Nothing listens where the plans lead: whatever
/// gets past the approvals fails with exit code 1.
@Suite struct ApprovalTests {
    @Test func anApprovedPlanGetsPastTheCheckAndIsRecorded() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        let approve = try await place.plumb("approve", "p.plan", "--key", "alice")
        #expect(approve.code == 0, "\(approve)")
        #expect(approve.output.contains("Deployment/shop/web"))
        #expect(try await place.verifies("p.plan.sig", principal: "alice@example.com"))
        let apply = try await place.apply()
        #expect(apply.code == 1, "\(apply)")
        #expect(apply.errors.contains("Approved by alice@example.com SHA256:"))
        #expect(try place.read("plumb-audit.jsonl").contains("\"approvals\":[\"alice@example.com SHA256:"))
    }

    @Test func withoutASignatureNothingIsApplied() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        let apply = try await place.apply()
        #expect(apply.code == 4, "\(apply)")
        #expect(apply.errors.contains("needs 1 approval, and has none"))
        #expect(apply.errors.contains("plumb approve p.plan --key KEY"))
        let log = try place.read("plumb-audit.jsonl")
        #expect(log.contains("\"exitCode\":4"))
    }

    @Test func twoPeopleAreNeeded() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        try await place.approve("alice")
        #expect(try await place.apply("--approvals", "2").code == 4)
        try await place.approve("alice")
        try await place.approve("alice2")
        let once = try await place.apply("--approvals", "2")
        #expect(once.code == 4)
        #expect(once.errors.contains("counts once"), "\(once)")
        try await place.approve("bob")
        #expect(try await place.apply("--approvals", "2").code == 1)
    }

    @Test func signaturesMadeApartAreJoinedByCat() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 2, allowedSigners: .plumb/allowed_signers}")
        try await place.shell(
            "ssh-keygen -q -Y sign -n plumb-plan -f alice < p.plan > a.sig; ssh-keygen -q -Y sign -n plumb-plan -f bob < p.plan > b.sig")
        try await place.shell("cat a.sig b.sig > p.plan.sig")
        #expect(try await place.apply().code == 1)
    }

    @Test func anAlteredPlanCannotAskForLess() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        try await place.approve("alice")
        // Altered bytes under the old digest.
        let text = try place.read("p.plan")
        try place.write(text.replacingOccurrences(of: "\"replicas\": 1", with: "\"replicas\": 100"), as: "p.plan")
        #expect(try await place.apply().code == 4)
        // A plan with a digest of its own, which says that it needs nothing.
        var plan = place.plan
        plan.settings.approvals = nil
        plan.changes[0].desired?["spec"] = ["replicas": 100]
        try place.write(plan)
        let stale = try await place.apply()
        #expect(stale.code == 4)
        #expect(stale.errors.contains("something else than this plan"), "\(stale)")
        #expect(try await place.apply("--approvals", "0").code == 4)
        // Another environment's name, or an older commit, does not help.
        plan.environment = "playground"
        try place.write(plan)
        #expect(try await place.apply().code == 4)
        plan.environment = "production"
        plan.source.commit = place.firstCommit
        try place.write(plan)
        #expect(try await place.apply("--allowed-signers", "signers").code == 4)
    }

    @Test func onlyWhatTheConfigurationNamesNeedsApproval() async throws {
        let place = try await ApprovalPlace(
            approvals: "{required: 1, requiredFor: [delete, replace], allowedSigners: .plumb/allowed_signers}")
        #expect(try await place.apply().code == 1)
        var plan = place.plan
        plan.changes[0].action = .delete
        try place.write(plan)
        #expect(try await place.apply("--max-deletes", "100%").code == 4)
        try await place.approve("bob")
        #expect(try await place.apply("--max-deletes", "100%").code == 1)
    }

    @Test func whoMadeTheCommitDoesNotCount() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, excludeCommitter: true, allowedSigners: .plumb/allowed_signers}")
        try await place.approve("alice")
        let own = try await place.apply()
        #expect(own.code == 4)
        #expect(own.errors.contains("made the commit"), "\(own)")
        try await place.approve("bob")
        #expect(try await place.apply().code == 1)
    }

    @Test func anotherFileOfAllowedSignersTakesThePlaceOfTheCommitted() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        try place.write("bob@example.com \(place.read("bob.pub"))", as: "only-bob")
        try await place.approve("alice")
        #expect(try await place.apply("--allowed-signers", "only-bob").code == 4)
        try await place.approve("bob")
        #expect(try await place.apply("--allowed-signers", "only-bob").code == 1)
        try await place.shell("ssh-keygen -q -k -f krl bob.pub")
        let revoked = try await place.apply("--allowed-signers", "only-bob", "--revoked-keys", "krl")
        #expect(revoked.code == 4)
        #expect(revoked.errors.contains("revoked by krl"), "\(revoked)")
    }

    @Test func forgeriesAreRefusedWithTheReason() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        for (script, reason) in [
            ("ssh-keygen -q -Y sign -n git -f alice < p.plan > p.plan.sig", "signature for 'git'"),
            ("echo other | ssh-keygen -q -Y sign -n plumb-plan -f alice > p.plan.sig", "something else than this plan"),
            ("ssh-keygen -q -Y sign -n plumb-plan -f mallory < p.plan > p.plan.sig", "not in .plumb/allowed_signers"),
            ("ssh-keygen -q -Y sign -n plumb-plan -f gone < p.plan > p.plan.sig", "expired"),
            ("echo hello > p.plan.sig", "something else than an SSH signature"),
            ("head -3 a.sig > p.plan.sig", "cut short"),
            (": > p.plan.sig", "has none"),
        ] {
            try await place.shell("ssh-keygen -q -Y sign -n plumb-plan -f alice < p.plan > a.sig; \(script)")
            let apply = try await place.apply()
            #expect(apply.code == 4, "\(script): \(apply)")
            #expect(apply.errors.contains(reason), "\(script): \(apply)")
        }
    }

    @Test func aPlanWithoutAskedApprovalsNeedsNone() async throws {
        let place = try await ApprovalPlace(approvals: nil)
        #expect(try await place.apply().code == 1)
        let asked = try await place.apply("--approvals", "1")
        #expect(asked.code == 4)
        #expect(asked.errors.contains("--allowed-signers"), "\(asked)")
    }

    @Test func aPlanWhoseCommitIsNotToBeHadIsNotApplied() async throws {
        let place = try await ApprovalPlace(approvals: nil)
        var plan = place.plan
        plan.source.commit = String(repeating: "0", count: 40)
        try place.write(plan)
        let apply = try await place.apply()
        #expect(apply.code == 1)
        #expect(apply.errors.contains("--approvals says how many are needed"), "\(apply)")
        #expect(!apply.errors.contains("127.0.0.1"), "\(apply)")
    }

    @Test func whatWasAlteredIsNotSigned() async throws {
        let place = try await ApprovalPlace(approvals: nil)
        try place.write(place.read("p.plan").replacingOccurrences(of: "shop", with: "shoq"), as: "p.plan")
        let approve = try await place.plumb("approve", "p.plan", "--key", "alice")
        #expect(approve.code == 4, "\(approve)")
        #expect(!FileManager.default.fileExists(atPath: place.path("p.plan.sig")))
    }

    @Test func aNewPlanTakesTheOldSignaturesOut() async throws {
        let place = try await ApprovalPlace(approvals: nil)
        try await place.approve("alice")
        var plan = place.plan
        plan.runID = "another"
        try place.write(plan)
        let approve = try await place.plumb("approve", "p.plan", "--key", "bob")
        #expect(approve.errors.contains("taken out"), "\(approve)")
        #expect(try place.read("p.plan.sig").components(separatedBy: "BEGIN SSH SIGNATURE").count == 2)
    }

    @Test func aKeyInAnAgentSigns() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        let plumb = try Binaries.plumb()
        try await place.shell("ssh-agent sh -e -c 'ssh-add -q alice && rm alice && \(plumb) approve p.plan --key alice.pub'")
        #expect(try await place.apply().code == 1)
    }

    @Test func withoutSSHKeygenTheErrorIsClear() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, allowedSigners: .plumb/allowed_signers}")
        try await place.approve("alice")
        for arguments in [["apply", "p.plan", "--kubeconfig", "kubeconfig"], ["approve", "p.plan", "--key", "alice"]] {
            let result = try await place.plumb(arguments, path: "/nonexistent")
            #expect(result.code == 1, "\(result)")
            #expect(result.errors.contains("need the program 'ssh-keygen'"), "\(result)")
        }
    }
}

/// A repository with an environment, keys and a plan for a server that is not there.
private final class ApprovalPlace {
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
