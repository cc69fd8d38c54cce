import Manifests

/// An entry that one transformer added to several mappings of a resource: a label in `metadata`, selector and template.
///
/// kustomize adds the same YAML node to all of them (`filtersutil.SetEntry`), and whoever changes the value later changes it
/// in place: an overlay that sets the label in `metadata` alone sets it in selector and template as well.
struct SharedEntry: Sendable {
    var key: String
    var value: String
    /// The mappings, as keys and numbers of elements from the object down.
    var mappings: [[String]]

    /// Lets all places of the shared entries have the value that one of them was given.
    static func sync(_ resource: inout Resource) {
        guard !resource.sharedEntries.isEmpty else { return }
        for index in resource.sharedEntries.indices {
            var entry = resource.sharedEntries[index]
            entry.mappings = entry.mappings.filter { entry.value(in: resource.value, at: $0[...]) != nil }
            let values = entry.mappings.compactMap { entry.value(in: resource.value, at: $0[...]) }
            if let new = values.first(where: { $0 != .string(entry.value) }), case .string(let text) = new {
                for mapping in entry.mappings { set(text, entry.key, in: &resource.value, at: mapping[...]) }
                entry.value = text
            }
            resource.sharedEntries[index] = entry
        }
        resource.sharedEntries.removeAll { $0.mappings.count < 2 }
    }

    private func value(in value: Value, at path: ArraySlice<String>) -> Value? {
        var value = value
        for part in path {
            guard let next = Self.child(part, of: value) else { return Optional.none }
            value = next
        }
        guard case .object(let object) = value else { return Optional.none }
        return object[key]
    }

    private static func child(_ part: String, of value: Value) -> Value? {
        switch value {
        case .object(let object): return object[part]
        case .array(let items):
            guard let index = Int(part), items.indices.contains(index) else { return Optional.none }
            return items[index]
        case .null, .bool, .int, .unsigned, .double, .string: return Optional.none
        }
    }

    private static func set(_ text: String, _ key: String, in value: inout Value, at path: ArraySlice<String>) {
        switch value {
        case .object(var object):
            value = .null
            if let part = path.first {
                object.update(part) { set(text, key, in: &$0, at: path.dropFirst()) }
            } else {
                object[key] = .string(text)
            }
            value = .object(object)
        case .array(var items):
            guard let part = path.first, let index = Int(part), items.indices.contains(index) else { return }
            value = .null
            set(text, key, in: &items[index], at: path.dropFirst())
            value = .array(items)
        case .null, .bool, .int, .unsigned, .double, .string: return
        }
    }

    /// The mappings that the path of a specification leads to.
    static func mappings(_ spec: FieldSpec, in value: Value) -> [[String]] {
        var found: [[String]] = []
        collect(value, spec.path.segments[...], way: [], into: &found)
        return found
    }

    private static func collect(_ value: Value, _ path: ArraySlice<FieldPath.Segment>, way: [String], into found: inout [[String]]) {
        switch value {
        case .object(let object):
            guard let segment = path.first else { return found.append(way) }
            guard let next = object[segment.name] else { return }
            collect(next, path.dropFirst(), way: way + [segment.name], into: &found)
        case .array(let items):
            for (index, item) in items.enumerated() { collect(item, path, way: way + [String(index)], into: &found) }
        case .null, .bool, .int, .unsigned, .double, .string: return
        }
    }

    /// The keys of a mapping.
    static func keys(in value: Value, at path: [String]) -> [String] {
        var value = value
        for part in path { value = child(part, of: value) ?? .null }
        return value.object?.members.map(\.key) ?? []
    }
}
