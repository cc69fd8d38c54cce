import Manifests

/// What a kustomization hands to the one above: its resources, and the configuration and variables that came along.
struct Accumulator: Sendable {
    var map = ResourceMap()
    var configuration = TransformerConfiguration()
    var variables: [VariableField] = []

    mutating func merge(_ other: consuming Accumulator) throws {
        try map.append(other.map)
        try configuration.merge(other.configuration)
        try Variables.merge(other.variables, into: &variables)
    }
}
