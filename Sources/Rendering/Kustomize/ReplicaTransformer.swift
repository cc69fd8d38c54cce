import Manifests

/// Sets the number of replicas of the workloads of a name (the field `replicas`).
struct ReplicaTransformer: Sendable {
    var name: String
    var count: Int64
    var specs: [FieldSpec]
    /// Where the kustomization says so.
    var position: @Sendable () -> SourcePosition?

    func apply(to map: inout ResourceMap) throws {
        var isFound = false
        for spec in specs.lazy.map(\.prepared) {
            for place in map.places(where: { $0.name == name && spec.selects($0.kind) }) {
                isFound = true
                try map.update(place) { resource in
                    do {
                        try FieldWalker.apply(spec, to: &resource.value, creating: .scalar) { value in
                            guard ScalarText.isScalar(value) else {
                                throw Diagnostic("a number of replicas is an integer, and here is \(value.kindDescription)")
                            }
                            // An empty text is the field that was made just now.
                            let isNew = value == .string("")
                            value = isNew ? .int(count) : ScalarText.keepingQuotes(of: value, on: .int(count), isQuoted: false)
                        }
                    } catch let fault as Diagnostic {
                        throw Diagnostic(fault.message, at: resource.source, object: resource.currentID.description, advice: fault.advice)
                    }
                }
            }
        }
        guard isFound else {
            let kinds = specs.map(\.selector.kind).filter { !$0.isEmpty }.joined(separator: ", ")
            throw Diagnostic("there is no \(kinds) named '\(name)' whose replicas could be set", at: position())
        }
    }
}
