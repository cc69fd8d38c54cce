internal import Git
internal import Manifests
internal import Planning
internal import Settings

extension PolicyGate {
    /// What speaks against a commit: that it is on none of the branches asked for, or not signed by those who may.
    /// - Parameter ref: The revision that led to it: where tags have to be signed, it is one.
    /// - Throws: `PolicyRefusal` for a commit that may not be applied.
    func check(_ commit: GitCommit, ref: String, in repository: GitRepository) async throws {
        var faults: [Diagnostic] = []
        for source in sources {
            if let fault = try await branchFault(commit, source, repository) { faults.append(fault) }
            guard let policy = source.limits.signatures else { continue }
            faults += try await signatureFaults(commit, ref: ref, policy, source, repository)
        }
        if !faults.isEmpty { throw PolicyRefusal(faults) }
    }

    // MARK: Branches

    private func branchFault(_ commit: GitCommit, _ source: Source, _ repository: GitRepository) async throws -> Diagnostic? {
        guard !source.limits.branches.isEmpty else { return nil }
        let patterns = NamePatterns(source.limits.branches)
        var names: [String] = []
        for (name, reference) in try branches(repository) where patterns.matches(name) {
            names.append(name)
            guard let tip = try? await repository.resolve(reference) else { continue }
            if try repository.isAncestor(commit.id, of: tip.id) { return nil }
        }
        let wanted = source.limits.branches.joined(separator: ", ")
        return Diagnostic(
            "the commit \(commit.shortID) is on none of the branches that \(source.name) allows for \(environment): \(wanted)",
            advice: names.isEmpty ? "there is no such branch; fetch it (in CI: with the whole history)" : nil)
    }

    /// Branches by their names, without the remote's. In a clone those of the remote count: anybody can name a local one.
    private func branches(_ repository: GitRepository) throws -> [(name: String, reference: String)] {
        let names = try repository.branchesAndTags()
        let remote = names.filter { $0.hasPrefix("origin/") && $0 != "origin/HEAD" }
        if !repository.location.isRemote, !remote.isEmpty {
            return remote.map { (String($0.dropFirst(7)), "refs/remotes/\($0)") }
        }
        return names.map { ($0, "refs/heads/\($0)") }
    }

    // MARK: Signatures

    private func signatureFaults(
        _ commit: GitCommit, ref: String, _ policy: SignaturePolicy, _ source: Source, _ repository: GitRepository
    ) async throws -> [Diagnostic] {
        let verifier = CommitSignatureVerifier(
            variables: variables, allowedSigners: try named(policy.allowedSigners, source), gpgKeys: try named(policy.gpgKeys, source))
        var faults: [Diagnostic] = []
        if policy.mode != "tag" {
            let signed = try repository.signature(of: commit)
            faults += try await fault("the commit \(commit.shortID)", signed, verifier, at: commit.committedAt)
        }
        if policy.mode != "commit" {
            let name = ref.hasPrefix("refs/tags/") ? String(ref.dropFirst(10)) : ref
            let tagged = try? await repository.resolve("refs/tags/\(name)")
            guard tagged?.id == commit.id else {
                let wanted = "\(source.name) lets only signed tags be applied to \(environment)"
                return faults + [
                    Diagnostic("'\(ref)' is no tag of the commit \(commit.shortID), and \(wanted)", advice: "name one with --ref")
                ]
            }
            faults += try await fault("the tag \(name)", try? repository.signature(ofTag: name), verifier, at: commit.committedAt)
        }
        return faults
    }

    private func fault(
        _ what: String, _ signed: (signature: String, signedPayload: [UInt8])?, _ verifier: CommitSignatureVerifier, at time: Timestamp
    ) async throws -> [Diagnostic] {
        guard let signed else {
            return [
                Diagnostic("\(what) is not signed, and \(environment) takes only what is", advice: "sign it: git commit -S, git tag -s")
            ]
        }
        switch try await verifier.verify(signed.signature, over: signed.signedPayload, at: time) {
        case .good: return []
        case .refused(let reason): return [Diagnostic("\(what) may not be applied to \(environment): \(reason)")]
        }
    }

    private func named(_ path: String?, _ source: Source) throws -> NamedBytes? {
        guard let path else { return nil }
        guard let found = try source.file(path) else {
            throw PolicyRefusal([
                Diagnostic("there is no such file of signers, which \(source.name) names", at: SourcePosition(file: path))
            ])
        }
        return found
    }
}
