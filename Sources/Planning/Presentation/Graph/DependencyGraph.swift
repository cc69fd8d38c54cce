internal import Manifests

/// The graph that is drawn: a node for each change, or where there are too many one for the changes of a kind.
struct DependencyGraph {
    struct Node {
        var mark: PresentedMark
        /// The node's two lines: what it is, and which.
        var title: String
        var subtitle: String
        /// The id of the item that it leads to.
        var item: String?
        /// What a screen reader says.
        var label: String
        var isDangerous: Bool
    }

    var nodes: [Node]
    /// Pairs of indexes: the first must be done before the second.
    var edges: [(from: Int, to: Int)]
    /// Whether nodes stand for several changes.
    var isFolded: Bool

    /// More nodes than this are folded.
    static let nodesMax = 60
    /// By kind and namespace, or by kind alone where that makes more nodes than this: an overview is to be seen at once.
    static let foldedNodesMax = 24

    init(_ presentation: Presentation) {
        let items = presentation.items
        if items.count <= Self.nodesMax {
            self.init(items: items)
            return
        }
        let byNamespace = items.map { "\($0.verb)\u{0}\($0.reference.groupKind)\u{0}\($0.reference.namespace)" }
        if Set(byNamespace).count <= Self.foldedNodesMax {
            self.init(folding: items, keys: byNamespace, namesNamespace: true)
            return
        }
        let byKind = items.map { "\($0.verb)\u{0}\($0.reference.groupKind)" }
        if Set(byKind).count <= Self.nodesMax {
            self.init(folding: items, keys: byKind, namesNamespace: false)
            return
        }
        let stages = presentation.groups.flatMap { group in group.items.map { _ in group.title } }
        self.init(folding: items, keys: stages, namesNamespace: false, title: { $0 })
    }

    private init(items: [PresentedItem]) {
        nodes = items.map { item in
            let place = item.reference.namespace.isEmpty ? "" : "\(item.reference.namespace)/"
            return Node(
                mark: item.mark, title: VisibleText.text(item.reference.kind),
                subtitle: VisibleText.text(place + item.reference.name), item: item.id, label: "\(item.verb) \(item.id)",
                isDangerous: !item.dangers.isEmpty)
        }
        edges = Self.edges(items, node: Array(items.indices))
        isFolded = false
    }

    private init(
        folding items: [PresentedItem], keys: [String], namesNamespace: Bool, title: ((String) -> String)? = nil
    ) {
        var indexes: [String: Int] = [:]
        var members: [[PresentedItem]] = []
        var node: [Int] = []
        for (item, key) in zip(items, keys) {
            let index = indexes[key] ?? members.count
            if index == members.count {
                indexes[key] = index
                members.append([])
            }
            members[index].append(item)
            node.append(index)
        }
        let titles = title.map { title in indexes.sorted { $0.value < $1.value }.map { title($0.key) } }
        nodes = members.enumerated().map { index, items in
            let first = items[0]
            let kind = titles?[index] ?? VisibleText.text(first.reference.kind)
            let isMixed = items.contains { $0.mark != first.mark }
            let place = namesNamespace && !first.reference.namespace.isEmpty ? " in \(VisibleText.text(first.reference.namespace))" : ""
            let count = "\(items.count) × \(isMixed ? "changes" : first.verb)"
            return Node(
                mark: isMixed ? .changed : first.mark, title: kind, subtitle: count + place, item: first.id,
                label: "\(count) \(kind)\(place)", isDangerous: items.contains { !$0.dangers.isEmpty })
        }
        edges = Self.edges(items, node: node)
        isFolded = true
    }

    /// The dependencies between different nodes, each once. Of two nodes that need each other in a circle, which folding may
    /// make, the direction of the order of execution is kept.
    private static func edges(_ items: [PresentedItem], node: [Int]) -> [(from: Int, to: Int)] {
        var places: [String: Int] = [:]
        for (index, item) in items.enumerated() { places[item.id] = index }
        var seen: Set<[Int]> = []
        var edges: [(from: Int, to: Int)] = []
        for (index, item) in items.enumerated() {
            for needed in item.dependsOn {
                guard let place = places[needed] else { continue }
                let (from, to) = (node[place], node[index])
                guard from < to, seen.insert([from, to]).inserted else { continue }
                edges.append((from, to))
            }
        }
        return edges
    }
}
