internal import Manifests

/// What somebody who signs a plan must have seen of it: where it goes, what it comes from, and what it takes away.
package struct ApprovalSummary: Sendable {
    /// How many objects are named of each action. Deletions and replacements are named all.
    private static let namedMax = 20

    private let style: TextStyle

    package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

    package func text(_ file: PlanFile) -> String {
        let plan = file.plan
        let source = plan.source
        var lines = [
            style.bold("Plan for \(SafeText.line(plan.environment))"),
            "  target   \(SafeText.line(plan.target.server)) \(SafeText.line(plan.target.serverVersion)), cluster \(SafeText.line(plan.target.clusterUID))",
            "  commit   \(SafeText.line(source.commit)) (\(SafeText.line(source.ref))) by \(SafeText.line(source.author)), \(SafeText.line(source.committedAt))",
            "  from     \(SafeText.line(source.path)) in \(SafeText.line(source.repository))",
            "  made     \(SafeText.line(plan.createdAt)) by run \(SafeText.line(plan.runID))",
            "  digest   \(file.digest)",
        ]
        if plan.isRollback { lines.append(style.yellow("  This is a rollback: the commit is no descendant of the one applied last.")) }
        for action in [ChangeAction.delete, .replace, .create, .update] { lines += self.lines(action, plan) }
        for warning in plan.warnings { lines.append("\(style.yellow("warning:")) \(SafeText.line(warning))") }
        let counts = [
            "\(plan.count(.create)) to create", "\(plan.count(.update)) to update", "\(plan.count(.replace)) to replace",
            "\(plan.count(.delete)) to delete", "\(plan.count(.noOp)) unchanged",
        ]
        lines.append(style.bold("Plan: ") + counts.joined(separator: ", ") + ".")
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(_ action: ChangeAction, _ plan: Plan) -> [String] {
        let changes = plan.changes.filter { $0.action == action }
        let namesAll = action == .delete || action == .replace
        let named = namesAll ? changes[...] : changes.prefix(Self.namedMax)
        var lines = named.map { "  \(sign(action)) \(SafeText.line($0.id))" }
        if named.count < changes.count { lines.append("  \(sign(action)) and \(changes.count - named.count) more") }
        return lines
    }

    private func sign(_ action: ChangeAction) -> String {
        switch action {
        case .create: style.green("+")
        case .update: style.yellow("~")
        case .replace: style.red("-") + "/" + style.green("+")
        case .delete: style.red("-")
        case .noOp: " "
        }
    }
}
