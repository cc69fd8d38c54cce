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
                    var value = resource.value
                    resource.value = .null
                    try patch.apply(to: &value)
                    resource.value = throughJSON(value)
                    resource.blanks = []
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
        case .array(let items): items.contains(where: hasLargeInteger)
        case .object(let object): object.members.contains { hasLargeInteger($0.value) }
        case .null, .bool, .double, .string: false
        }
    }
}
