internal import Manifests

/// A presentation as one page of HTML that needs nothing else: no network, no script to be read.
package struct HTMLPage: Sendable {
    private let lines: ItemLines

    /// The objects up to which all are open when the page is.
    private static let openItemsMax = 20
    /// The lines of a new object, and of all that differs in one, unless everything is asked for.
    private static let (contentLinesMax, itemLinesMax) = (400, 1_000)
    /// The dangers and warnings that are listed.
    private static let noticesMax = 200

    package init(options: PresentationOptions = PresentationOptions()) {
        let isFull = options.detail == .full
        lines = ItemLines(
            options: options, contentLinesMax: isFull ? nil : Self.contentLinesMax, itemLinesMax: isFull ? nil : Self.itemLinesMax)
    }

    /// The page's bytes.
    package func bytes(_ presentation: Presentation) -> [UInt8] {
        var writer = HTMLWriter()
        let items = presentation.items
        // Ids of objects are no names for places in a page: the items are numbered.
        var anchors: [String: String] = [:]
        for (index, item) in items.enumerated() { anchors[item.id] = "c\(index + 1)" }
        head(presentation, to: &writer)
        writer.markup("<body>\n<a class=\"skip\" href=\"#changes\">Skip to the changes</a>\n<header>\n<h1>")
        writer.text(presentation.title)
        writer.markup("</h1>\n<p class=\"closing\"><strong>")
        writer.text(presentation.closing.head)
        writer.markup("</strong> ")
        writer.text(presentation.closing.rest)
        writer.markup("</p>\n<dl>\n")
        for fact in presentation.facts {
            writer.element("dt", fact.name)
            writer.element("dd", fact.text)
            writer.markup("\n")
        }
        writer.markup("</dl>\n</header>\n<main>\n")
        notices(presentation.dangers, title: "Look twice", name: "danger", to: &writer)
        notices(presentation.warnings, title: "Warnings", name: "warning", to: &writer)
        if !items.isEmpty {
            table(items, to: &writer)
            graph(presentation, anchors: anchors, to: &writer)
            changes(presentation, items: items, anchors: anchors, to: &writer)
        }
        writer.markup("</main>\n")
        if !items.isEmpty { writer.markup("<script>\(HTMLScript.text)</script>\n") }
        writer.markup("</body>\n</html>\n")
        return writer.bytes
    }

    /// The class of a mark.
    static func name(_ mark: PresentedMark) -> String {
        switch mark {
        case .added: "added"
        case .removed: "removed"
        case .changed: "changed"
        case .replaced: "replaced"
        case .same: "same"
        }
    }

    private func head(_ presentation: Presentation, to writer: inout HTMLWriter) {
        writer.markup(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src \
            \(HTMLScript.policySource); base-uri 'none'; form-action 'none'">
            <title>
            """)
        writer.text(presentation.title)
        writer.markup("</title>\n<style>\n\(HTMLStyle.text)</style>\n</head>\n")
    }

    private func notices(_ notices: [String], title: String, name: String, to writer: inout HTMLWriter) {
        guard !notices.isEmpty else { return }
        writer.markup("<section class=\"notice \(name)\" aria-labelledby=\"\(name)\">\n<h2 id=\"\(name)\">\(title)</h2>\n<ul>\n")
        for notice in notices.prefix(Self.noticesMax) {
            writer.element("li", notice)
            writer.markup("\n")
        }
        if notices.count > Self.noticesMax { writer.markup("<li>and \(notices.count - Self.noticesMax) more</li>\n") }
        writer.markup("</ul>\n</section>\n")
    }

    private func table(_ items: [PresentedItem], to writer: inout HTMLWriter) {
        let counts = KindCounts(items)
        writer.markup("<section aria-labelledby=\"kinds\">\n<h2 id=\"kinds\">By kind</h2>\n<table>\n<thead><tr><th scope=\"col\">kind</th>")
        for verb in counts.verbs {
            writer.markup("<th scope=\"col\">")
            writer.text(verb)
            writer.markup("</th>")
        }
        writer.markup("</tr></thead>\n<tbody>\n")
        for row in counts.rows {
            writer.markup("<tr><th scope=\"row\">")
            writer.element("code", row.kind)
            writer.markup("</th>")
            for count in row.counts { writer.markup("<td>\(count == 0 ? "" : String(count))</td>") }
            writer.markup("</tr>\n")
        }
        writer.markup("</tbody>\n</table>\n</section>\n")
    }

    private func graph(_ presentation: Presentation, anchors: [String: String], to writer: inout HTMLWriter) {
        let graph = DependencyGraph(presentation)
        guard !graph.edges.isEmpty else { return }
        writer.markup(
            """
            <section aria-labelledby="order">
            <h2 id="order">Order of execution</h2>
            <p class="meta">What an arrow comes from is done, and healthy, first\(graph.isFolded ? "; changes alike are drawn as one" : ""). \
            Each change lists what it waits for.</p>
            <div class="graph" tabindex="0" role="region" aria-label="Dependency graph, scrolls">

            """)
        writer.markup(GraphDrawing.svg(graph, anchors: anchors))
        writer.markup("</div>\n</section>\n")
    }

    // MARK: Changes

    private func changes(_ presentation: Presentation, items: [PresentedItem], anchors: [String: String], to writer: inout HTMLWriter) {
        writer.markup("<section aria-labelledby=\"changes\">\n<h2 id=\"changes\" tabindex=\"-1\">Changes</h2>\n")
        HTMLFilters.write(items, to: &writer)
        let isOpen = items.count <= Self.openItemsMax
        var number = 0
        for (index, group) in presentation.groups.enumerated() {
            writer.markup("<section class=\"group\" aria-labelledby=\"g\(index)\">\n<h3 id=\"g\(index)\">")
            writer.text(group.title)
            writer.markup("</h3>\n")
            for item in group.items {
                number += 1
                self.item(item, number: number, anchors: anchors, isOpen: isOpen, to: &writer)
            }
            writer.markup("</section>\n")
        }
        writer.markup("</section>\n")
    }

    private func item(
        _ item: PresentedItem, number: Int, anchors: [String: String], isOpen: Bool, to writer: inout HTMLWriter
    ) {
        writer.markup("<details class=\"item \(Self.name(item.mark))\" id=\"c\(number)\"")
        writer.attribute("data-verb", item.verb)
        writer.attribute("data-causes", item.causes.map(\.rawValue).joined(separator: " "))
        writer.attribute("data-kind", item.reference.groupKind.description)
        writer.attribute("data-namespace", item.reference.namespace)
        writer.markup(isOpen || !item.dangers.isEmpty ? " open>\n<summary><span class=\"sign\">" : ">\n<summary><span class=\"sign\">")
        writer.text(item.mark.sign)
        writer.markup("</span> ")
        writer.element("span", item.id, name: "id")
        writer.markup(" ")
        writer.element("span", item.verb, name: "verb")
        for cause in item.causes { writer.element("span", cause.rawValue, name: "badge") }
        if !item.dangers.isEmpty { writer.markup(" <span class=\"danger-text\">look twice</span>") }
        if let source = item.source {
            writer.markup(" ")
            writer.element("span", source, name: "meta")
        }
        writer.markup("</summary>\n<div class=\"body\">\n")
        for danger in item.dangers { writer.element("p", danger, name: "danger-text") }
        for note in item.notes { writer.element("p", note, name: "meta") }
        waits(item, anchors: anchors, to: &writer)
        let lines = self.lines.lines(item)
        if !lines.isEmpty {
            writer.markup("<pre>")
            for line in lines { self.line(line, to: &writer) }
            writer.markup("</pre>\n")
        }
        writer.markup("</div>\n</details>\n")
    }

    private func waits(_ item: PresentedItem, anchors: [String: String], to writer: inout HTMLWriter) {
        guard !item.dependsOn.isEmpty else { return }
        writer.markup("<p class=\"meta\">after ")
        for (index, id) in item.dependsOn.enumerated() {
            if index > 0 { writer.markup(", ") }
            if let anchor = anchors[id] { writer.markup("<a href=\"#\(anchor)\">") }
            writer.text(id)
            if anchors[id] != nil { writer.markup("</a>") }
        }
        writer.markup("</p>\n")
    }

    private func line(_ line: PresentedLine, to writer: inout HTMLWriter) {
        switch line {
        case .field(let mark, let name, let pointer, let before, let after, let origin):
            writer.markup("<span class=\"f\"")
            writer.attribute("title", pointer)
            writer.markup(">\(mark.sign) ")
            writer.text(name)
            self.origin(origin, to: &writer)
            writer.markup("\n</span>")
            if let before { text("d", "  - ", before, to: &writer) }
            if let after { text("a", "  + ", after, to: &writer) }
        case .block(let mark, let name, let pointer, let origin):
            writer.markup("<span class=\"f\"")
            writer.attribute("title", pointer)
            writer.markup(">\(mark.sign) ")
            writer.text(name)
            self.origin(origin, to: &writer)
            writer.markup("\n</span>")
        case .text(let mark, let content):
            switch mark {
            case .added: text("a", "  + ", content, to: &writer)
            case .removed: text("d", "  - ", content, to: &writer)
            case .changed, .replaced: text("m", "  ~ ", content, to: &writer)
            case .same: text("s", "    ", content, to: &writer)
            }
        case .gap(let content): text("g", "  … ", content, to: &writer)
        case .note(let content): text("g", "", content, to: &writer)
        }
    }

    private func origin(_ origin: String?, to writer: inout HTMLWriter) {
        guard let origin else { return }
        writer.markup("  <i>[")
        writer.text(origin)
        writer.markup("]</i>")
    }

    private func text(_ name: String, _ sign: String, _ text: String, to writer: inout HTMLWriter) {
        writer.markup("<span class=\"\(name)\">\(sign)")
        writer.text(text)
        writer.markup("\n</span>")
    }
}
