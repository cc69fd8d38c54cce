/// A presentation as the body of a comment on GitHub or GitLab.
package struct PresentationMarkdown: Sendable {
    /// What GitHub takes for a comment (65,536 characters); GitLab takes 1,000,000.
    package static let bytesMaxDefault = 65_536
    /// Less than this does not even hold the heading and the note of what was cut.
    package static let bytesMaxSmallest = 2_000

    private let options: PresentationOptions
    private let bytesMax: Int

    /// The table's rows beyond which kinds are counted together.
    private static let tableRowsMax = 40
    /// The warnings and dangers that are shown.
    private static let noticesMax = 20
    /// The bytes of one name or message in the parts that are never cut.
    private static let noticeBytesMax = 400

    /// - Parameter bytesMax: The size of the whole in bytes, which is never less than its size in characters.
    package init(options: PresentationOptions = PresentationOptions(), bytesMax: Int = bytesMaxDefault) {
        self.options = options
        self.bytesMax = max(bytesMax, Self.bytesMaxSmallest)
    }

    package func text(_ presentation: Presentation) -> String {
        let head = head(presentation)
        let tail = tail(presentation)
        // Room for the note of what was cut.
        let noteBytes = 300
        var body = Body(bytesLeft: bytesMax - tail.utf8.count - noteBytes)
        if !body.append(head) { body.append(shortHead(presentation)) }
        var folding = PresentationFolding(options: options, itemCount: presentation.items.count)
        var (cut, titleOnly) = (0, 0)
        for group in presentation.groups {
            var heading = "\n#### \(MarkdownEscape.plain(group.title))\n\n"
            for block in folding.blocks(group.items) {
                if cut == 0, titleOnly == 0, body.append(heading + details(block)) {
                    heading = ""
                } else if cut == 0, body.append(heading + "- \(title(block, asSummary: false))\n") {
                    heading = ""
                    titleOnly += block.count
                } else {
                    cut += block.count
                }
            }
        }
        return body.text + note(cut: cut, titleOnly: titleOnly) + tail
    }

    /// Text that knows how much of it still fits.
    private struct Body {
        var text = ""
        var bytesLeft: Int

        /// Appends a part whole or not at all.
        @discardableResult
        mutating func append(_ part: String) -> Bool {
            guard part.utf8.count <= bytesLeft else { return false }
            text += part
            bytesLeft -= part.utf8.count
            return true
        }
    }

    // MARK: Head and tail

    private func shortHead(_ presentation: Presentation) -> String {
        "### \(MarkdownEscape.code(clipped(presentation.title, 100)))\n\n**\(MarkdownEscape.plain(presentation.closing.head))** "
            + "\(MarkdownEscape.plain(clipped(presentation.closing.rest, 200)))\n"
    }

    private func head(_ presentation: Presentation) -> String {
        var text = shortHead(presentation)
        if !presentation.dangers.isEmpty {
            text += "\n> [!CAUTION]\n" + notices(presentation.dangers)
        }
        if !presentation.facts.isEmpty {
            text += "\n| | |\n|---|---|\n"
            for fact in presentation.facts {
                text += "| \(MarkdownEscape.plain(fact.name)) | \(MarkdownEscape.cell(clipped(fact.text, Self.noticeBytesMax))) |\n"
            }
        }
        return text + table(presentation.items)
    }

    private func table(_ items: [PresentedItem]) -> String {
        let counts = KindCounts(items)
        guard counts.rows.count > 1 else { return "" }
        var text =
            "\n| kind | \(counts.verbs.map(MarkdownEscape.plain).joined(separator: " | ")) |\n|---|\(counts.verbs.map { _ in "--:|" }.joined())\n"
        for row in counts.rows.prefix(Self.tableRowsMax) {
            text +=
                "| \(MarkdownEscape.cell(clipped(row.kind, 120))) | \(row.counts.map { $0 == 0 ? "" : String($0) }.joined(separator: " | ")) |\n"
        }
        if counts.rows.count > Self.tableRowsMax {
            let rest = counts.rows.dropFirst(Self.tableRowsMax)
            let sums = counts.verbs.indices.map { index in rest.reduce(0) { $0 + $1.counts[index] } }
            text += "| \(rest.count) more kinds | \(sums.map { $0 == 0 ? "" : String($0) }.joined(separator: " | ")) |\n"
        }
        return text
    }

    private func notices(_ notices: [String]) -> String {
        var text = ""
        for notice in notices.prefix(Self.noticesMax) { text += "> - \(MarkdownEscape.code(clipped(notice, Self.noticeBytesMax)))\n" }
        if notices.count > Self.noticesMax { text += "> - and \(notices.count - Self.noticesMax) more\n" }
        return text
    }

    private func tail(_ presentation: Presentation) -> String {
        guard !presentation.warnings.isEmpty else { return "" }
        let text = "\n> [!WARNING]\n" + notices(presentation.warnings)
        // Warnings must not push out the changes themselves.
        return text.utf8.count > bytesMax / 4 ? "\n> [!WARNING]\n> \(presentation.warnings.count) warnings\n" : text
    }

    private func note(cut: Int, titleOnly: Int) -> String {
        guard cut + titleOnly > 0 else { return "" }
        var parts: [String] = []
        if titleOnly > 0 { parts.append("\(ItemLines.count(titleOnly, "change")) shown without details") }
        if cut > 0 { parts.append("\(ItemLines.count(cut, "change")) left out") }
        return "\n> [!NOTE]\n> Cut to fit into \(bytesMax) bytes: \(parts.joined(separator: ", ")). `plumb show` prints the whole plan.\n"
    }

    // MARK: Items

    private func details(_ block: PresentedBlock) -> String {
        let (content, notes, isOpen) = parts(block)
        let lines = content.flatMap(self.lines)
        guard !lines.isEmpty || !notes.isEmpty else { return "- \(title(block, asSummary: false))\n" }
        var text = "<details\(isOpen ? " open" : "")>\n<summary>\(title(block, asSummary: true))</summary>\n\n"
        for note in notes { text += "- \(MarkdownEscape.code(clipped(note, Self.noticeBytesMax)))\n" }
        if !lines.isEmpty {
            let fence = MarkdownEscape.fence(for: lines)
            text += "\(notes.isEmpty ? "" : "\n")\(fence)diff\n\(lines.joined(separator: "\n"))\n\(fence)\n"
        }
        return text + "\n</details>\n"
    }

    private func parts(_ block: PresentedBlock) -> (lines: [PresentedLine], notes: [String], isOpen: Bool) {
        switch block {
        case .item(let item, let lines):
            var notes = item.dangers.map { "danger: \($0)" } + item.notes
            if options.detail == .summary { notes = [] }
            return (lines, notes, !notes.isEmpty && !item.dangers.isEmpty)
        case .fold(let items, let lines, let isSame):
            let names = isSame ? "the same in each of \(items.count)" : ""
            return (lines, names.isEmpty ? [] : [names], false)
        }
    }

    private func title(_ block: PresentedBlock, asSummary: Bool) -> String {
        func code(_ text: String) -> String {
            let text = clipped(text, Self.noticeBytesMax)
            return asSummary ? MarkdownEscape.summary(text) : MarkdownEscape.code(text)
        }
        switch block {
        case .item(let item, _):
            var title = "\(code(item.mark.sign)) \(code(item.id)) \(MarkdownEscape.plain(item.verb))\(causes(item))"
            if !item.dangers.isEmpty { title += " ⚠" }
            if let source = item.source { title += " · \(code(source))" }
            return title
        case .fold(let items, _, let isSame):
            guard let first = items.first else { return "" }
            return "\(code(first.mark.sign)) \(code(items.foldTitle(names: isSame ? 12 : PresentationOptions.foldNames))) "
                + "\(MarkdownEscape.plain(first.verb))\(causes(first))"
        }
    }

    private func causes(_ item: PresentedItem) -> String {
        item.causes.isEmpty ? "" : " (\(item.causes.map(\.rawValue).joined(separator: ", ")))"
    }

    /// Lines in the form of a unified difference, which both sites colour. Each begins with a sign, so that none is read as a
    /// command of the site.
    private func lines(_ line: PresentedLine) -> [String] {
        switch line {
        case .field(let mark, let name, _, let before, let after, let origin):
            let tail = origin.map { "  # \($0)" } ?? ""
            var lines: [String] = []
            if let before { lines.append("- \(name): \(before)\(after == nil ? tail : "")") }
            if let after { lines.append("+ \(name): \(after)\(tail)") }
            return lines.isEmpty ? ["\(mark.sign) \(name)\(tail)"] : lines
        case .block(_, let name, _, let origin): return ["@@ \(name) @@\(origin.map { "  # \($0)" } ?? "")"]
        case .text(let mark, let text):
            return switch mark {
            case .added: ["+ \(text)"]
            case .removed: ["- \(text)"]
            case .changed, .replaced: ["! \(text)"]
            case .same: ["  \(text)"]
            }
        case .gap(let text): return ["# … \(text)"]
        case .note(let text): return ["# \(text)"]
        }
    }

    private func clipped(_ text: String, _ bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var clipped = ""
        var count = 0
        for character in text {
            count += String(character).utf8.count
            if count > bytes { break }
            clipped.append(character)
        }
        return clipped + "…"
    }
}
