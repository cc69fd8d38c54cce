import Manifests

/// One served resource: a plural name under a group and version.
struct Resource: Sendable {
    var group: String
    var version: String
    var plural: String
    var singular: String
    var kind: String
    var listKind: String
    var isNamespaced: Bool
    var verbs: Set<String>
    var shortNames: [String] = []
    var categories: [String] = []
    var subresources: [Subresource] = []
    var type: TypeNode
    /// Defined by a CustomResourceDefinition.
    var isCustom = false
    /// Where a custom resource keeps its scale's fields.
    var scalePaths: ScalePaths?

    struct Subresource: Sendable {
        var name: String
        var group: String
        var version: String
        var kind: String
        var verbs: Set<String>
    }

    struct ScalePaths: Sendable {
        var replicas: String
        var statusReplicas: String
        var selector: String?
    }

    var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    /// As messages name it: `deployments.apps`.
    var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }
    /// Where its objects are kept: versions of one kind share a place.
    var storageKey: String { qualifiedName }

    func hasSubresource(_ name: String) -> Bool { subresources.contains { $0.name == name } }
}
