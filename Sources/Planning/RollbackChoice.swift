package import Manifests

/// Which commit to go back to, out of the applies so far.
package struct RollbackChoice: Sendable {
    /// Commits that were applied and healthy, as one would go back through them, the newest last: going back to one takes
    /// those behind it off.
    package let healthy: [String]
    /// Whether what is in the target now came out of an apply that did not end well.
    package let isBroken: Bool

    /// - Parameter applies: in the order in which they were made.
    package init(_ applies: [ApplyRecord]) {
        var healthy: [String] = []
        for apply in applies where apply.result == "succeeded" {
            if let index = healthy.lastIndex(of: apply.commit) {
                healthy.removeSubrange((index + 1)...)
            } else {
                healthy.append(apply.commit)
            }
        }
        self.healthy = healthy
        isBroken = applies.last.map { $0.result != "succeeded" } ?? false
    }

    /// The commit some steps back. Over an apply that failed half way the first step is to what was healthy before it.
    /// - Throws: `Diagnostic` when there are not that many.
    package func commit(steps: Int, environment: String) throws(Diagnostic) -> String {
        let index = healthy.count - steps - (isBroken ? 0 : 1)
        guard healthy.indices.contains(index) else {
            let known = max(0, healthy.count - (isBroken ? 0 : 1))
            throw Diagnostic(
                known == 0
                    ? "\(environment) has no earlier commit that was applied and healthy"
                    : "\(environment) can go back \(known == 1 ? "1 step" : "\(known) steps"), and not \(steps)",
                advice: "name a commit with --to; 'plumb history \(environment)' lists the applies")
        }
        return healthy[index]
    }
}
