internal import Manifests

/// The stages of a plan under the names that people know.
enum StageTitle {
    static let deletions = "Deletions"

    static func title(_ stage: Int) -> String {
        switch stage {
        case KindStage.namespaces: "Namespaces"
        case KindStage.definitions: "Definitions of kinds"
        case 2: "Classes, quotas and policies"
        case 3: "Service accounts"
        case 4: "Roles and bindings"
        case 5: "Configuration and storage"
        case 6: "Services"
        case 7: "Workloads"
        case KindStage.rest: "Other objects"
        default: "Webhooks and API services"
        }
    }

    /// The title with phase and wave, which wait for those before; for deletions and hooks the kind says nothing.
    private static func title(_ stage: Int, _ change: Change) -> String {
        let place = change.place
        switch place.phase {
        case .sync:
            let kinds = change.action == .delete ? deletions : title(stage)
            return place.text.isEmpty ? kinds : "\(place.text.prefix(1).uppercased())\(place.text.dropFirst()): \(kinds)"
        case .prune: return place.wave == 0 ? deletions : "\(deletions) of wave \(0 - place.wave)"
        case .preSync: return "Before the sync (\(place.text))"
        case .preDelete: return "Before the deletions (\(place.text))"
        case .postDelete where change.hook == nil: return "\(deletions) after that"
        case .postDelete: return "After the deletions (\(place.text))"
        case .postSync: return "After the sync (\(place.text))"
        case .syncFail: return "Only if something failed (\(place.text))"
        }
    }

    /// Splits changes, in the order of execution, into the stages in which they run.
    static func groups(_ changes: [Change]) -> [(title: String, changes: [Change])] {
        var groups: [(title: String, changes: [Change])] = []
        var stage = 0
        var place: ChangePlace?
        for change in changes where change.action != .noOp {
            if place != change.place { stage = 0 }
            place = change.place
            // What an object needs moves it behind its own kind's stage, never before it.
            stage = max(stage, KindStage.stage(of: change.reference.groupKind))
            let title = self.title(stage, change)
            if groups.last?.title == title {
                groups[groups.count - 1].changes.append(change)
            } else {
                groups.append((title, [change]))
            }
        }
        return groups
    }
}
