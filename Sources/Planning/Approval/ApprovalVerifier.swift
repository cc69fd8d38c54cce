package import Manifests

/// A file's bytes, read once, with the name by which people know it.
package struct NamedBytes: Sendable {
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// Whether a signature under a plan counts.
package enum SignatureVerdict: Sendable {
    case approved(Approval)
    /// Why not.
    case refused(String)
}

/// Verifies the signatures under a plan as `ssh-keygen` does: exact bytes, namespace, names, validity now, authorities, revocation.
package struct ApprovalVerifier: Sendable {
    private let keygen: SSHKeygen
    private let allowedSigners: NamedBytes
    private let revokedKeys: NamedBytes?
    private let known: AllowedSigners

    /// Names that are tried for one key.
    private static let namesMax = 32

    /// - Parameter revokedKeys: A key revocation list, or a list of public keys, as `ssh-keygen -r` takes it.
    package init(keygen: SSHKeygen, allowedSigners: NamedBytes, revokedKeys: NamedBytes? = nil) {
        self.keygen = keygen
        self.allowedSigners = allowedSigners
        self.revokedKeys = revokedKeys
        known = AllowedSigners(allowedSigners.bytes)
    }

    /// A verdict for each signature, in their order.
    /// - Parameter plan: The bytes that are going to be applied.
    package func verify(_ plan: [UInt8], signatures: [SSHSignature]) async throws(Diagnostic) -> [SignatureVerdict] {
        guard !signatures.isEmpty else { return [] }
        let folder = try keygen.makeFolder()
        let files = Files(
            folder: folder, plan: try folder.write(plan, as: "plan"),
            allowedSigners: try folder.write(allowedSigners.bytes, as: "allowed_signers"),
            revokedKeys: try revokedKeys.map { list throws(Diagnostic) in try folder.write(list.bytes, as: "revoked_keys") })
        var verdicts: [SignatureVerdict] = []
        for signature in signatures { verdicts.append(try await verdict(signature, files)) }
        return verdicts
    }

    private struct Files {
        let folder: PrivateFolder
        let plan: String
        let allowedSigners: String
        let revokedKeys: String?
    }

    private func verdict(_ signature: SSHSignature, _ files: Files) async throws(Diagnostic) -> SignatureVerdict {
        guard signature.namespace == SignatureFile.namespace else {
            return .refused(
                "it is a signature for '\(SafeText.line(signature.namespace))', and plans are signed for '\(SignatureFile.namespace)'")
        }
        guard try await SignatureCheck(keygen: keygen, folder: files.folder, plan: files.plan).isOver(plan: signature) else {
            return .refused("it signs something else than this plan, which was made anew or altered since")
        }
        let file = try files.folder.write(signature.armored, as: "signature")
        let found = try await keygen.run(["-Y", "find-principals", "-s", file, "-f", files.allowedSigners], input: files.plan)
        var errors = found.errors
        for name in names(of: signature.key, found: found) {
            var arguments = ["-Y", "verify", "-f", files.allowedSigners, "-I", name, "-n", SignatureFile.namespace, "-s", file]
            let valid = try await keygen.run(arguments, input: files.plan)
            guard valid.isSuccess else {
                errors += valid.errors
                continue
            }
            if let list = files.revokedKeys {
                arguments += ["-r", list]
                guard try await keygen.run(arguments, input: files.plan).isSuccess else {
                    return .refused("its key is revoked by \(revokedKeys?.name ?? list), or that is no list of revoked keys")
                }
            }
            return .approved(Approval(principal: name, fingerprint: signature.key.fingerprint, names: known.names(of: signature.key)))
        }
        return .refused(reason(signature.key, errors: errors, files))
    }

    /// The names to verify for: those that `ssh-keygen` finds in the first line that fits, and those of the other lines.
    private func names(of key: SSHPublicKey, found: HelperProgram.Outcome) -> [String] {
        var names: [String] = []
        let printed =
            found.isSuccess ? String(decoding: found.output, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init) : []
        for name in printed + known.names(of: key) where !name.hasPrefix("!") && !name.isEmpty && !names.contains(name) {
            names.append(name)
        }
        return Array(names.prefix(Self.namesMax))
    }

    private func reason(_ key: SSHPublicKey, errors: String, _ files: Files) -> String {
        let name = allowedSigners.name
        let lines = errors.split(whereSeparator: \.isNewline).map(String.init).filter { $0.hasPrefix(files.allowedSigners) }
        // ssh-keygen names the line and what is wrong with it: expired, not yet valid, another namespace, an authority's refusal.
        // That no name is left is only what follows from it.
        let telling = lines.last { !$0.contains("no valid principals") } ?? lines.last
        if let telling {
            let said = SafeText.line(name + telling.dropFirst(files.allowedSigners.count))
            return known.knows(key)
                ? "its key is in \(name), and does not count: \(said)" : "its key is not in \(name) as far as it can be read: \(said)"
        }
        if known.knows(key) { return "its key is in \(name), and ssh-keygen does not take it for any name there" }
        if let certificate = key.certificate {
            let authority = SSHPublicKey.fingerprint(certificate.authority)
            return "neither its key nor the authority of its certificate, \(authority), is in \(name)"
        }
        return "its key is not in \(name)"
    }
}
