internal import Manifests

/// The part of an environment that a plan is about: all of it, or the objects that `--target` names.
struct PlanScope: Sendable {
    let desired: [DesiredObject]
    private let ids: Set<String>

    init(_ targets: [String], desired all: [DesiredObject], inventory: Inventory) throws(Diagnostic) {
        ids = Set(targets)
        guard !targets.isEmpty else {
            desired = all
            return
        }
        let known = Set(all.map(\.reference.id)).union(inventory.entries.map(\.reference.id))
        for target in targets where !known.contains(target) {
            throw Diagnostic(
                "there is no object '\(target)' in this environment",
                advice: NearMatch.candidates(for: target, among: known).first.map { "did you mean '\($0)'?" }
                    ?? "an object is named like apps/Deployment/NAMESPACE/NAME")
        }
        desired = all.filter { targets.contains($0.reference.id) }
    }

    /// The inventory's entries in scope that are not desired any more.
    func entries(of inventory: EntryIndex, notIn desired: [DesiredObject]) -> [InventoryEntry] {
        inventory.others(than: desired).filter { ids.isEmpty || ids.contains($0.reference.id) }
    }
}
