import Manifests

/// An entry that one transformer added to several mappings of a resource: a label in `metadata`, selector and template.
///
/// kustomize adds the same YAML node to all of them (`filtersutil.SetEntry`), and whoever changes the value later changes it
/// in place: an overlay that sets the label in `metadata` alone sets it in selector and template as well.
struct SharedEntry: Sendable {
    var key: String
    var value: String
    /// The mappings, as keys from the object down.
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
            guard case .object(let object) = value, let next = object[part] else { return Optional.none }
            value = next
        }
        guard case .object(let object) = value else { return Optional.none }
        return object[key]
    }

    private static func set(_ text: String, _ key: String, in value: inout Value, at path: ArraySlice<String>) {
        guard case .object(var object) = value else { return }
        value = .null
        if let part = path.first {
            object.update(part) { set(text, key, in: &$0, at: path.dropFirst()) }
        } else {
            object[key] = .string(text)
        }
        value = .object(object)
    }

    /// Whether the path of a specification leads through mappings alone, to one of them.
    static func path(_ spec: FieldSpec, in value: Value) -> [String]? {
        var value = value
        for segment in spec.path.segments {
            guard !segment.isList, case .object(let object) = value, let next = object[segment.name] else { return nil }
            value = next
        }
        guard case .object = value else { return nil }
        return spec.path.segments.map(\.name)
    }
}
