internal import Manifests

/// Verifies a detached OpenPGP signature through `gpg`, in a home of its own that knows the given keys alone.
struct OpenPGPCheck: Sendable {
    let variables: [String: String]
    let keys: NamedBytes

    func verdict(_ signature: String, _ payload: [UInt8]) async throws(Diagnostic) -> CommitSignatureVerifier.Verdict {
        guard let gpg = HelperProgram(named: "gpg", variables: variables, timeLimit: .seconds(60)) else {
            throw Diagnostic(
                "signatures by OpenPGP keys need the program 'gpg', and it is in no folder of PATH",
                advice: "install GnuPG (the package is called gpg or gnupg)")
        }
        let folder = try gpg.makeFolder()
        let (keyFile, signatureFile) = (try folder.write(keys.bytes, as: "keys"), try folder.write(Array(signature.utf8), as: "signature"))
        let signed = try folder.write(payload, as: "payload")
        let common = ["--homedir", folder.path, "--batch", "--no-tty", "--no-autostart", "--no-auto-key-retrieve", "--status-fd", "1"]
        let imported = try await gpg.run(common + ["--import", keyFile], input: signed)
        guard Self.statuses(imported.output).contains(where: { $0.first == "IMPORT_OK" }) else {
            throw Diagnostic("there are no OpenPGP keys in \(keys.name)", advice: "write it with 'gpg --export --armor KEY'")
        }
        let verified = try await gpg.run(common + ["--trust-model", "always", "--verify", signatureFile, "-"], input: signed)
        return verdict(Self.statuses(verified.output))
    }

    /// By gpg's status lines (its `doc/DETAILS`): one good signature and nothing that speaks against it.
    private func verdict(_ statuses: [[String]]) -> CommitSignatureVerifier.Verdict {
        func fields(_ name: String) -> [String]? { statuses.first { $0.first == name } }
        for (name, reason) in [
            ("BADSIG", "its signature is over something else"), ("EXPSIG", "its signature has expired"),
            ("EXPKEYSIG", "the key that signed it has expired"), ("REVKEYSIG", "the key that signed it is revoked"),
        ] where fields(name) != nil {
            return .refused("\(reason): \(who(fields(name)))")
        }
        if let missing = fields("NO_PUBKEY") {
            return .refused("it is signed by the OpenPGP key \(SafeText.line(missing.last ?? "")), which is not in \(keys.name)")
        }
        guard statuses.filter({ $0.first == "GOODSIG" }).count == 1, let valid = fields("VALIDSIG"), valid.count > 1,
            fields("ERRSIG") == nil
        else {
            return .refused("its signature cannot be verified")
        }
        return .good("\(who(fields("GOODSIG"))) with \(SafeText.line(valid[1]))")
    }

    /// The name behind the key's id.
    private func who(_ fields: [String]?) -> String { SafeText.line((fields ?? []).dropFirst(2).joined(separator: " ")) }

    private static func statuses(_ output: [UInt8]) -> [[String]] {
        String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            line.hasPrefix("[GNUPG:] ") ? line.dropFirst(9).split(separator: " ").map(String.init) : nil
        }
    }
}
