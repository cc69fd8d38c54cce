import Foundation
import Manifests

@testable import Planning

/// A folder with keys that `ssh-keygen` makes; it goes with the test.
final class ApprovalFolder: Sendable {
    let path: String
    let keygen: SSHKeygen

    init() throws {
        path = NSTemporaryDirectory() + "plumb-approval-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        keygen = try SSHKeygen(variables: ProcessInfo.processInfo.environment.filter { $0.key != "SSH_AUTH_SOCK" })
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ text: String, as name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    func read(_ name: String) throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self) }

    /// Runs `ssh-keygen`, which must succeed.
    @discardableResult
    func run(_ arguments: [String], input: String = "/dev/null") async throws -> HelperProgram.Outcome {
        let outcome = try await keygen.run(arguments, input: input)
        guard outcome.isSuccess else { throw Diagnostic("ssh-keygen \(arguments.joined(separator: " ")): \(outcome.errors)") }
        return outcome
    }

    /// Makes a key pair and gives back the public key's line without its comment.
    @discardableResult
    func makeKey(_ name: String, type: String = "ed25519", passphrase: String = "") async throws -> String {
        let bits = ["rsa": ["-b", "2048"], "ecdsa": ["-b", "256"], "ecdsa384": ["-b", "384"], "ecdsa521": ["-b", "521"]][type] ?? []
        let kind = type.hasPrefix("ecdsa") ? "ecdsa" : type
        try await run(["-q", "-t", kind, "-N", passphrase, "-C", "", "-f", path(name)] + bits)
        return try publicKey(name)
    }

    func publicKey(_ name: String) throws -> String {
        try read("\(name).pub").split(separator: " ").prefix(2).joined(separator: " ").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Certifies a key; the certificate is `<key>-cert.pub`.
    func certify(_ key: String, by authority: String, principals: String, validity: String = "-1h:+1h") async throws {
        try await run(["-q", "-s", path(authority), "-I", "id of \(key)", "-n", principals, "-V", validity, path("\(key).pub")])
    }

    func sign(_ plan: [UInt8] = approvedPlan, key: String) async throws -> SSHSignature {
        try await PlanSigner(keygen: keygen, isInteractive: false).sign(plan, key: path(key))
    }

    /// What `ssh-keygen -Y sign` makes by itself.
    func signByHand(_ plan: [UInt8] = approvedPlan, key: String, namespace: String) async throws -> SSHSignature {
        let input = try write(String(decoding: plan, as: UTF8.self), as: "by-hand")
        let output = try await run(["-Y", "sign", "-n", namespace, "-f", path(key)], input: input).output
        guard let signature = try SignatureFile.parse(output, file: "by-hand.sig").first else { throw Diagnostic("no signature") }
        return signature
    }

    func verifier(_ allowedSigners: String, revoked: NamedBytes? = nil) -> ApprovalVerifier {
        ApprovalVerifier(
            keygen: keygen, allowedSigners: NamedBytes(name: "allowed_signers", bytes: Array(allowedSigners.utf8)), revokedKeys: revoked)
    }

    func review(
        _ signatures: [SSHSignature], required: Int = 1, allowedSigners: String, plan: [UInt8] = approvedPlan,
        excluded: CommitMakers = CommitMakers(), revoked: NamedBytes? = nil
    ) async throws -> ApprovalReview {
        let verdicts = try await verifier(allowedSigners, revoked: revoked).verify(plan, signatures: signatures)
        return ApprovalReview(required: required, signatures: signatures, verdicts: verdicts, excluded: excluded)
    }
}

let approvedPlan = Array("{\"a plan\": 1}\n".utf8)

extension SSHSignature {
    /// The signature with another byte in its binary form.
    func flipped(at offsetFromEnd: Int) -> SSHSignature? {
        var bytes = blob
        bytes[bytes.count - offsetFromEnd] ^= 1
        return SSHSignature(blob: bytes)
    }
}
