import Foundation
import Manifests
import Planning
import Testing

/// Who can approve, and each way to pass something else off as an approval, through the built binary.
@Suite struct ApprovalForgeryTests {
    private static let needsOne = "{required: 1, allowedSigners: .plumb/allowed_signers}"

    /// Makes a key `k` with a line in the file `signers` for it, before `plumb approve` signs with it.
    struct Signer: CustomTestStringConvertible, Sendable {
        var name: String
        var script: String
        var testDescription: String { name }
    }

    static let signers =
        [
            ("ed25519", "-t ed25519"), ("ECDSA", "-t ecdsa -b 256"), ("ECDSA of 384 bits", "-t ecdsa -b 384"),
            ("ECDSA of 521 bits", "-t ecdsa -b 521"), ("RSA", "-t rsa -b 2048"),
        ].map { name, type in
            Signer(name: name, script: "ssh-keygen -q \(type) -N '' -C '' -f k; echo \"dora@example.com $(cat k.pub)\" > signers")
        } + [
            // An agent is not needed: beside a certificate the private key is used.
            Signer(
                name: "certificate",
                script: """
                    ssh-keygen -q -t ed25519 -N '' -C '' -f ca; ssh-keygen -q -t ed25519 -N '' -C '' -f k
                    ssh-keygen -q -s ca -I dora -n dora@example.com -V -1d:+1d k.pub
                    echo "dora@example.com cert-authority $(cat ca.pub)" > signers
                    """)
        ]

    @Test(arguments: signers) func whoHasAKeyApproves(signer: Signer) async throws {
        let place = try await ApprovalPlace(approvals: Self.needsOne)
        try await place.shell(signer.script)
        let key = signer.name == "certificate" ? "k-cert.pub" : "k"
        let approve = try await place.plumb("approve", "p.plan", "--key", key)
        #expect(approve.code == 0, "\(approve)")
        #expect(try await place.verifies("p.plan.sig", principal: "dora@example.com"))
        let apply = try await place.apply("--allowed-signers", "signers")
        #expect(apply.code == 1, "past the approvals, to a server that is not there: \(apply)")
        #expect(apply.errors.contains("Approved by dora@example.com SHA256:"), "\(apply)")
        // The same file of signers does not let in who is not in it.
        try await place.shell("rm p.plan.sig")
        try await place.approve("mallory")
        #expect(try await place.apply("--allowed-signers", "signers").code == 4)
    }

    /// A way to make `p.plan.sig`, with what the refusal says.
    struct Forgery: CustomTestStringConvertible, Sendable {
        var name: String
        var script: String
        var reason: String
        var testDescription: String { name }
    }

    private static func certificate(signedBy authority: String, principals: String, validity: String = "-1d:+1d") -> String {
        """
        for key in ca other-ca k; do ssh-keygen -q -t ed25519 -N '' -C '' -f $key; done
        ssh-keygen -q -s \(authority) -I dora -n \(principals) -V \(validity) k.pub
        echo "dora@example.com cert-authority $(cat ca.pub)" > signers
        ssh-keygen -q -Y sign -n plumb-plan -f k-cert.pub < p.plan > p.plan.sig
        """
    }

    private static func signer(_ options: String) -> String {
        """
        ssh-keygen -q -t ed25519 -N '' -C '' -f k; echo "dora@example.com \(options) $(cat k.pub)" > signers
        ssh-keygen -q -Y sign -n plumb-plan -f k < p.plan > p.plan.sig
        """
    }

