internal import KubernetesAPI
package import Manifests

/// Says why a field differs: because the repository changed, or because somebody changed the live object.
///
/// The live value of a field that our manager owns is what we applied last: whoever else changes a field takes it
/// over. Such a difference comes from Git. A field that was in what we applied last and is not ours any more has
/// drifted; it has also changed in Git when the manifest of then and of now differ in it.
package struct CauseFinder: Sendable {
    /// What is applied now.
    let desired: Value
    /// What was applied last, as rendered from that commit; `nil` when it is not to be had.
    package var previous: Value?
    let live: Value
    /// Whether this environment has applied the object before.
    let wasApplied: Bool
    let manager: String
    private let entries: [ManagedFieldsEntry]

    package init(desired: Value, previous: Value? = nil, live: Value, wasApplied: Bool, manager: String) {
        self.desired = desired
        self.previous = previous
        self.live = live
        self.wasApplied = wasApplied
        self.manager = manager
        entries = ManagedFieldsEntry.entries(of: live)
    }

    /// Why one field differs, and for drift who wrote it.
    package struct Finding: Hashable, Sendable {
        /// More than one when it has both.
        package var causes: [ChangeCause]
        package var writer: FieldWriter?
    }

    /// The entries that own the field of a difference.
    func owners(of difference: RawDifference) -> [ManagedFieldsEntry] {
        ManagedFieldsEntry.owners(of: difference.path.tokens(in: live), in: live, entries: entries)
    }

    /// Whether we own a field as it is: then we have since the last apply, and a difference comes from Git whatever was
    /// applied then.
    func isOurs(_ owners: [ManagedFieldsEntry]) -> Bool {
        owners.contains { $0.manager == manager && $0.operation == .apply && $0.subresource.isEmpty }
    }

    /// The causes of one difference.
    package func causes(of difference: RawDifference) -> Finding { causes(of: difference, owners: owners(of: difference)) }

    /// The causes of a difference in a field of these owners.
    func causes(of difference: RawDifference, owners: [ManagedFieldsEntry]) -> Finding {
        guard wasApplied else { return Finding(causes: [.new]) }
        let isOurs = isOurs(owners)
        let other = owners.filter { $0.manager != manager }.max { $0.time < $1.time }
        let hasDrifted: Bool
        let hasChanged: Bool
        if let previous {
            let then = previous.value(at: difference.path)
            hasDrifted = !isOurs && then != nil
            hasChanged = isOurs || then != desired.value(at: difference.path)
        } else {
            hasDrifted = !isOurs
            hasChanged = isOurs
        }
        var causes: [ChangeCause] = []
        if hasDrifted { causes.append(.drift) }
        if hasChanged || causes.isEmpty { causes.append(.git) }
        return Finding(causes: causes, writer: hasDrifted ? other.map(FieldWriter.init) : nil)
    }
}

extension FieldWriter {
    init(_ entry: ManagedFieldsEntry) {
        self.init(manager: entry.manager, operation: entry.operation.rawValue, subresource: entry.subresource, time: entry.time)
    }
}
