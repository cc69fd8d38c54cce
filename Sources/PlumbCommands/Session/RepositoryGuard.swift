internal import Git
internal import Manifests
internal import Planning

/// Keeps two repositories with equally named environments from taking each other's objects for their own.
struct RepositoryGuard: Sendable {
    let source: SourceSession
    let takesOver: Bool

    struct Result: Sendable {
        /// What the inventory is to remember.
        var identity: RepositoryIdentity?
        var warning: Diagnostic?
    }

    /// - Throws: `Diagnostic` when the inventory belongs to another repository and is not to be taken over.
    func check(_ inventory: Inventory, place: String) throws -> Result {
        let commits = [inventory.commit, inventory.pending?.commit ?? ""].filter { !$0.isEmpty }
        let knowsCommit = commits.contains { (try? source.repository.commit($0)) != nil }
        // A commit that both have says it all; finding where a long history began takes time.
        if knowsCommit, let known = inventory.repository { return Result(identity: known) }
        let identity = RepositoryIdentity(
            remote: source.repository.remoteURL(), rootCommit: try? source.repository.rootCommit(of: source.commit.id))
        if let refusal = inventory.refusal(of: identity, knowsCommit: knowsCommit, place: place) {
            guard takesOver else { throw refusal }
            return Result(
                identity: identity,
                warning: Diagnostic(
                    "this takes the environment over from \(inventory.repository?.text ?? "another repository"): "
                        + "what that one applied and this one does not have is deleted"))
        }
        let isSame = knowsCommit || inventory.repository?.isSame(as: identity) == true
        let completed = isSame || inventory.repository == nil ? identity.completed(by: inventory.repository) : identity
        return Result(identity: completed.isEmpty ? inventory.repository : completed)
    }
}
