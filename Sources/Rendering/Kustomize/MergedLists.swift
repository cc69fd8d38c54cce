import Manifests

/// The lists of a strategic merge by keys: the object's, the patch's, and the one that comes of both.
///
/// The steps are kyaml's (`associative_sequence.go`, `ElementSetter`), because what happens to elements that lack a key or
/// stand there twice follows from them alone.
struct MergedLists {
    var target: [Value]
    private(set) var changes: [Value]?
    private var merged: [Value] = []
    private let keys: [String]
    private let isSame: Bool
    /// The values of the keys of each element, those of the patch first; an empty text where an element lacks the key.
    let identities: [[String]]
    private let allKeys: Set<String>

    init(target: [Value], changes: [Value]?, isSame: Bool, keys: [String]) {
        self.target = target
        self.changes = changes
        self.isSame = isSame
        var identities: [[String]] = []
        var seen: Set<[String]> = []
        let all = isSame ? target : (changes ?? []) + target
        // Without keys it is a list of scalars, each its own identity.
        self.keys = keys.isEmpty ? [""] : keys
        for item in all {
            let values = keys.isEmpty ? [ScalarText.text(item)] : keys.map { Self.keyValue(item, $0) }
            if seen.insert(values).inserted { identities.append(values) }
        }
        if self.keys.count > 1 { identities = Self.completed(identities) }
        self.identities = identities
        var used: Set<String> = []
        for values in identities {
            for (index, value) in values.enumerated() where !value.isEmpty { used.insert(self.keys[index]) }
        }
        allKeys = used
    }

    private static func keyValue(_ item: Value, _ key: String) -> String {
        guard let value = item[key] else { return "" }
        switch value {
        case .null, .array, .object: return ""
        case .bool, .int, .unsigned, .double, .string: return ScalarText.text(value)
        }
    }

    /// Of two elements one may leave out a key that the other has: `containerPort` with and without `protocol`.
    private static func completed(_ identities: [[String]]) -> [[String]] {
        var identities = identities
        // Every pair is looked at; beyond this the lists are no ports any more.
        guard identities.count <= 512 else { return identities }
        for i in identities.indices {
            for j in identities.indices {
                guard let values = match(identities[i], identities[j]) else { continue }
                identities[i] = values
                identities[j] = values
            }
        }
        return identities
    }

    private static func match(_ left: [String], _ right: [String]) -> [String]? {
        var hasCommon = false
        var values: [String] = []
        for (a, b) in zip(left, right) {
            if a == b {
                hasCommon = true
                values.append(a)
            } else if a.isEmpty || b.isEmpty {
                values.append(a.isEmpty ? b : a)
            } else {
                return nil
            }
        }
        return hasCommon ? values : nil
    }

    /// The keys that any element has, and the values for them.
    func valid(_ values: [String]) -> (keys: [String], values: [String]) {
        if allKeys.isEmpty { return (keys, values) }
        var validKeys: [String] = []
        var validValues: [String] = []
        for (index, key) in keys.enumerated() {
            if allKeys.contains(key) { validKeys.append(key) }
            if !values[index].isEmpty || allKeys.contains(key) { validValues.append(values[index]) }
        }
        return (validKeys, validValues)
    }

    /// The place of the first element with these values, those that are empty left aside when others are not.
    func find(in list: [Value], _ keys: [String], _ values: [String]) -> Int? {
        var (keys, values) = (keys, values)
        if values.contains(where: { !$0.isEmpty }) {
            let kept = keys.indices.filter { !values[$0].isEmpty }
            (keys, values) = (kept.map { keys[$0] }, kept.map { values[$0] })
        }
        if keys == [""] { return list.firstIndex { ScalarText.isScalar($0) && ScalarText.text($0) == values[0] } }
        return list.firstIndex { item in
            guard case .object(let object) = item else { return false }
            return zip(keys, values).allSatisfy { Self.has(object, $0, $1) }
        }
    }

    /// An empty text stands for any value.
    private static func has(_ object: Object, _ key: String, _ value: String) -> Bool {
        guard let own = object[key] else { return false }
        return value.isEmpty || ScalarText.text(own) == value
    }

    static func isEmpty(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .object(let object): object.isEmpty
        case .bool, .int, .unsigned, .double, .string, .array: false
        }
    }

    /// Gives an element the keys that it was found by.
    func complete(_ element: inout Value, _ keys: [String], _ values: [String]) {
        guard case .object(var object) = element else { return }
        element = .null
        for (key, value) in zip(keys, values) where !key.isEmpty && !value.isEmpty && object.index(of: key) == nil {
            object[key] = ScalarText.plain(value)
        }
        element = .object(object)
    }

    mutating func remove(_ keys: [String], _ values: [String]) { Self.set(nil, in: &target, keys, values) }

    mutating func add(_ element: Value, _ keys: [String], _ values: [String]) { Self.set(element, in: &merged, keys, values) }

    /// Puts the elements of the object behind those of the patch, each in the place of the one it was merged into.
    mutating func finish(_ keys: [String]) -> [Value] {
        guard !identities.isEmpty else { return target }
        for item in target {
            if keys == [""] {
                Self.set(item, in: &merged, keys, [ScalarText.text(item)])
                continue
            }
            var values: [String] = []
            for key in keys {
                guard let value = item[key] else {
                    merged.append(item)
                    continue
                }
                values.append(ScalarText.text(value))
            }
            if keys.count > 1 { Self.set(nil, in: &merged, keys, values) }
            Self.set(item, in: &merged, keys, values)
        }
        return merged
    }

    /// Puts an element in the place of all that have these values, or at the end; takes them out when there is none.
    private static func set(_ element: Value?, in list: inout [Value], _ keys: [String], _ values: [String]) {
        var result: [Value] = []
        result.reserveCapacity(list.count + 1)
        var isFound = false
        let setsMapping = !(keys.first ?? "").isEmpty && !(values.first ?? "").isEmpty
        for item in list {
            if isEmpty(item) { continue }
            if case .object(let object) = item {
                var matches = true
                for (index, key) in keys.enumerated() where index < values.count {
                    if key.isEmpty || !has(object, key, values[index]) {
                        matches = false
                        break
                    }
                }
                if values.isEmpty { matches = true }
                guard matches else {
                    result.append(item)
                    continue
                }
            } else {
                if setsMapping || keys != [""] || ScalarText.text(item) != values.first ?? "" {
                    result.append(item)
                    continue
                }
            }
            isFound = true
            if let element { result.append(element) }
        }
        if !isFound, let element { result.append(element) }
        list = result
    }
}
