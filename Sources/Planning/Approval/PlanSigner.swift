package import Manifests

/// Signs plans.
package struct PlanSigner: Sendable {
    private let keygen: SSHKeygen
    private let isInteractive: Bool

    /// - Parameter isInteractive: Whether a person at the terminal can be asked for a passphrase or to touch a key.
    package init(keygen: SSHKeygen, isInteractive: Bool) {
        self.keygen = keygen
        self.isInteractive = isInteractive
    }

    /// Signs the exact bytes of a plan file.
    /// - Parameter key: The path of a private key; of a public key whose private half an agent holds; or of a certificate
    ///   (`…-cert.pub`), with the private key beside it or in the agent.
    /// - Throws: `Diagnostic` with what `ssh-keygen` said.
    package func sign(_ plan: [UInt8], key: String) async throws(Diagnostic) -> SSHSignature {
        let folder = try keygen.makeFolder()
        let input = try folder.write(plan, as: "plan")
        let outcome = try await keygen.run(
            ["-Y", "sign", "-q", "-n", SignatureFile.namespace, "-f", key], input: input, isInteractive: isInteractive)
        guard outcome.isSuccess else { throw failure(outcome, key: key) }
        guard let signature = try SignatureFile.parse(outcome.output, file: key).first, signature.namespace == SignatureFile.namespace,
            try await SignatureCheck(keygen: keygen, folder: folder, plan: input).isOver(plan: signature)
        else { throw Diagnostic("'\(keygen.program)' made no signature that holds, with the key \(key)") }
        return signature
    }

    /// Those of some signatures that were made over a plan, in their order.
    package func signatures(_ signatures: [SSHSignature], over plan: [UInt8]) async throws(Diagnostic) -> [SSHSignature] {
        guard !signatures.isEmpty else { return [] }
        let folder = try keygen.makeFolder()
        let check = SignatureCheck(keygen: keygen, folder: folder, plan: try folder.write(plan, as: "plan"))
        var found: [SSHSignature] = []
        for signature in signatures where signature.namespace == SignatureFile.namespace {
            if try await check.isOver(plan: signature) { found.append(signature) }
        }
        return found
    }

    private func failure(_ outcome: HelperProgram.Outcome, key: String) -> Diagnostic {
        if isInteractive { return Diagnostic("ssh-keygen did not sign with the key \(key)") }
        return Diagnostic(
            "ssh-keygen did not sign with the key \(key): \(outcome.reason)",
            advice: "a key with a passphrase is added to an agent first (ssh-add) and named by its .pub file; "
                + "without an agent it can be used at a terminal alone")
    }
}

/// Whether a signature was made over a plan, by whomever.
struct SignatureCheck {
    let keygen: SSHKeygen
    let folder: PrivateFolder
    /// The plan's bytes, in a file of ours.
    let plan: String

    func isOver(plan signature: SSHSignature) async throws(Diagnostic) -> Bool {
        let file = try folder.write(signature.armored, as: "signature")
        return try await keygen.run(["-Y", "check-novalidate", "-n", signature.namespace, "-s", file], input: plan).isSuccess
    }
}
