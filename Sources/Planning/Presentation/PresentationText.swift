/// A presentation as lines for a terminal.
package struct PresentationText: Sendable {
    private let style: TextStyle
    private let options: PresentationOptions

    /// With fewer objects than this the table of kinds says nothing that is not seen at once.
    private static let tableItemsMin = 10

    /// - Parameter isColored: Whether to use a terminal's colours.
    package init(isColored: Bool, options: PresentationOptions = PresentationOptions()) {
        style = TextStyle(isColored: isColored)
        self.options = options
    }

    package func text(_ presentation: Presentation) -> String {
        var lines = header(presentation)
        let items = presentation.items
        var folding = PresentationFolding(options: options, itemCount: items.count)
        var folded = 0
        for group in presentation.groups {
            lines.append("")
            lines.append(style.bold(group.title))
            for block in folding.blocks(group.items) {
                lines += self.lines(block)
                if case .fold(let members, _, let isSame) = block, !isSame || members.count > foldNames(isSame) { folded += members.count }
            }
        }
        lines += table(items)
        if !presentation.warnings.isEmpty {
            lines.append("")
            for warning in presentation.warnings { lines.append(style.yellow("warning: ") + warning) }
        }
        if !presentation.dangers.isEmpty, !presentation.items.isEmpty {
            lines.append("")
            for danger in presentation.dangers.prefix(20) { lines.append(style.red("! ") + danger) }
            if presentation.dangers.count > 20 { lines.append(style.red("! ") + "and \(presentation.dangers.count - 20) more of these") }
        }
        lines.append("")
        if folded > 0 { lines.append(style.dim("\(ItemLines.count(folded, "change")) counted above and not shown; --full shows each")) }
        lines.append("\(style.bold(presentation.closing.head)) \(presentation.closing.rest)")
        return lines.joined(separator: "\n") + "\n"
    }

    private func header(_ presentation: Presentation) -> [String] {
        let width = presentation.facts.map(\.name.count).max() ?? 0
        return [style.bold(presentation.title)]
            + presentation.facts.map { fact in
                "  \(style.dim(fact.name + String(repeating: " ", count: width - fact.name.count)))  \(fact.text)"
            }
    }

    private func lines(_ block: PresentedBlock) -> [String] {
        switch block {
        case .item(let item, let content):
            var lines = [title(item)]
            if options.detail != .summary {
                for danger in item.dangers { lines.append("      " + style.red("! \(danger)")) }
                for note in item.notes { lines.append("      " + style.dim(note)) }
                if let waits = waits(item) { lines.append("      " + style.dim(waits)) }
            }
            return lines + content.map(line)
        case .fold(let items, let content, let isSame):
            guard let first = items.first else { return [] }
            let title = "  \(sign(first.mark)) \(style.bold(items.foldTitle(names: foldNames(isSame))))  \(first.verb)\(causes(first))"
            return [title] + (isSame ? ["      " + style.dim("the same in each:")] : []) + content.map(line)
        }
    }

    /// Where the change itself is shown, the names are what is left to say.
    private func foldNames(_ isSame: Bool) -> Int { isSame ? 12 : PresentationOptions.foldNames }

    private func title(_ item: PresentedItem) -> String {
        var title = "  \(sign(item.mark)) \(style.bold(item.id))  \(item.verb)\(causes(item))"
        if options.detail == .summary, !item.dangers.isEmpty { title += style.red("  !") }
        if let source = item.source { title += style.dim("  \(source)") }
        return title
    }

    private func causes(_ item: PresentedItem) -> String {
        item.causes.isEmpty ? "" : " (\(item.causes.map(\.rawValue).joined(separator: ", ")))"
    }

    private func waits(_ item: PresentedItem) -> String? {
        guard !item.dependsOn.isEmpty else { return nil }
        let shown = options.detail == .full ? item.dependsOn.count : 4
        let more = item.dependsOn.count > shown ? " and \(item.dependsOn.count - shown) more" : ""
        return "after \(item.dependsOn.prefix(shown).joined(separator: ", "))\(more)"
    }

    private func line(_ line: PresentedLine) -> String {
        switch line {
        case .field(let mark, let name, _, let before, let after, let origin):
            let values =
                switch (before, after) {
                case (.some(let before), .some(let after)): "\(style.red(before)) -> \(style.green(after))"
                case (.some(let before), nil): style.red(before)
                case (nil, .some(let after)): style.green(after)
                case (nil, nil): ""
                }
            return "      \(sign(mark)) \(name): \(values)\(self.origin(origin))"
        case .block(let mark, let name, _, let origin): return "      \(sign(mark)) \(name):\(self.origin(origin))"
        case .text(let mark, let text):
            return switch mark {
            case .added: style.green("        + \(text)")
            case .removed: style.red("        - \(text)")
            case .same: style.dim("          \(text)")
            case .changed, .replaced: style.yellow("        \(mark.sign) \(text)")
            }
        case .gap(let text): return style.dim("        … \(text)")
        case .note(let text): return style.dim("      \(text)")
        }
    }

    private func origin(_ origin: String?) -> String { origin.map { style.magenta("  [\($0)]") } ?? "" }

    private func sign(_ mark: PresentedMark) -> String {
        switch mark {
        case .added: style.green(mark.sign)
        case .changed: style.yellow(mark.sign)
        case .removed: style.red(mark.sign)
        case .replaced: style.red("-") + "/" + style.green("+")
        case .same: mark.sign
        }
    }

    /// A long plan by kind, at its end, where a reader of a long output stands.
    private func table(_ items: [PresentedItem]) -> [String] {
        guard items.count >= Self.tableItemsMin else { return [] }
        let counts = KindCounts(items)
        let width = counts.rows.map(\.kind.count).max() ?? 0
        func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
        let columns = counts.verbs.map { max(8, $0.count + 2) }
        let head = String(repeating: " ", count: width + 2) + zip(counts.verbs, columns).map { padded($0, $1) }.joined()
        return ["", style.dim(head)]
            + counts.rows.map { row in
                "  " + row.kind + String(repeating: " ", count: width - row.kind.count)
                    + zip(row.counts, columns).map { padded($0 == 0 ? "·" : String($0), $1) }.joined()
            }
    }
}
