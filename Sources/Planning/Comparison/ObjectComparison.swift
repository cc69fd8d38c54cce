package import KubernetesAPI
package import Manifests

/// Compares one desired object with its live one, by the server's own answer where a difference is possible.
package struct ObjectComparison: Sendable {
    let client: KubernetesClient

    package init(client: KubernetesClient) { self.client = client }

    /// What an apply would do.
    package enum Outcome: Sendable {
        case unchanged
        /// The object as the server would make it, and its warnings.
        case created(Value, warnings: [String])
        case changed([RawDifference], warnings: [String])
        /// The server cannot be asked: what is applied is what is known.
        case deferred(reason: String)
    }

    /// - Parameters:
    ///   - live: The object as it is; `nil` when there is none.
    ///   - deferral: Why the server cannot be asked yet.
    /// - Throws: `APIError` when the server refuses the object.
    package func compare(_ desired: DesiredObject, live: Value?, deferral: String?) async throws(APIError) -> Outcome {
        if let live, UnchangedCheck.isUnchanged(desired: desired.body, live: live, manager: FieldManager.name) {
            return .unchanged
        }
        if let deferral { return .deferred(reason: deferral) }
        let answer = try await client.apply(
            desired.resource, namespace: desired.reference.namespace, name: desired.reference.name, body: desired.body,
            options: ApplyOptions(fieldManager: FieldManager.name, force: true, dryRun: true, fieldValidation: .strict))
        guard let live else { return .created(answer.object, warnings: answer.warnings) }
        let differences = Differ.differences(before: live, after: answer.object)
        return differences.isEmpty ? .unchanged : .changed(differences, warnings: answer.warnings)
    }
}
