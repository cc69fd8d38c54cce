internal import Applying
internal import Planning

/// What an apply's events are called, on a terminal and in lines alike.
enum ApplyWords {
    static func doing(_ change: Change) -> String {
        if change.hook != nil { return "running" }
        return switch change.action {
        case .create: "creating"
        case .update: "updating"
        case .replace: "replacing"
        case .delete: "deleting"
        case .noOp: "keeping"
        }
    }

    static func done(_ change: Change) -> String {
        if change.hook != nil { return "ran" }
        return switch change.action {
        case .create: "created"
        case .update: "updated"
        case .replace: "replaced"
        case .delete: "deleted"
        case .noOp: "kept"
        }
    }

    /// The line that tells a result for good.
    static func line(_ change: Change, _ result: ChangeResult, style: TextStyle) -> String {
        let id = VisibleText.text(change.id)
        let error = VisibleText.text(result.error ?? "it failed")
        switch result.outcome {
        case .succeeded: return "  \(style.green(pad(done(change))))\(id)"
        case .unchanged: return "  \(style.dim(pad("unchanged")))\(id)"
        case .skipped: return "  \(style.yellow(pad("skipped")))\(id): \(error)"
        case .failed: return "  \(style.red(pad("failed")))\(id): \(error)"
        }
    }

    /// To the width of the longest word and a space.
    static func pad(_ word: String) -> String { word + String(repeating: " ", count: max(1, 11 - word.count)) }
}
