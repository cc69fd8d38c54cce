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

    /// Splits changes, in the order of execution, into the stages in which they run.
    static func groups(_ changes: [Change]) -> [(title: String, changes: [Change])] {
        var groups: [(title: String, changes: [Change])] = []
        var stage = 0
        for change in changes where change.action != .noOp {
            // What an object needs moves it behind its own kind's stage, never before it.
            stage = max(stage, KindStage.stage(of: change.reference.groupKind))
            let title = change.action == .delete ? deletions : self.title(stage)
            if groups.last?.title == title {
                groups[groups.count - 1].changes.append(change)
            } else {
                groups.append((title, [change]))
            }
        }
        return groups
    }
}
