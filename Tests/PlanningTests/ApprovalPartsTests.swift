import Foundation
import Manifests
import Testing

@testable import Planning

func readBytes(_ folder: ApprovalFolder, _ name: String) async throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
}

@Suite struct SignatureFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../testdata/approval")

    private func fixture(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(name)))
    }

    @Test func blocksOneBelowTheOtherAreRead() throws {
        let bytes = try fixture("two-signers.sig")
        let signatures = try SignatureFile.parse(bytes, file: "p.sig")
        #expect(signatures.map(\.key.type) == ["ssh-ed25519", "ecdsa-sha2-nistp256"])
        #expect(signatures.allSatisfy { $0.namespace == "plumb-plan" })
        let fingerprints = String(decoding: try fixture("fingerprints"), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(signatures.map(\.key.fingerprint) == fingerprints)
        #expect(SignatureFile.bytes(signatures) == bytes)
    }

    @Test func theFixtureIsVerifiedBySSHKeygen() async throws {
        let folder = try ApprovalFolder()
        let signatures = try SignatureFile.parse(fixture("two-signers.sig"), file: "p.sig")
        let review = try await folder.review(
            signatures, required: 2, allowedSigners: String(decoding: try fixture("allowed_signers"), as: UTF8.self),
            plan: fixture("signed"))
        #expect(review.approvals.map(\.principal) == ["alice@example.com", "bob@example.com"])
        #expect(review.isEnough)
    }

    @Test func blankLinesAndCarriageReturnsAreNoMatter() throws {
        let text = String(decoding: try fixture("two-signers.sig"), as: UTF8.self)
        let windows = "\r\n\n" + text.replacingOccurrences(of: "\n", with: " \r\n") + "\n\n"
        #expect(SignatureFile.bytes(try SignatureFile.parse(Array(windows.utf8), file: "p.sig")) == Array(text.utf8))
        #expect(try SignatureFile.parse([], file: "p.sig").isEmpty)
    }

    @Test(arguments: [
        ("hello\n", 1), ("\n-----BEGIN SSH SIGNATURE-----\nU1NI\n", 2), ("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", 1),
        ("-----BEGIN SSH SIGNATURE-----\n!!!!\n-----END SSH SIGNATURE-----\n", 1), ("-----END SSH SIGNATURE-----\n", 1),
        ("-----BEGIN PGP SIGNATURE-----\n", 1), ("-----BEGIN SSH SIGNATURE-----\n-----BEGIN SSH SIGNATURE-----\n", 1),
    ])
    func whatIsNoSignatureIsRefusedWithItsLine(text: String, line: Int) throws {
        let error = #expect(throws: Diagnostic.self) { try SignatureFile.parse(Array(text.utf8), file: "p.sig") }
        #expect(error?.position == SourcePosition(file: "p.sig", line: line))
    }

    @Test func everyTruncationAndEveryAlteredByteIsReadOrRefused() throws {
        let bytes = try fixture("two-signers.sig")
        for count in 0..<bytes.count { _ = try? SignatureFile.parse(Array(bytes[..<count]), file: "p") }
        let blob = try #require(SignatureFile.parse(bytes, file: "p").first).blob
        for count in 0..<blob.count { #expect(SSHSignature(blob: Array(blob[..<count])) == nil) }
        for index in blob.indices {
            for bit in 0..<8 {
                var altered = blob
                altered[index] ^= 1 << UInt8(bit)
                _ = SSHSignature(blob: altered)
            }
        }
        #expect(SSHSignature(blob: blob + [0]) == nil)
    }

    @Test func tooMuchIsRefused() throws {
        let one = try SignatureFile.parse(fixture("two-signers.sig"), file: "p")[0].armored
        let many = (0...SignatureFile.signaturesMax).flatMap { _ in one }
        #expect(throws: Diagnostic.self) { try SignatureFile.parse(many, file: "p") }
        #expect(throws: Diagnostic.self) { try SignatureFile.parse([UInt8](repeating: 0x0A, count: SignatureFile.bytesMax + 1), file: "p") }
    }
}

@Suite struct SSHPublicKeyTests {
    @Test func hardwareKeysAreRead() throws {
        func field(_ text: String) -> [UInt8] { WireReader.string(Array(text.utf8)) }
        let plain = field("sk-ssh-ed25519@openssh.com") + field("a key") + field("ssh:")
        #expect(SSHPublicKey(blob: plain)?.type == "sk-ssh-ed25519@openssh.com")
        #expect(SSHPublicKey(blob: field("sk-ecdsa-sha2-nistp256@openssh.com") + field("c") + field("q") + field("ssh:")) != nil)
        let certificate =
            field("sk-ssh-ed25519-cert-v01@openssh.com") + field("nonce") + field("a key") + field("ssh:")
            + [UInt8](repeating: 0, count: 12)
            + field("id") + WireReader.string(field("alice") + field("admins")) + [UInt8](repeating: 0, count: 16) + field("") + field("")
            + field("") + field("authority") + field("signature")
        let key = try #require(SSHPublicKey(blob: certificate))
        #expect(key.blob == plain)
        #expect(key.certificate?.principals == ["alice", "admins"])
        #expect(key.certificate?.keyID == "id")
        for count in 0..<certificate.count - field("signature").count { #expect(SSHPublicKey(blob: Array(certificate[..<count])) == nil) }
    }

    @Test func whatIsNoKeyIsNone() {
        for text in ["", "ssh-dss", "ssh-ed25519"] { #expect(SSHPublicKey(blob: WireReader.string(Array(text.utf8))) == nil) }
        #expect(SSHPublicKey(blob: [0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    }
}

@Suite struct AllowedSignersTests {
    @Test func linesAreTakenApart() async throws {
        let folder = try ApprovalFolder()
        let key = try await folder.makeKey("a")
        let text = """
            # a comment
              \talice@example.com,!eve@example.com,alice@b \(key) a comment with "quotes
            "bob@example.com" namespaces="plumb-plan,git",VALID-AFTER="20200101" \(key)
            *@example.com Cert-Authority,namespaces="a b" \(key)\r

            what is this
            carol@example.com namespaces="open \(key)
            """
        let signers = AllowedSigners(Array(text.utf8))
        #expect(signers.entries.map(\.principals) == [["alice@example.com", "alice@b"], ["bob@example.com"], ["*@example.com"]])
        #expect(signers.entries.map(\.isAuthority) == [false, false, true])
        #expect(signers.unreadableLines == [6, 7])
    }
}

@Suite struct ApproversTests {
    private func approval(_ principal: String, _ key: String, _ names: [String] = []) -> Approval {
        Approval(principal: principal, fingerprint: key, names: names.isEmpty ? [principal] : names)
    }

    @Test func peopleAreToldApart() {
        let alice = approval("alice@a", "1")
        let bob = approval("bob@a", "2")
        #expect(Approvers.distinct([alice, bob]).count == 2)
        #expect(Approvers.distinct([alice, approval("carol@a", "1")]).count == 1)
        #expect(Approvers.distinct([alice, approval("ALICE@A", "3")]).count == 1)
        #expect(Approvers.distinct([alice, approval("*", "4")]).count == 1)
        #expect(Approvers.distinct([approval("*@a", "5"), approval("*@b", "6")]).count == 1)
        #expect(Approvers.distinct([approval("*@b", "5"), alice]).count == 2)
    }

    @Test func whoStandsBetweenTwoMakesThemOne() {
        let both = approval("c@a", "3", ["c@a", "alice@a", "bob@a"])
        #expect(Approvers.distinct([approval("alice@a", "1"), approval("bob@a", "2"), both]).map(\.principal) == ["alice@a"])
        #expect(
            Approvers.distinct([approval("x@a", "9"), approval("alice@a", "1"), approval("y@a", "8"), approval("bob@a", "2"), both]).count
                == 3)
    }

    @Test(arguments: [
        ("*", "a", true), ("a*", "abc", true), ("a*c", "abbc", true), ("a?c", "abc", true), ("a?c", "ac", false), ("*@b", "a@bb", false),
        ("**a**", "bab", true), ("", "", true), ("", "a", false), ("*a*a*a*a*a*a*a*a*b", String(repeating: "a", count: 2000), false),
    ])
    func patternsMatchAsOpenSSHMatches(pattern: String, name: String, isMatch: Bool) {
        #expect(PrincipalPattern.matches(Array(pattern.utf8), Array(name.utf8)) == isMatch)
    }
}

@Suite struct PlanApprovalsTests {
    @Test func approvalsAreAskedForByAction() {
        var plan = PlanFileTests.plan
        let always = PlanApprovals(required: 2)
        let some = PlanApprovals(required: 2, requiredFor: [.delete, .replace])
        #expect(always.required(for: plan) == 2)
        #expect(some.required(for: plan) == 0)
        plan.changes[0].action = .delete
        #expect(some.required(for: plan) == 2)
        plan.changes = []
        #expect(always.required(for: plan) == 2)
        #expect(some.required(for: plan) == 0)
    }

    @Test func theyAreReadBack() async throws {
        var plan = PlanFileTests.plan
        plan.settings.approvals = PlanApprovals(
            required: 2, requiredFor: [.delete], excludesCommitter: true, allowedSigners: ".plumb/allowed_signers")
        #expect(try await PlanFile.read(plan.fileBytes, file: "p").plan.settings.approvals == plan.settings.approvals)
        #expect(try await PlanFile.read(PlanFileTests.plan.fileBytes, file: "p").plan.settings.approvals == nil)
    }

    @Test func anActionOfANewerVersionAsksAlways() {
        #expect(PlanApprovals(["required": 1, "requiredFor": ["delete", "rename"]])?.requiredFor == [])
        #expect(PlanApprovals(["required": -3])?.required == 0)
        #expect(PlanApprovals([:])?.required == 1)
    }
}

@Suite struct ApprovalSummaryTests {
    @Test func whatIsTakenAwayIsNamedAndNothingMovesTheCursor() async throws {
        var plan = PlanFileTests.plan
        let change = plan.changes[0]
        plan.changes = (0..<50).map { index in
            var change = change
            change.reference.name = "object-\(index)"
            change.action = index < 25 ? .delete : .create
            return change
        }
        plan.source.author = "Eve \u{1B}[2J\u{202E}<eve@example.com>"
        let text = try ApprovalSummary(isColored: false).text(await PlanFile.read(plan.fileBytes, file: "p"))
        #expect(text.contains("- apps/Deployment/shop/object-24"))
        #expect(text.contains("+ and 5 more"))
        #expect(text.contains("Plan: 25 to create, 0 to update, 0 to replace, 25 to delete, 0 unchanged."))
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
        #expect(text.contains(plan.digest))
    }
}
