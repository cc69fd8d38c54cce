internal import Manifests

/// How many objects of each kind there are of each verb: the table of a long plan.
struct KindCounts {
    /// `create`, `update` …, as far as they occur, in the order in which they are named.
    let verbs: [String]
    let rows: [(kind: String, counts: [Int])]

    private static let order = ChangeAction.allCases.map(\.rawValue)

    init(_ items: [PresentedItem]) {
        var byKind: [GroupKind: [String: Int]] = [:]
        var seen: Set<String> = []
        for item in items {
            byKind[item.reference.groupKind, default: [:]][item.verb, default: 0] += 1
            seen.insert(item.verb)
        }
        let verbs = seen.sorted { left, right in
            let places = (Self.order.firstIndex(of: left) ?? Self.order.count, Self.order.firstIndex(of: right) ?? Self.order.count)
            return places.0 != places.1 ? places.0 < places.1 : left < right
        }
        self.verbs = verbs
        rows = byKind.sorted { UTF8Order.isLess($0.key.description, $1.key.description) }.map { kind, counts in
            (VisibleText.text(kind.description), verbs.map { counts[$0] ?? 0 })
        }
    }
}
