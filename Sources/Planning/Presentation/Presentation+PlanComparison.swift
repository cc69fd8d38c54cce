internal import Manifests

extension Presentation {
    /// What changed from one plan to another.
    package init(_ comparison: PlanComparison) {
        let (before, after) = (comparison.before, comparison.after)
        title = VisibleText.text("From plan \(before.runID) to plan \(after.runID) for \(after.environment)")
        facts = comparison.facts.map { fact in
            let (old, new) = (Self.text(of: fact.before, fact.name), Self.text(of: fact.after, fact.name))
            return Fact(name: fact.name, text: VisibleText.text("\(old) -> \(new)"))
        }
        dangers = Presentation(after).dangers.filter { !Presentation(before).dangers.contains($0) }
        warnings = after.warnings.filter { !before.warnings.contains($0) }.map { VisibleText.text($0) }
        let items = comparison.changes.compactMap(PresentedItem.init)
        let titles: [(PresentedMark, String)] = [
            (.added, "Planned now"), (.changed, "Planned otherwise"), (.removed, "No longer planned"),
        ]
        groups = titles.compactMap { mark, title in
            let own = items.filter { $0.mark == mark }
            return own.isEmpty ? nil : Group(title: title, items: own)
        }
        if items.isEmpty {
            closing = ("The same changes.", "\(ItemLines.count(comparison.sameCount, "change")) in both plans.")
        } else {
            func count(_ mark: PresentedMark) -> Int { items.count { $0.mark == mark } }
            closing = (
                "Differences:",
                "\(count(.added)) planned now, \(count(.changed)) planned otherwise, \(count(.removed)) no longer planned, "
                    + "\(comparison.sameCount) the same."
            )
        }
    }
}

extension Presentation {
    /// One side of what two plans differ in; commits in the short form of everywhere else.
    private static func text(of fact: String, _ name: String) -> String {
        if fact.isEmpty { return "none" }
        return name.hasPrefix("commit") ? String(fact.prefix(12)) : fact
    }
}

extension PresentedItem {
    init?(_ altered: PlanComparison.Altered) {
        guard let change = altered.after ?? altered.before else { return nil }
        self.init(change)
        switch (altered.before, altered.after) {
        case (.none, _):
            mark = .added
            verb = "planned now: \(change.action.rawValue)"
        case (_, .none):
            mark = .removed
            verb = "no longer planned: \(change.action.rawValue)"
            dangers = []
            dependsOn = []
        case (.some(let before), .some(let after)):
            mark = .changed
            verb =
                before.action == after.action
                ? "planned otherwise: \(after.action.rawValue)" : "\(before.action.rawValue) -> \(after.action.rawValue)"
            content = .lines(Self.lines(before, after))
        }
    }

    /// What one plan says of an object and the other does not.
    private static func lines(_ before: Change, _ after: Change) -> [PresentedLine] {
        var lines: [PresentedLine] = []
        func note(_ name: String, _ old: [String], _ new: [String]) {
            guard old != new else { return }
            lines.append(
                .field(
                    mark: .changed, name: name, pointer: "", before: VisibleText.text(old.isEmpty ? "none" : old.joined(separator: ", ")),
                    after: VisibleText.text(new.isEmpty ? "none" : new.joined(separator: ", ")), origin: nil))
        }
        note("causes", before.causes.map(\.rawValue), after.causes.map(\.rawValue))
        note("waits for", before.dependsOn, after.dependsOn)
        if before.differences.isEmpty, after.differences.isEmpty, let old = before.desired, let new = after.desired {
            let item = ItemLines(options: PresentationOptions())
            return lines + item.lines(Differ.differences(before: old, after: new))
        }
        let form = ItemLines(options: PresentationOptions())
        let old = Dictionary(before.differences.map { ($0.path, $0) }) { first, _ in first }
        let new = Dictionary(after.differences.map { ($0.path, $0) }) { first, _ in first }
        for path in Set(old.keys).union(new.keys).sorted(by: UTF8Order.isLess) where old[path] != new[path] {
            for (mark, difference, object) in [(PresentedMark.removed, old[path], before.desired), (.added, new[path], after.desired)] {
                guard let difference else { continue }
                lines += form.lines(difference, in: object).map { .text(mark, $0.text) }
            }
        }
        return lines
    }
}