    static let forgeries = [
        Forgery(
            name: "another namespace", script: "ssh-keygen -q -Y sign -n git -f alice < p.plan > p.plan.sig", reason: "signature for 'git'"),
        Forgery(name: "expired signer", script: signer("valid-before=\\\"20200101\\\""), reason: "expired"),
        Forgery(name: "signer not yet valid", script: signer("valid-after=\\\"29990101\\\""), reason: "not yet valid"),
        Forgery(
            name: "signer for another namespace alone", script: signer("namespaces=\\\"git\\\""), reason: "does not count"),
        Forgery(
            name: "signature of another plan",
            script: "sed 's/\"r\"/\"r2\"/' p.plan > q.plan; ssh-keygen -q -Y sign -n plumb-plan -f alice < q.plan > p.plan.sig",
            reason: "something else than this plan"),
        Forgery(
            name: "unknown key", script: "ssh-keygen -q -Y sign -n plumb-plan -f mallory < p.plan > p.plan.sig", reason: "is not in signers"
        ),
        Forgery(
            name: "certificate of an unknown authority", script: certificate(signedBy: "other-ca", principals: "dora@example.com"),
            reason: "neither its key nor the authority of its certificate"),
        Forgery(
            name: "certificate for another principal", script: certificate(signedBy: "ca", principals: "mallory@example.com"),
            reason: "does not count"),
        Forgery(
            name: "expired certificate", script: certificate(signedBy: "ca", principals: "dora@example.com", validity: "20200101:20200102"),
            reason: "expired"),
        Forgery(
            name: "altered signature",
            script: "ssh-keygen -q -Y sign -n plumb-plan -f alice < p.plan | awk 'NR == 5 {sub(/^../, \"AB\")} {print}' > p.plan.sig",
            reason: ""),
        Forgery(name: "no signature", script: "echo hello > p.plan.sig", reason: "something else than an SSH signature"),
        Forgery(
            name: "a signature cut short", script: "ssh-keygen -q -Y sign -n plumb-plan -f alice < p.plan | head -3 > p.plan.sig",
            reason: "cut short"),
        Forgery(name: "an empty file", script: ": > p.plan.sig", reason: "has none"),
    ]

    @Test(arguments: forgeries) func aForgeryIsRefused(forgery: Forgery) async throws {
        let place = try await ApprovalPlace(approvals: Self.needsOne)
        try await place.shell(forgery.script)
        let apply = try await place.apply("--allowed-signers", "signers")
        #expect(apply.code == 4, "\(apply)")
        #expect(forgery.reason.isEmpty || apply.errors.contains(forgery.reason), "\(apply)")
        // It is the signature that is refused, and not something else: a good one gets past.
        try await place.shell("rm p.plan.sig; echo \"bob@example.com $(cat bob.pub)\" >> signers")
        try await place.approve("bob")
        #expect(try await place.apply("--allowed-signers", "signers").code == 1)
    }

    @Test func anAlteredPlanIsRefusedWhateverItsDigestSays() async throws {
        let place = try await ApprovalPlace(approvals: Self.needsOne)
        try await place.approve("alice")
        let text = try place.read("p.plan")
        try place.write(text.replacingOccurrences(of: "\"replicas\": 1", with: "\"replicas\": 100"), as: "p.plan")
        let altered = try await place.apply()
        #expect(altered.code == 4 && altered.errors.contains("was altered after it was made"), "\(altered)")
        // Written anew, with a digest that fits.
        var plan = place.plan
        plan.changes[0].desired?["spec"] = ["replicas": 100]
        try place.write(plan)
        let renewed = try await place.apply()
        #expect(renewed.code == 4 && renewed.errors.contains("something else than this plan"), "\(renewed)")
    }

    @Test func onePersonWithTwoKeysCountsOnce() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 2, allowedSigners: .plumb/allowed_signers}")
        try await place.approve("alice")
        try await place.approve("alice2")
        let once = try await place.apply()
        #expect(once.code == 4 && once.errors.contains("counts once"), "\(once)")
        try await place.approve("bob")
        #expect(try await place.apply().code == 1)
    }

    @Test func theCommittersOwnApprovalIsExcluded() async throws {
        let place = try await ApprovalPlace(approvals: "{required: 1, excludeCommitter: true, allowedSigners: .plumb/allowed_signers}")
        // With whichever of their keys.
        for key in ["alice", "alice2"] { try await place.approve(key) }
        let own = try await place.apply()
        #expect(own.code == 4 && own.errors.contains("made the commit"), "\(own)")
        try await place.approve("bob")
        #expect(try await place.apply().code == 1)
    }
}
