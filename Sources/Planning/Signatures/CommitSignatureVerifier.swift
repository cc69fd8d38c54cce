package import Manifests

/// Verifies the signatures that git makes under commits and tags, by SSH or OpenPGP keys, as `git verify-commit` does: over
/// the raw bytes that were signed, with nobody's keys but those given.
package struct CommitSignatureVerifier: Sendable {
    private let variables: [String: String]
    /// In the form of ssh-keygen's ALLOWED SIGNERS.
    private let allowedSigners: NamedBytes?
    /// Public keys as `gpg --export` writes them.
    private let gpgKeys: NamedBytes?

    /// What git signs for (its `gpg-interface.c`).
    private static let namespace = "git"
    private static let namesMax = 32

    package init(variables: [String: String], allowedSigners: NamedBytes?, gpgKeys: NamedBytes?) {
        self.variables = variables
        self.allowedSigners = allowedSigners
        self.gpgKeys = gpgKeys
    }

    package enum Verdict: Hashable, Sendable {
        /// By whom.
        case good(String)
        /// Why it does not count.
        case refused(String)
    }

    /// - Parameters:
    ///   - payload: the bytes that the signature is over.
    ///   - time: when it was made, as the commit says: a key that has expired since is good for what it signed before.
    /// - Throws: `Diagnostic` when it cannot be verified at all.
    package func verify(_ signature: String, over payload: [UInt8], at time: Timestamp) async throws(Diagnostic) -> Verdict {
        if signature.contains(SSHSignature.begin) {
            guard let allowedSigners else { return .refused("it is signed by an SSH key, and no file of allowed signers is named") }
            return try await ssh(signature, payload, time, allowedSigners)
        }
        guard signature.contains("-----BEGIN PGP ") else { return .refused("its signature is of a kind that is not known") }
        guard let gpgKeys else { return .refused("it is signed by an OpenPGP key, and no file of OpenPGP keys is named") }
        return try await OpenPGPCheck(variables: variables, keys: gpgKeys).verdict(signature, payload)
    }

    private func ssh(_ signature: String, _ payload: [UInt8], _ time: Timestamp, _ signers: NamedBytes) async throws(Diagnostic) -> Verdict
    {
        let keygen = try SSHKeygen(variables: variables)
        let parsed: SSHSignature
        do throws(Diagnostic) {
            guard let first = try SignatureFile.parse(Array(signature.utf8), file: "signature").first else {
                return .refused("it is not signed")
            }
            parsed = first
        } catch { return .refused("its signature cannot be read: \(error.message)") }
        guard parsed.namespace == Self.namespace else {
            return .refused("its signature is for '\(SafeText.line(parsed.namespace))', and commits are signed for '\(Self.namespace)'")
        }
        let folder = try keygen.makeFolder()
        let file = try folder.write(parsed.armored, as: "signature")
        let allowed = try folder.write(signers.bytes, as: "allowed_signers")
        let signed = try folder.write(payload, as: "payload")
        let moment = "-Overify-time=\(Self.compact(time))"
        let found = try await keygen.run(["-Y", "find-principals", moment, "-s", file, "-f", allowed], input: signed)
        var names = found.isSuccess ? String(decoding: found.output, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init) : []
        names += AllowedSigners(signers.bytes).names(of: parsed.key)
        var tried: Set<String> = []
        for name in names.prefix(Self.namesMax) where !name.isEmpty && !name.hasPrefix("!") && tried.insert(name).inserted {
            let check = ["-Y", "verify", moment, "-f", allowed, "-I", name, "-n", Self.namespace, "-s", file]
            if try await keygen.run(check, input: signed).isSuccess {
                return .good("\(SafeText.line(name)) with \(parsed.key.fingerprint)")
            }
        }
        let isKnown = AllowedSigners(signers.bytes).knows(parsed.key)
        return .refused(
            isKnown
                ? "the signature by \(parsed.key.fingerprint), which is in \(signers.name), is not valid"
                : "it is signed by \(parsed.key.fingerprint), which is not in \(signers.name)")
    }

    /// `YYYYMMDDHHMMSSZ`, the form of ssh-keygen's times.
    private static func compact(_ time: Timestamp) -> String { time.rfc3339.filter { $0 != "-" && $0 != ":" && $0 != "T" } }
}
