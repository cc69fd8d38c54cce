internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Recognises what a run of the same plan has done before it died, by what is live and never by trust.
struct ResumeCheck: Sendable {
    let client: KubernetesClient

    /// Whether applying a manifest now would change nothing in the live object: then it is what the plan makes.
    ///
    /// Told out of managedFields where that is possible, else by the server's own answer to a dry run.
    func isDone(desired: Value, resource: APIResource, reference: ObjectReference, live: Value) async throws(APIError) -> Bool {
        if UnchangedCheck(manager: FieldManager.name, isAsApplied: false).isUnchanged(desired: desired, live: live) { return true }
        do throws(APIError) {
            let answer = try await client.apply(
                resource, namespace: reference.namespace, name: reference.name, body: desired,
                options: ApplyOptions(fieldManager: FieldManager.name, force: true, dryRun: true, fieldValidation: .strict))
            return Differ.differences(before: live, after: answer.object).isEmpty
        } catch {
            // What the server refuses to make of it, nobody has made of it.
            if error.isInvalid || error.isConflict || error.isForbidden { return false }
            throw error
        }
    }
}
