import Manifests

/// Adds entries to mappings of texts: labels with selectors, or annotations.
struct MetadataTransformer: Sendable {
    var entries: [(key: String, value: String)]
    var specs: [FieldSpec]

    func apply(to map: inout ResourceMap) throws {
        guard !entries.isEmpty else { return }
        var list = FieldSpecList(specs)
        try map.updateContents { resource in
            for spec in list.specs(for: resource.gvk) {
                do {
                    try FieldWalker.apply(spec, to: &resource.value, creating: .mapping, add)
                } catch let fault as Diagnostic {
                    throw Diagnostic(fault.message, at: resource.source, object: resource.currentID.description, advice: fault.advice)
                }
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
        case .bool, .int, .double, .string, .array:
            throw Diagnostic("expected a mapping, found \(value.kindDescription)")
        }
    }
}
