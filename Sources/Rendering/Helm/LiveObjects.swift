package import Manifests

/// What a template asks `lookup` for: an object, or without a name all of a kind.
package struct LiveQuestion: Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    /// Empty for what has none, and for all namespaces.
    package var namespace: String
    package var name: String

    package init(apiVersion: String, kind: String, namespace: String, name: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }
}

extension LiveQuestion: CustomStringConvertible {
    /// `v1/Secret shop/db`, `v1/Secret in shop`, `v1/Node`.
    package var description: String {
        let type = "\(apiVersion)/\(kind)"
        if name.isEmpty { return namespace.isEmpty ? type : "\(type) in \(namespace)" }
        return namespace.isEmpty ? "\(type) \(name)" : "\(type) \(namespace)/\(name)"
    }
}

/// What the target answered. It may hold secrets, and so it goes into templates and nowhere else.
package struct LiveAnswer: Sendable {
    package var question: LiveQuestion
    /// The object, or a list with `items`; an empty mapping when there is none.
    package var value: Value

    package init(question: LiveQuestion, value: Value) {
        self.question = question
        self.value = value
    }
}

/// Answers the `lookup` of templates out of a target. Rendering itself knows no cluster.
package protocol LiveObjects: Sendable {
    /// - Throws: `Diagnostic` when the target does not answer, or does not let it be read.
    func answer(_ question: LiveQuestion) async throws -> Value
}
