import Manifests
import Testing

@testable import Planning

@Suite struct ApprovalVerifierTests {
    @Test(arguments: ["ed25519", "ecdsa", "ecdsa384", "ecdsa521", "rsa"])
    func everyTypeOfKeyApproves(type: String) async throws {
        let folder = try ApprovalFolder()
        let key = try await folder.makeKey("alice", type: type)
        let signature = try await folder.sign(key: "alice")
        let review = try await folder.review([signature], allowedSigners: "alice@example.com \(key)\n")
        #expect(review.isEnough)
        #expect(review.refused == [])
        let printed = String(decoding: try await folder.run(["-l", "-f", folder.path("alice.pub")]).output, as: UTF8.self)
        #expect(review.records == ["alice@example.com \(printed.split(separator: " ")[1])"])
    }

    @Test func aCertificateApproves() async throws {
        let folder = try ApprovalFolder()
        let authority = try await folder.makeKey("ca")
        for type in ["ed25519", "ecdsa", "rsa"] {
            try await folder.makeKey(type, type: type)
            try await folder.certify(type, by: "ca", principals: "\(type)@example.com")
            let signature = try await folder.sign(key: "\(type)-cert.pub")
            #expect(signature.key.certificate?.principals == ["\(type)@example.com"])
            let review = try await folder.review([signature], allowedSigners: "*@example.com cert-authority \(authority)\n")
            #expect(review.approvals.map(\.principal) == ["\(type)@example.com"])
            #expect(review.refused == [])
        }
    }

    @Test func certificatesThatDoNotHoldAreRefused() async throws {
        let folder = try ApprovalFolder()
        let authority = try await folder.makeKey("ca")
        try await folder.makeKey("other-ca")
        try await folder.makeKey("dora")
        let signers = "*@example.com cert-authority \(authority)\n"
        try await folder.certify("dora", by: "ca", principals: "dora@example.com", validity: "-2h:-1h")
        try await expectRefusal(folder, [try await folder.sign(key: "dora-cert.pub")], signers, saying: "expired")
        try await folder.certify("dora", by: "ca", principals: "dora@example.org")
        try await expectRefusal(folder, [try await folder.sign(key: "dora-cert.pub")], signers, saying: "does not")
        try await folder.certify("dora", by: "other-ca", principals: "dora@example.com")
        try await expectRefusal(folder, [try await folder.sign(key: "dora-cert.pub")], signers, saying: "nor the authority")
        // The key without its certificate is a key that nobody knows, and so is the authority's own.
        try await expectRefusal(folder, [try await folder.sign(key: "dora")], signers, saying: "not in allowed_signers")
        try await expectRefusal(folder, [try await folder.sign(key: "ca")], signers, saying: "not in allowed_signers")
    }

    @Test func aSignatureOfAnotherPlanIsRefused() async throws {
        let folder = try ApprovalFolder()
        let signers = "alice@example.com \(try await folder.makeKey("alice"))\n"
        let signature = try await folder.sign(Array("another plan\n".utf8), key: "alice")
        try await expectRefusal(folder, [signature], signers, saying: "something else than this plan")
    }

    @Test func anAlteredPlanIsRefused() async throws {
        let folder = try ApprovalFolder()
        let signers = "alice@example.com \(try await folder.makeKey("alice"))\n"
        let signature = try await folder.sign(key: "alice")
        for altered in [approvedPlan + [0x0A], Array(approvedPlan.dropLast()), [0x20] + approvedPlan, []] {
            let review = try await folder.review([signature], allowedSigners: signers, plan: altered)
            #expect(!review.isEnough)
            #expect(review.refused.first?.contains("something else than this plan") == true)
        }
    }

    @Test func anotherNamespaceIsRefused() async throws {
        let folder = try ApprovalFolder()
        let signers = "alice@example.com \(try await folder.makeKey("alice"))\n"
        for namespace in ["git", "file", "plumb-plan2", "PLUMB-PLAN"] {
            let signature = try await folder.signByHand(key: "alice", namespace: namespace)
            try await expectRefusal(folder, [signature], signers, saying: "signature for '\(namespace)'")
        }
    }

    @Test func theNamespacesOfASignerCount() async throws {
        let folder = try ApprovalFolder()
        let key = try await folder.makeKey("alice")
        let signature = try await folder.sign(key: "alice")
        try await expectRefusal(folder, [signature], "alice@example.com namespaces=\"git,file\" \(key)\n", saying: "not permitted")
        let review = try await folder.review([signature], allowedSigners: "alice@example.com namespaces=\"git,plumb-*\" \(key)\n")
        #expect(review.isEnough)
    }

    @Test func validityCountsNow() async throws {
        let folder = try ApprovalFolder()
        let key = try await folder.makeKey("alice")
        let signature = try await folder.sign(key: "alice")
        try await expectRefusal(folder, [signature], "alice@example.com valid-before=\"20200101\" \(key)\n", saying: "expired")
        try await expectRefusal(folder, [signature], "alice@example.com valid-after=\"20990101\" \(key)\n", saying: "not yet valid")
        let both = "alice@example.com valid-after=\"20200101\",valid-before=\"20990101\" \(key)\n"
        #expect(try await folder.review([signature], allowedSigners: both).isEnough)
        // A line that is over does not keep the next one from counting, even under another name.
        let renewed = "alice@example.com valid-before=\"20200101\" \(key)\nalice.b@example.com \(key)\n"
        #expect(try await folder.review([signature], allowedSigners: renewed).approvals.map(\.principal) == ["alice.b@example.com"])
    }

