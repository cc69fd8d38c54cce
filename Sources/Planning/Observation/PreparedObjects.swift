package import KubernetesAPI
package import Manifests

/// The desired objects of a plan, made ready for its target. The target's kinds are all it takes, so that it can be done while
/// the inventory is read.
package struct PreparedObjects: Sendable {
    /// Makes other manifests of the environment ready in the same way.
    let preparation: DesiredPreparation
    let all: [DesiredObject]
    let selection: HookSelection

    /// - Parameters:
    ///   - manifests: as rendered.
    ///   - defaultNamespace: for namespaced objects that name none.
    ///   - isDestruction: Whether the hooks of an environment's end are wanted, and nothing else.
    /// - Throws: `Diagnostics` with everything that is wrong in the manifests, each with file and line.
    package static func prepare(
        _ manifests: [Manifest], environment: String, defaultNamespace: String, discovery: Discovery, isDestruction: Bool
    ) async throws -> PreparedObjects {
        // Of a kind that is not served any more nothing is left that could stand in a destruction's way.
        let considered = isDestruction ? manifests.filter { (try? HookReading.read($0)) != .ordinary } : manifests
        let preparation = DesiredPreparation(environment: environment, defaultNamespace: defaultNamespace, discovery: discovery)
        let all = try await preparation.prepare(HookNames.named(considered))
        try ObjectOptions.check(all)
        return PreparedObjects(preparation: preparation, all: all, selection: try HookSelection(all, isDestruction: isDestruction))
    }
}
