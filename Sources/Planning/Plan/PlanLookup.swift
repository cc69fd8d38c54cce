package import Manifests

/// A live object, or all of a kind, that templates looked up while the plan was rendered: a plan of another answer would be
/// another plan.
package struct PlanLookup: Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    package var namespace: String
    /// Empty for all of the kind.
    package var name: String
    /// Of the answer. Secret values are left out, as a digest would let a short one be guessed; a Secret's resourceVersion
    /// stands in for them.
    package var digest: String

    package init(apiVersion: String, kind: String, namespace: String, name: String, digest: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.digest = digest
    }

    /// - Parameter answer: the object or list that was found; an empty mapping for none.
    package static func digest(of answer: Value) -> String { Digest.sha256(of: comparable(answer)) }

    private static func comparable(_ answer: Value) -> Value {
        guard var object = answer.object else { return answer }
        if let items = object["items"]?.array { object["items"] = .array(items.map(comparable)) }
        var metadata = object["metadata"]?.object
        metadata?["managedFields"] = nil
        if !SecretTexts.isSecret(answer) { metadata?["resourceVersion"] = nil }
        if let metadata { object["metadata"] = .object(metadata) }
        return Sensitivity.masked(.object(object))
    }
}

extension PlanLookup: CustomStringConvertible {
    /// `v1/Secret shop/db`, `v1/Secret in shop`, `v1/Node`.
    package var description: String {
        let type = "\(apiVersion)/\(kind)"
        if name.isEmpty { return namespace.isEmpty ? type : "\(type) in \(namespace)" }
        return namespace.isEmpty ? "\(type) \(name)" : "\(type) \(namespace)/\(name)"
    }
}

extension PlanLookup {
    var encoded: Value {
        [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "namespace": .string(namespace), "name": .string(name),
            "digest": .string(digest),
        ]
    }
}
