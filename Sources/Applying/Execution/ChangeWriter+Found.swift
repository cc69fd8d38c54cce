internal import KubernetesAPI
internal import Manifests
internal import Planning

extension ChangeWriter {
    /// Finds a replacement done that a run of the same plan made before it died; only its health is left to wait for.
    func found(_ step: ExecutionStep) async -> Written {
        let live = try? await client.get(step.resource, namespace: step.change.reference.namespace, name: step.change.reference.name)
        return Written(
            result: ChangeResult(
                .unchanged, httpStatus: 200, resourceVersionBefore: step.resourceVersion, resourceVersionAfter: step.resourceVersion,
                uid: step.live?.uid ?? ""),
            live: live ?? nil)
    }
}
