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
