import Foundation
import Manifests
import Testing

@testable import Planning

@Suite struct PlanSignerTests {
    @Test func plainSSHKeygenTakesEachBlock() async throws {
        let folder = try ApprovalFolder()
        let alice = try await folder.makeKey("alice")
        let bob = try await folder.makeKey("bob", type: "rsa")
        let signers = try folder.write("alice@example.com \(alice)\nbob@example.com \(bob)\n", as: "allowed_signers")
        let plan = try folder.write(String(decoding: approvedPlan, as: UTF8.self), as: "p.plan")
        let file = SignatureFile.bytes([try await folder.sign(key: "alice"), try await folder.sign(key: "bob")])
        for (name, signature) in zip(["alice", "bob"], try SignatureFile.parse(file, file: "p.plan.sig")) {
            let block = try folder.write(String(decoding: signature.armored, as: UTF8.self), as: "block.sig")
            let outcome = try await folder.keygen.run(
                ["-Y", "verify", "-f", signers, "-I", "\(name)@example.com", "-n", "plumb-plan", "-s", block], input: plan)
            #expect(outcome.isSuccess, "\(outcome.errors)")
        }
    }

    @Test func theBytesAreThoseOfSSHKeygen() async throws {
        let folder = try ApprovalFolder()
        // An ed25519 signature is the same each time.
        try await folder.makeKey("alice")
        let byHand = try await folder.signByHand(key: "alice", namespace: "plumb-plan")
        #expect(try await folder.sign(key: "alice") == byHand)
        let output = try await folder.run(["-Y", "sign", "-n", "plumb-plan", "-f", folder.path("alice")], input: folder.path("by-hand"))
            .output
        #expect(byHand.armored == output)
    }

    @Test func aPassphraseWithoutATerminalIsAClearError() async throws {
        let folder = try ApprovalFolder()
        try await folder.makeKey("alice", passphrase: "correct horse")
        let error = await #expect(throws: Diagnostic.self) { try await folder.sign(key: "alice") }
        #expect(error?.message.contains("passphrase") == true)
        #expect(error?.advice?.contains("ssh-add") == true)
    }

    @Test func aPublicKeyAloneIsAClearError() async throws {
        let folder = try ApprovalFolder()
        try await folder.makeKey("alice")
        try FileManager.default.removeItem(atPath: folder.path("alice"))
        let error = await #expect(throws: Diagnostic.self) { try await folder.sign(key: "alice.pub") }
        #expect(error?.message.contains("alice.pub") == true)
    }

    @Test func signaturesOfAnotherPlanAreTakenOut() async throws {
        let folder = try ApprovalFolder()
        try await folder.makeKey("alice")
        let good = try await folder.sign(key: "alice")
        let stale = try await folder.sign(Array("old\n".utf8), key: "alice")
        let foreign = try await folder.signByHand(key: "alice", namespace: "git")
        let signer = PlanSigner(keygen: folder.keygen, isInteractive: false)
        #expect(try await signer.signatures([stale, good, foreign], over: approvedPlan) == [good])
    }

    @Test func aMissingProgramIsAClearError() {
        let error = #expect(throws: Diagnostic.self) { try SSHKeygen(variables: ["PATH": "/nonexistent:relative"]) }
        #expect(error?.message.contains("ssh-keygen") == true)
        #expect(error?.advice?.contains("openssh-client") == true)
    }

    @Test func temporaryFilesGoWithTheCheck() async throws {
        let folder = try ApprovalFolder()
        try await folder.makeKey("alice")
        let temporary = folder.path("tmp")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        var variables = ProcessInfo.processInfo.environment
        variables["TMPDIR"] = temporary + "/"
        _ = try await PlanSigner(keygen: try SSHKeygen(variables: variables), isInteractive: false).sign(
            approvedPlan, key: folder.path("alice"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    }
}
