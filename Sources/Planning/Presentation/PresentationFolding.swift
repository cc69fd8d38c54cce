internal import Manifests

/// What stands in the place of one or more items.
enum PresentedBlock {
    case item(PresentedItem, lines: [PresentedLine])
    /// Items that are counted. `lines` is what each of them says; with `isSame` all say exactly that.
    case fold([PresentedItem], lines: [PresentedLine], isSame: Bool)

    var count: Int {
        switch self {
        case .item: 1
        case .fold(let items, _, _): items.count
        }
    }
}

/// Folds what is too much to read: objects that change in the very same way, and a long plan's rest.
///
/// What is dangerous is never folded.
struct PresentationFolding {
    let options: PresentationOptions
    private let lines: ItemLines
    private let isLong: Bool
    /// How many items have been shown with their fields.
    private var shown = 0

    init(options: PresentationOptions, itemCount: Int) {
        self.options = options
        lines = ItemLines(options: options)
        isLong = itemCount > PresentationOptions.itemsMax
    }

    mutating func blocks(_ items: [PresentedItem]) -> [PresentedBlock] {
        switch options.detail {
        case .summary: return items.map { .item($0, lines: []) }
        case .full: return items.map { .item($0, lines: lines.lines($0)) }
        case .folded: return folded(items)
        }
    }

    private mutating func folded(_ items: [PresentedItem]) -> [PresentedBlock] {
        var alike: [SameChange: [Int]] = [:]
        for (index, item) in items.enumerated() {
            guard item.dangers.isEmpty, let key = SameChange(item) else { continue }
            alike[key, default: []].append(index)
        }
        // What is left of a long plan, by kind and namespace.
        var rest: [RestOfKind: [Int]] = [:]
        var folds: [Int: [Int]] = [:]
        var isFolded = [Bool](repeating: false, count: items.count)
        for (_, indexes) in alike where indexes.count >= PresentationOptions.foldMin {
            folds[indexes[0]] = indexes
            for index in indexes { isFolded[index] = true }
        }
        let sameStarts = Set(folds.keys)
        if isLong {
            var left = max(0, PresentationOptions.itemsMax - shown)
            for (index, item) in items.enumerated() where !isFolded[index] && item.dangers.isEmpty {
                if left > 0 { left -= 1 } else { rest[RestOfKind(item), default: []].append(index) }
            }
            for (_, indexes) in rest where indexes.count >= PresentationOptions.foldMin {
                folds[indexes[0]] = indexes
                for index in indexes { isFolded[index] = true }
            }
        }
        var blocks: [PresentedBlock] = []
        for (index, item) in items.enumerated() {
            if let fold = folds[index] {
                let isSame = sameStarts.contains(index)
                let members = fold.map { items[$0] }
                blocks.append(.fold(members, lines: isSame ? lines.lines(item) : fieldCounts(members), isSame: isSame))
            } else if !isFolded[index] {
                shown += 1
                blocks.append(.item(item, lines: lines.lines(item)))
            }
        }
        return blocks
    }

    /// Which fields differ in how many of the items, the most frequent first.
    private func fieldCounts(_ items: [PresentedItem]) -> [PresentedLine] {
        var counts: [String: Int] = [:]
        for item in items {
            guard case .fields(let differences, let object) = item.content else { continue }
            for name in Set(differences.map { $0.field ?? FieldText.text($0.path, in: object) }) { counts[name, default: 0] += 1 }
        }
        let sorted = counts.sorted { $0.value != $1.value ? $0.value > $1.value : UTF8Order.isLess($0.key, $1.key) }
        var lines = sorted.prefix(5).map { PresentedLine.note("\(VisibleText.text($0.key)) differs in \($0.value)") }
        if sorted.count > 5 { lines.append(.gap(ItemLines.count(sorted.count - 5, "more field"))) }
        return lines
    }

    /// Objects of one kind that change in the same way.
    private struct SameChange: Hashable {
        let kind: GroupKind
        let verb: String
        let causes: [ChangeCause]
        let differences: [FieldDifference]

        init?(_ item: PresentedItem) {
            guard item.notes.isEmpty, case .fields(let differences, _) = item.content else { return nil }
            kind = item.reference.groupKind
            verb = item.verb
            causes = item.causes
            self.differences = differences
        }
    }

    private struct RestOfKind: Hashable {
        let kind: GroupKind
        let namespace: String
        let verb: String
        let causes: [ChangeCause]

        init(_ item: PresentedItem) {
            kind = item.reference.groupKind
            namespace = item.reference.namespace
            verb = item.verb
            causes = item.causes
        }
    }
}

extension [PresentedItem] {
    /// `312 apps/Deployment: shop/web-1, shop/web-2 and 310 more`
    func foldTitle(names: Int) -> String {
        let kind = first?.reference.groupKind.description ?? ""
        let shown = prefix(names).map { item in
            item.reference.namespace.isEmpty ? item.reference.name : "\(item.reference.namespace)/\(item.reference.name)"
        }
        let more = count > names ? " and \(count - names) more" : ""
        return VisibleText.text("\(count) \(kind): \(shown.joined(separator: ", "))\(more)")
    }
}
