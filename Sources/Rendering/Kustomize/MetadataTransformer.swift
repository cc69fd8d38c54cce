import Manifests

/// Adds entries to mappings of texts: labels with selectors, or annotations.
struct MetadataTransformer: Sendable {
    var entries: [(key: String, value: String)]
    var specs: [FieldSpec]

    func apply(to map: inout ResourceMap) throws {
        guard !entries.isEmpty else { return }
        var list = FieldSpecList(specs)
        try map.updateContents { resource in
            var added: [String: [[String]]] = [:]
            for spec in list.specs(for: resource.gvk) {
                do {
                    var before: [[String]: [String]] = [:]
                    for path in SharedEntry.mappings(spec, in: resource.value) {
                        before[path] = SharedEntry.keys(in: resource.value, at: path)
                    }
                    try FieldWalker.apply(spec, to: &resource.value, creating: .mapping, add)
                    for path in SharedEntry.mappings(spec, in: resource.value) {
                        let known = before[path] ?? []
                        for entry in entries where !known.contains(entry.key) { added[entry.key, default: []].append(path) }
                    }
                } catch let fault as Diagnostic {
                    throw Diagnostic(fault.message, at: resource.source, object: resource.currentID.description, advice: fault.advice)
                }
            }
            SharedEntry.sync(&resource)
            for entry in entries {
                guard let mappings = added[entry.key], mappings.count > 1 else { continue }
                resource.sharedEntries.append(SharedEntry(key: entry.key, value: entry.value, mappings: mappings))
            }
        }
    }

    private func add(_ value: inout Value) throws {
        switch value {
        case .object(var object):
            value = .null
            for entry in entries { object[entry.key] = .string(entry.value) }
            value = .object(object)
        case .null: return
        case .bool, .int, .unsigned, .double, .string, .array:
            throw Diagnostic("expected a mapping, found \(value.kindDescription)")
        }
    }
}