    @Test func anUnknownSignerIsRefused() async throws {
        let folder = try ApprovalFolder()
        try await folder.makeKey("alice")
        let bob = try await folder.makeKey("bob")
        let signature = try await folder.sign(key: "alice")
        try await expectRefusal(folder, [signature], "bob@example.com \(bob)\n", saying: "not in allowed_signers")
        try await expectRefusal(folder, [signature], "", saying: "not in allowed_signers")
        try await expectRefusal(folder, [signature], "# nobody\n\n", saying: "not in allowed_signers")
        try await expectRefusal(folder, [signature], "alice@example.com garbage\n", saying: "allowed_signers")
    }

    @Test func aRevokedKeyIsRefused() async throws {
        let folder = try ApprovalFolder()
        let alice = try await folder.makeKey("alice")
        let bob = try await folder.makeKey("bob")
        let signers = "alice@example.com \(alice)\nbob@example.com \(bob)\n"
        let signatures = [try await folder.sign(key: "alice"), try await folder.sign(key: "bob")]
        try await folder.run(["-q", "-k", "-f", folder.path("krl"), folder.path("alice.pub")])
        let list = [UInt8](try await readBytes(folder, "krl"))
        let review = try await folder.review(
            signatures, required: 2, allowedSigners: signers, revoked: NamedBytes(name: "revoked.krl", bytes: list))
        #expect(review.approvals.map(\.principal) == ["bob@example.com"])
        #expect(review.refused.first?.contains("revoked by revoked.krl") == true)
        // A plain list of keys will do, and one that cannot be read lets nobody pass.
        let plain = try await folder.review(
            signatures, allowedSigners: signers, revoked: NamedBytes(name: "list", bytes: Array("\(bob)\n".utf8)))
        #expect(plain.approvals.map(\.principal) == ["alice@example.com"])
        let broken = try await folder.review(
            signatures, allowedSigners: signers, revoked: NamedBytes(name: "list", bytes: Array("garbage\n".utf8)))
        #expect(broken.approvals.isEmpty)
    }

    @Test func aSignatureWithAnAlteredByteIsRefused() async throws {
        let folder = try ApprovalFolder()
        let signers = "alice@example.com \(try await folder.makeKey("alice"))\n"
        let signature = try await folder.sign(key: "alice")
        let flipped = try #require(signature.flipped(at: 1))
        try await expectRefusal(folder, [flipped], signers, saying: "something else than this plan")
    }

    @Test func theSamePersonCountsOnce() async throws {
        let folder = try ApprovalFolder()
        let first = try await folder.makeKey("first")
        let second = try await folder.makeKey("second", type: "ecdsa")
        let bob = try await folder.makeKey("bob")
        let one = try await folder.sign(key: "first")
        let two = try await folder.sign(key: "second")
        let other = try await folder.sign(key: "bob")
        let signers = "alice@example.com \(first)\nAlice@example.com \(second)\nbob@example.com \(bob)\n"
        for signatures in [[one, one], [one, two], [two, one, one]] {
            let review = try await folder.review(signatures, required: 2, allowedSigners: signers)
            #expect(review.approvals.count == 1)
            #expect(!review.isEnough)
            #expect(review.refused.contains { $0.contains("counts once") } || signatures[0] == signatures[1])
        }
        #expect(try await folder.review([one, two, other], required: 2, allowedSigners: signers).isEnough)
        // One key under two names is one person as well.
        let named = "alice@example.com \(first)\ncarol@example.com \(first)\n"
        #expect(try await folder.review([one, one], required: 2, allowedSigners: named).approvals.count == 1)
    }

    @Test func whoMadeTheCommitDoesNotCount() async throws {
        let folder = try ApprovalFolder()
        let alice = try await folder.makeKey("alice")
        let bob = try await folder.makeKey("bob")
        let signers = "alice@example.com,alice@home.example \(alice)\nbob@example.com \(bob)\n"
        let signatures = [try await folder.sign(key: "alice"), try await folder.sign(key: "bob")]
        for email in ["alice@example.com", "ALICE@example.com", "alice@home.example"] {
            let review = try await folder.review(signatures, allowedSigners: signers, excluded: CommitMakers(emails: [email]))
            #expect(review.approvals.map(\.principal) == ["bob@example.com"])
            #expect(review.refused.contains { $0.contains("made the commit") })
        }
        let signed = CommitMakers(emails: ["x@y"], fingerprints: [signatures[1].key.fingerprint])
        #expect(
            try await folder.review(signatures, allowedSigners: signers, excluded: signed).approvals.map(\.principal) == [
                "alice@example.com"
            ])
    }

    @Test func aLargePlanIsVerified() async throws {
        let folder = try ApprovalFolder()
        let signers = "alice@example.com \(try await folder.makeKey("alice"))\n"
        let plan = [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
        let signature = try await folder.sign(plan, key: "alice")
        #expect(try await folder.review([signature], allowedSigners: signers, plan: plan).isEnough)
    }

    private func expectRefusal(
        _ folder: ApprovalFolder, _ signatures: [SSHSignature], _ allowedSigners: String, saying text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let review = try await folder.review(signatures, allowedSigners: allowedSigners)
        #expect(!review.isEnough, sourceLocation: sourceLocation)
        #expect(review.refused.count == signatures.count, sourceLocation: sourceLocation)
        let refusal = review.refusal(file: "p.plan", signatureFile: "p.plan.sig", allowedSigners: "allowed_signers")
        let shown = refusal?.description ?? ""
        #expect(shown.contains(text), "\(shown)", sourceLocation: sourceLocation)
        #expect(shown.contains("plumb approve p.plan"), sourceLocation: sourceLocation)
        // Nothing of our temporary files is of use to anybody.
        #expect(!shown.contains("/plumb-"), "\(shown)", sourceLocation: sourceLocation)
    }
}
