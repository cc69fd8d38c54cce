internal import Manifests

/// The form of search and filters. It is hidden until the script that makes it work shows it.
enum HTMLFilters {
    static func write(_ items: [PresentedItem], to writer: inout HTMLWriter) {
        writer.markup(
            """
            <form id="filters" role="search" aria-label="Filter the changes" hidden>
            <label>Search <input type="search" id="search" autocomplete="off" placeholder="name, field, value …" title="Press / to search"></label>

            """)
        boxes("verb", legend: "Action", counts(items.map(\.verb)), to: &writer)
        boxes("cause", legend: "Cause", counts(items.flatMap { $0.causes.map(\.rawValue) }), to: &writer)
        select("kind", label: "Kind", all: "all kinds", counts(items.map(\.reference.groupKind.description)), to: &writer)
        select(
            "namespace", label: "Namespace", all: "all namespaces",
            counts(items.map(\.reference.namespace).filter { !$0.isEmpty }), to: &writer)
        writer.markup(
            """
            <button type="button" id="clear">Clear</button>
            <button type="button" id="open">Open all</button>
            <button type="button" id="close">Close all</button>
            <span id="count" role="status" aria-live="polite"></span>
            </form>

            """)
    }

    private static func counts(_ names: [String]) -> [(name: String, count: Int)] {
        var counts: [String: Int] = [:]
        for name in names { counts[name, default: 0] += 1 }
        return counts.sorted { UTF8Order.isLess($0.key, $1.key) }.map { ($0.key, $0.value) }
    }

    private static func boxes(_ name: String, legend: String, _ choices: [(name: String, count: Int)], to writer: inout HTMLWriter) {
        guard !choices.isEmpty else { return }
        writer.markup("<fieldset><legend>\(legend)</legend>\n")
        for choice in choices {
            writer.markup("<label><input type=\"checkbox\" name=\"\(name)\" checked")
            writer.attribute("value", choice.name)
            writer.markup("> ")
            writer.text("\(choice.name) (\(choice.count))")
            writer.markup("</label>\n")
        }
        writer.markup("</fieldset>\n")
    }

    private static func select(
        _ name: String, label: String, all: String, _ choices: [(name: String, count: Int)], to writer: inout HTMLWriter
    ) {
        writer.markup("<label>\(label) <select id=\"\(name)\"><option value=\"\">\(all)</option>\n")
        for choice in choices {
            writer.markup("<option")
            writer.attribute("value", choice.name)
            writer.markup(">")
            writer.text(VisibleText.text("\(choice.name) (\(choice.count))"))
            writer.markup("</option>\n")
        }
        writer.markup("</select></label>\n")
    }
}
