internal import Manifests

/// A plan for people, in Terraform's signs.
package struct PlanText: Sendable {
    /// How a value that does not fit on a line is cut.
    private static let valueWidth = 100

    private let style: TextStyle

    /// - Parameter isColored: Whether to use a terminal's colours.
    package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

    package func text(_ plan: Plan) -> String {
        var lines: [String] = []
        lines.append(header(plan))
        if plan.isRollback { lines.append(style.yellow("This is a rollback: the commit is not a descendant of the one applied last.")) }
        for change in plan.changes where change.action != .noOp {
            lines.append("")
            lines += self.lines(change)
        }
        if !plan.warnings.isEmpty {
            lines.append("")
            for warning in plan.warnings { lines.append(style.yellow("warning: ") + warning) }
        }
        lines.append("")
        lines.append(closing(plan))
        return lines.joined(separator: "\n") + "\n"
    }

    private func header(_ plan: Plan) -> String {
        let commit = plan.source.commit.prefix(12)
        return "\(style.bold("Plan for \(plan.environment)")) at \(commit) (\(plan.source.ref)), "
            + "against \(plan.target.server) \(plan.target.serverVersion)"
    }

    private func closing(_ plan: Plan) -> String {
        guard plan.hasChanges else {
            return style.bold("No changes.") + " \(plan.environment) matches \(plan.source.commit.prefix(12)): "
                + "\(plan.changes.count) \(plan.changes.count == 1 ? "object" : "objects") compared."
        }
        let counts = [
            "\(plan.count(.create)) to create", "\(plan.count(.update)) to update", "\(plan.count(.replace)) to replace",
            "\(plan.count(.delete)) to delete", "\(plan.count(.noOp)) unchanged",
        ]
        return style.bold("Plan: ") + counts.joined(separator: ", ") + "."
    }

    private func lines(_ change: Change) -> [String] {
        var title = "\(sign(change.action)) \(style.bold(change.id))"
        title += "  " + change.action.rawValue
        if !change.causes.isEmpty { title += " (\(change.causes.map(\.rawValue).joined(separator: ", ")))" }
        if let source = change.source { title += style.dim("  \(source)") }
        var lines = [title]
        if case .deferred(let reason) = change.validation {
            lines.append("    " + style.dim("not validated by the server yet: \(reason)"))
        }
        if !change.dependsOn.isEmpty { lines.append("    " + style.dim("after \(change.dependsOn.joined(separator: ", "))")) }
        for difference in change.differences { lines += self.lines(difference) }
        if change.action == .create, let desired = change.desired { lines += content(desired) }
        return lines
    }

    /// What a new object says, without what names it.
    private func content(_ desired: Value) -> [String] {
        guard var object = desired.object else { return [] }
        for key in ["apiVersion", "kind", "metadata"] { object[key] = nil }
        return object.map { member in
            "    \(style.green("+")) \(member.key): \(style.green(Self.short(member.value)))"
        }
    }

    private func lines(_ difference: FieldDifference) -> [String] {
        let path = difference.path
        let origin = origin(difference)
        if case .string(let before) = difference.before, case .string(let after) = difference.after,
            before.utf8.contains(0x0A) || after.utf8.contains(0x0A)
        {
            return ["    \(style.yellow("~")) \(path):\(origin)"] + LineDifference.lines(before: before, after: after).map { line in
                let text = "        \(line)"
                return line.hasPrefix("+") ? style.green(text) : line.hasPrefix("-") ? style.red(text) : style.dim(text)
            }
        }
        switch (difference.before, difference.after) {
        case (nil, .some(let after)):
            return ["    \(style.green("+")) \(path): \(style.green(Self.short(after)))\(origin)"]
        case (.some(let before), nil):
            return ["    \(style.red("-")) \(path): \(style.red(Self.short(before)))\(origin)"]
        case (let before, let after):
            return [
                "    \(style.yellow("~")) \(path): \(style.red(Self.short(before ?? .null))) -> "
                    + "\(style.green(Self.short(after ?? .null)))\(origin)"
            ]
        }
    }

    private func origin(_ difference: FieldDifference) -> String {
        guard difference.cause == .drift else { return "" }
        var text = "drift"
        if let manager = difference.manager { text += " by \(manager)" }
        if let time = difference.time, !time.isEmpty { text += " at \(time)" }
        return style.magenta("  [\(text)]")
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

    /// A value on one line, cut where it is long.
    static func short(_ value: Value) -> String {
        let text = String(decoding: JSONWriter.canonical(value), as: UTF8.self)
        guard text.count > valueWidth else { return text }
        return text.prefix(valueWidth) + "… (\(text.utf8.count) bytes)"
    }
}
