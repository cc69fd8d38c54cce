import Manifests

/// Applies JSON patches to resources.
enum OperationPatcher {
    static func apply(
        _ patch: JSONPatch, to places: [Int], in map: inout ResourceMap, storesPreviousID: Bool, at position: () -> SourcePosition
    ) throws {
        for place in places {
            let id = map.resources[place].currentID
            do {
                try map.updateID(place) { resource in
                    if storesPreviousID { resource.storePreviousID() }
                    if resource.hasNotes { resource.makeRoomForAnnotations() }
                    var value = resource.value
                    resource.value = .null
                    try patch.apply(to: &value)
                    resource.value = throughJSON(value)
                    // Annotations that are no mapping give way to kustomize's own.
                    if storesPreviousID, let odd = resource.value["metadata"]?["annotations"], odd.object == nil {
                        resource.setMetadata("annotations", nil)
                    }
                    resource.forgetSource(annotationsAreReplaced: patch.replacesAnnotations)
                }
            } catch let fault as Diagnostic {
                throw Diagnostic(fault.message, at: position(), object: id.description, advice: fault.advice)
            }
        }
    }

    /// kustomize reads the patched object back from JSON with all numbers as floating-point ones.
    private static func throughJSON(_ value: Value) -> Value {
        guard hasLargeInteger(value) else { return value }
        switch value {
        case .int(let int): return isLarge(int) ? .double(Double(int)) : value
        case .unsigned(let unsigned): return .double(Double(unsigned))
        case .array(let items): return .array(items.map(throughJSON))
        case .object(let object):
            return .object(Object(object.members.map { Member(key: $0.key, value: throughJSON($0.value)) }))
        case .null, .bool, .double, .string: return value
        }
    }

    private static func isLarge(_ int: Int64) -> Bool { int > 1 << 53 || int < -(1 << 53) }

    private static func hasLargeInteger(_ value: Value) -> Bool {
        switch value {
        case .int(let int): isLarge(int)
        case .unsigned: true
        case .array(let items): items.contains(where: hasLargeInteger)
        case .object(let object): object.members.contains { hasLargeInteger($0.value) }
        case .null, .bool, .double, .string: false
        }
    }
}

extension Resource {
    /// Whether kustomize has annotations of its own on the resource, in which it remembers what we keep in fields.
    fileprivate var hasNotes: Bool {
        !previous.isEmpty || !prefixes.isEmpty || !suffixes.isEmpty || needsHash || behavior != .unspecified || origin != nil
            || !transformations.isEmpty
    }

    /// A patch may add an annotation where kustomize has some already; what stays empty is not printed.
    fileprivate mutating func makeRoomForAnnotations() {
        guard case .object(let metadata)? = value["metadata"], metadata["annotations"]?.isNull ?? true else { return }
        setMetadata("annotations", .object(Object()))
    }

    /// JSON knows no blanks, quotes or ways to write a number, and no node that stands in two places.
    fileprivate mutating func forgetSource(annotationsAreReplaced: Bool) {
        blanks = []
        quoted = []
        sharedEntries = []
        if annotationsAreReplaced { forgetOrigin() }
        for odd in oddAnnotations {
            guard case .object(var annotations)? = value["metadata"]?["annotations"], let index = annotations.index(of: odd.key),
                case .string(let text) = annotations.members[index].value, ScalarText.plain(text) == odd.value || text.isEmpty
            else { continue }
            annotations.members[index].value = .string(ScalarText.text(odd.value))
            setMetadata("annotations", .object(annotations))
        }
        oddAnnotations = []
        texts = [:]
    }
}
