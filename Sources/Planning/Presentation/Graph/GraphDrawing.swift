/// The dependency graph as an SVG element to stand within a page.
enum GraphDrawing {
    private static let nodeWidth = 230
    private static let nodeHeight = 40
    private static let columnGap = 70
    private static let rowGap = 14
    private static let margin = 12
    /// What a character takes at most in the page's font.
    private static let characterWidth = 7.4
    private static let padding = 10

    /// - Parameter anchors: For the ids of items the names of their places in the page.
    static func svg(_ graph: DependencyGraph, anchors: [String: String]) -> String {
        let layout = GraphLayout(nodeCount: graph.nodes.count, edges: graph.edges)
        let width = 2 * margin + layout.columnCount * nodeWidth + max(0, layout.columnCount - 1) * columnGap
        let height = 2 * margin + layout.placeCount * (nodeHeight + rowGap) - rowGap
        var svg = """
            <svg viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="group" aria-label="Dependency graph: \
            \(graph.nodes.count) nodes; what is to the left is done first">
            <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
            <path d="M0 0 8 4 0 8z" class="head"/></marker></defs>
            <g class="edges" aria-hidden="true">

            """
        for route in layout.routes { svg += "<path d=\"\(path(route))\" marker-end=\"url(#arrow)\"/>\n" }
        svg += "</g>\n"
        for (index, node) in graph.nodes.enumerated() {
            svg += self.node(
                node, x: x(layout.column[index]), y: y(layout.place[index]) - nodeHeight / 2,
                anchor: node.item.flatMap { anchors[$0] })
        }
        return svg + "</svg>\n"
    }

    private static func x(_ column: Int) -> Int { margin + column * (nodeWidth + columnGap) }

    /// The middle of a place.
    private static func y(_ place: Double) -> Int { margin + nodeHeight / 2 + Int((place * Double(nodeHeight + rowGap)).rounded()) }

    /// Curves between columns, straight through the columns that an edge passes.
    private static func path(_ route: [(column: Int, place: Double)]) -> String {
        guard let start = route.first else { return "" }
        var (fromX, fromY) = (x(start.column) + nodeWidth, y(start.place))
        var path = "M\(fromX) \(fromY)"
        for (index, stop) in route.dropFirst().enumerated() {
            let (toX, toY) = (x(stop.column), y(stop.place))
            let bend = (toX - fromX) / 2
            path += "C\(fromX + bend) \(fromY) \(toX - bend) \(toY) \(toX) \(toY)"
            (fromX, fromY) = (toX, toY)
            if index < route.count - 2 {
                fromX += nodeWidth
                path += "H\(fromX)"
            }
        }
        return path
    }

    private static func node(_ node: DependencyGraph.Node, x: Int, y: Int, anchor: String?) -> String {
        let sign = node.isDangerous ? "\(node.mark.sign) !" : node.mark.sign
        let signWidth = Int((Double(sign.count + 1) * characterWidth).rounded(.up))
        let shape = """
            <rect x="\(x)" y="\(y)" width="\(nodeWidth)" height="\(nodeHeight)" rx="6"/>\
            <text x="\(x + padding)" y="\(y + 17)" class="sign">\(HTMLEscape.text(sign))</text>\
            <text x="\(x + padding + signWidth)" y="\(y + 17)" class="kind">\(HTMLEscape.text(clipped(node.title, to: nodeWidth - 2 * padding - signWidth)))</text>\
            <text x="\(x + padding)" y="\(y + 32)">\(HTMLEscape.text(clipped(node.subtitle, to: nodeWidth - 2 * padding)))</text>\
            <title>\(HTMLEscape.text(node.label))</title>
            """
        let label = HTMLEscape.text(node.label)
        guard let anchor else { return "<g class=\"node \(HTMLPage.name(node.mark))\">\(shape)</g>\n" }
        return "<a class=\"node \(HTMLPage.name(node.mark))\" href=\"#\(anchor)\" aria-label=\"\(label)\">\(shape)</a>\n"
    }

    private static func clipped(_ text: String, to width: Int) -> String {
        let most = Int(Double(width) / characterWidth)
        return text.count > most ? text.prefix(most - 1) + "…" : text
    }
}
