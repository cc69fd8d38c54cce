/// How a chart's values and those of its subcharts come together (pkg/chart/common/util/coalesce.go).
///
/// "Coalescing" takes keys with null away; "merging" keeps them, for a later pass.
enum ChartValues {
    private static let depthMax = 1000

    /// The user's values with the charts' own below them.
    static func coalesce(_ tree: ChartTree, _ values: GoMap) throws -> GoMap { try combined(tree, values, merges: false) }

    /// The same without taking nulls away.
    static func merge(_ tree: ChartTree, _ values: GoMap) throws -> GoMap { try combined(tree, values, merges: true) }

    private static func combined(_ tree: ChartTree, _ values: GoMap, merges: Bool) throws -> GoMap {
        guard case .map(let copy) = try SprigDicts.deepCopy(.map(values)) else { return values }
        try combine(tree, copy, merges)
        return copy
    }

    private static func combine(_ tree: ChartTree, _ destination: GoMap, _ merges: Bool) throws {
        try combineOwn(tree, destination, merges)
        for subchart in tree.dependencies {
            let name = subchart.name
            if destination[name] == nil { destination[name] = .map(GoMap()) }
            guard case .map(let table)? = destination[name] else {
                throw GoError("type mismatch on \(name): %!t(\(typeText(destination[name] ?? .null)))")
            }
            passGlobals(to: table, from: destination)
            try combine(subchart, table, merges)
        }
    }

    private static func typeText(_ value: GoValue) -> String {
        value.isPlainNil ? "<nil>" : "\(value.typeName)=\(GoFormatter.verb(value))"
    }

    /// `global` of the parent over the child's own.
    private static func passGlobals(to child: GoMap, from parent: GoMap) {
        let key = "global"
        let childGlobals: GoMap
        switch child[key] {
        case nil: childGlobals = GoMap()
        case .map(let map)?: childGlobals = map
        default: return
        }
        let parentGlobals: GoMap
        switch parent[key] {
        case nil: parentGlobals = GoMap()
        case .map(let map)?: parentGlobals = map
        default: return
        }
        for member in parentGlobals.members {
            if case .map(let table) = member.value {
                let copy = table.copy()
                switch childGlobals[member.key] {
                case nil: childGlobals[member.key] = .map(copy)
                case .map(let existing)?:
                    combineTables(copy, existing, true, depth: 0)
                    childGlobals[member.key] = .map(copy)
                default: break
                }
            } else if case .map? = childGlobals[member.key] {
                continue
            } else {
                childGlobals[member.key] = member.value
            }
        }
        child[key] = .map(childGlobals)
    }

    private static func combineOwn(_ tree: ChartTree, _ destination: GoMap, _ merges: Bool) throws {
        guard case .map(let own) = try SprigDicts.deepCopy(.map(tree.values)) else { return }
        for member in own.members {
            guard let value = destination[member.key] else {
                if !merges {
                    if member.value.isPlainNil { continue }
                    if case .map(let table) = member.value { removeNulls(table, depth: 0) }
                }
                destination[member.key] = member.value
                continue
            }
            if value.isPlainNil, !merges {
                destination[member.key] = nil
            } else if case .map(let table) = value, case .map(let source) = member.value {
                let isSubchart = tree.dependencies.contains { $0.name == member.key }
                let merges = merges || isSubchart
                if !merges { removeNulls(source, depth: 0) }
                combineTables(table, source, merges, depth: 0)
            }
        }
    }

    /// The source's members below the destination's own.
    static func combineTables(_ destination: GoMap, _ source: GoMap, _ merges: Bool, depth: Int) {
        guard depth < depthMax else { return }
        let nonNull = Set(source.members.lazy.filter { !$0.value.isPlainNil }.map(\.key))
        for member in destination.members where member.value.isPlainNil { source[member.key] = .null }
        for member in source.members {
            let existing = destination[member.key]
            if let existing, !merges, existing.isPlainNil, nonNull.contains(member.key) {
                destination[member.key] = nil
            } else if existing == nil {
                destination[member.key] = member.value
            } else if case .map(let sourceTable) = member.value, case .map(let table)? = existing {
                combineTables(table, sourceTable, merges, depth: depth + 1)
            }
        }
    }

    private static func removeNulls(_ map: GoMap, depth: Int) {
        guard depth < depthMax else { return }
        for member in map.members {
            if member.value.isPlainNil {
                map[member.key] = nil
            } else if case .map(let table) = member.value {
                removeNulls(table, depth: depth + 1)
            }
        }
    }

    /// The table at the end of a dotted path.
    static func table(_ path: String, in map: GoMap) -> GoMap? {
        var table = map
        for key in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard case .map(let next)? = table[String(key)] else { return nil }
            table = next
        }
        return table
    }

    /// The value, no table, at the end of a dotted path.
    static func value(_ path: String, in map: GoMap) -> GoValue? {
        var keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let last = keys.popLast() else { return nil }
        let table = keys.isEmpty ? map : self.table(keys.joined(separator: "."), in: map)
        guard let value = table?[last] else { return nil }
        if case .map = value { return nil }
        return value
    }
}
