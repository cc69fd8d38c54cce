package import Manifests

/// Whether windows let an environment be applied now, by Argo CD's rules.
package struct SyncWindows: Sendable {
    /// What a window is matched with.
    package struct Subject: Sendable {
        package var environment: String
        package var namespace: String
        /// Context and server of the target.
        package var clusters: [String]

        package init(environment: String, namespace: String, clusters: [String]) {
            self.environment = environment
            self.namespace = namespace
            self.clusters = clusters
        }
    }

    package enum Decision: Hashable, Sendable {
        case allowed
        /// Allowed only because a person asked for it; the window that would have kept it off.
        case overridden(String)
        /// Why not, and whether a person who says why may go on.
        case denied(String, isOverridable: Bool)
    }

    private let windows: [SyncWindow]

    /// - Parameters:
    ///   - own: windows of the environment itself, which need no selectors.
    ///   - shared: windows of projects; one without selectors is for nobody, as in Argo CD.
    package init(own: [SyncWindow], shared: [SyncWindow], subject: Subject) {
        windows =
            own.filter { !$0.hasSelectors || $0.selects(subject) } + shared.filter { $0.hasSelectors && $0.selects(subject) }
    }

    /// An active denial wins; then an active allowance; then the mere existence of allowances denies; else all is allowed.
    package func decide(at now: Timestamp, isManual: Bool) -> Decision {
        let active = windows.compactMap { window in window.opened(at: now).map { (window: window, opened: $0) } }
        let denials = active.filter { $0.window.kind == "deny" }
        if let denial = denials.first {
            let isOverridable = denials.allSatisfy(\.window.manualSync)
            let end = denial.opened.adding(denial.window.duration).rfc3339
            return verdict("a sync window denies it until \(end): \(denial.window.text)", isOverridable, isManual)
        }
        if active.contains(where: { $0.window.kind == "allow" }) { return .allowed }
        let allowances = windows.filter { $0.kind == "allow" }
        guard !allowances.isEmpty else { return .allowed }
        let isOverridable = allowances.allSatisfy(\.manualSync)
        let shown = allowances.prefix(3).map(\.text).joined(separator: ", ")
        return verdict("no sync window that allows it is open: \(shown)", isOverridable, isManual)
    }

    private func verdict(_ reason: String, _ isOverridable: Bool, _ isManual: Bool) -> Decision {
        isManual && isOverridable ? .overridden(reason) : .denied(reason, isOverridable: isOverridable)
    }
}

extension SyncWindow {
    fileprivate var hasSelectors: Bool { !applications.isEmpty || !namespaces.isEmpty || !clusters.isEmpty }

    fileprivate func selects(_ subject: SyncWindows.Subject) -> Bool {
        func hits(_ patterns: [String], _ texts: [String]) -> Bool {
            patterns.contains { pattern in texts.contains { GlobPattern(pattern).matches($0) } }
        }
        let results = [
            (applications, [subject.environment]), (namespaces, [subject.namespace]), (clusters, subject.clusters),
        ].filter { !$0.0.isEmpty }.map { hits($0.0, $0.1) }
        return andOperator ? results.allSatisfy { $0 } : results.contains(true)
    }
}
