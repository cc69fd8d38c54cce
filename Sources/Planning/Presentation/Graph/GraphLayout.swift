/// Places the nodes of a graph in columns, so that every edge runs from left to right (after Sugiyama, 1981).
///
/// Columns by the longest way from a node that needs nothing; long edges through a place of their own in each column
/// between; places in a column by the mean of their neighbours' places, swept back and forth.
struct GraphLayout {
    /// Where each node stands: its column, and its place in the column counted from the top.
    private(set) var column: [Int]
    private(set) var place: [Double]
    /// For each drawn edge the places it runs through, from node to node.
    private(set) var routes: [[(column: Int, place: Double)]] = []
    private(set) var columnCount = 0
    /// The places of the fullest column.
    private(set) var placeCount = 0

    private static let sweeps = 8
    /// The nodes that stand above each other on a screen.
    private static let screenPlaces = 14

    /// - Parameter edges: From a node to a later one: `from < to`.
    init(nodeCount: Int, edges: [(from: Int, to: Int)]) {
        column = [Int](repeating: 0, count: nodeCount)
        place = [Double](repeating: 0, count: nodeCount)
        guard nodeCount > 0 else { return }
        let edges = Self.withoutShortcuts(nodeCount: nodeCount, edges: edges)
        for edge in edges.sorted(by: { ($0.to, $0.from) < ($1.to, $1.from) }) {
            column[edge.to] = max(column[edge.to], column[edge.from] + 1)
        }
        columnCount = (column.max() ?? 0) + 1
        var columns = [[Int]](repeating: [], count: columnCount)
        for node in 0..<nodeCount { columns[column[node]].append(node) }
        // Vertices from `nodeCount` on are the places of long edges.
        var vertexColumn = column
        var neighbours = [[Int]](repeating: [], count: nodeCount)
        var chains: [[Int]] = []
        for edge in edges {
            var chain = [edge.from]
            for between in (column[edge.from] + 1)..<max(column[edge.from] + 1, column[edge.to]) {
                chain.append(vertexColumn.count)
                columns[between].append(vertexColumn.count)
                vertexColumn.append(between)
                neighbours.append([])
            }
            chain.append(edge.to)
            for (left, right) in zip(chain, chain.dropFirst()) {
                neighbours[left].append(right)
                neighbours[right].append(left)
            }
            chains.append(chain)
        }
        var places = [Double](repeating: 0, count: vertexColumn.count)
        for members in columns { for (index, vertex) in members.enumerated() { places[vertex] = Double(index) } }
        for sweep in 0..<Self.sweeps {
            let isForward = sweep % 2 == 0
            for index in isForward ? Array(columns.indices) : columns.indices.reversed() {
                Self.sort(&columns[index], places: &places) { vertex in
                    neighbours[vertex].filter { isForward ? vertexColumn[$0] < index : vertexColumn[$0] > index }
                }
            }
        }
        placeCount = columns.map(\.count).max() ?? 0
        // Short columns stand in the middle of the tallest, unless that is higher than a screen.
        for members in columns {
            let offset = placeCount > Self.screenPlaces ? 0 : Double(placeCount - members.count) / 2
            for (index, vertex) in members.enumerated() { places[vertex] = Double(index) + offset }
        }
        place = Array(places[..<nodeCount])
        routes = chains.map { chain in chain.map { (vertexColumn[$0], places[$0]) } }
    }

    private static func sort(_ members: inout [Int], places: inout [Double], neighbours: (Int) -> [Int]) {
        var wanted: [(vertex: Int, at: Double, was: Int)] = []
        for (index, vertex) in members.enumerated() {
            let others = neighbours(vertex)
            let mean = others.isEmpty ? places[vertex] : others.reduce(0) { $0 + places[$1] } / Double(others.count)
            wanted.append((vertex, mean, index))
        }
        wanted.sort { ($0.at, $0.was) < ($1.at, $1.was) }
        members = wanted.map(\.vertex)
        for (index, vertex) in members.enumerated() { places[vertex] = Double(index) }
    }

    /// Leaves out an edge where a longer way says the same: a reader follows that one.
    private static func withoutShortcuts(nodeCount: Int, edges: [(from: Int, to: Int)]) -> [(from: Int, to: Int)] {
        var next = [[Int]](repeating: [], count: nodeCount)
        for edge in edges { next[edge.from].append(edge.to) }
        // What can be reached from each node in one or more steps; later nodes are known first.
        var reachable = [Set<Int>](repeating: [], count: nodeCount)
        var kept: [(from: Int, to: Int)] = []
        for node in stride(from: nodeCount - 1, through: 0, by: -1) {
            for to in next[node] where !next[node].contains(where: { $0 != to && reachable[$0].contains(to) }) {
                kept.append((node, to))
            }
            for to in next[node] {
                reachable[node].insert(to)
                reachable[node].formUnion(reachable[to])
            }
        }
        return kept.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }
}
