internal import Manifests

/// Which objects may be deleted and made anew when the server does not let them be changed in place.
package struct ReplacementPolicy: Sendable {
    /// Ids, kinds (`Job`, `batch/Job`), or `*`.
    package var allowed: [String]
    /// The ids of objects that are replaced whether they have to be or not.
    package var forced: [String]

    package init(allowed: [String] = [], forced: [String] = []) {
        self.allowed = allowed
        self.forced = forced
    }

    /// The annotation of ours, and what it must say.
    package static let annotation = "plumb.dev/replace"
    package static let allowedText = "allowed"

    func isForced(_ reference: ObjectReference) -> Bool { !forced.isEmpty && forced.contains(reference.id) }

    /// Whether an object may be replaced: the configuration allows it, or the manifest does, by our annotation or by those
    /// of Argo CD and Flux that mean the same.
    func isAllowed(_ reference: ObjectReference, manifest: Value) -> Bool {
        let kind = reference.group.isEmpty ? reference.kind : "\(reference.group)/\(reference.kind)"
        if isForced(reference) || allowed.contains(where: { $0 == "*" || $0 == reference.id || $0 == kind || $0 == reference.kind }) {
            return true
        }
        let annotations = manifest.at("metadata", "annotations")
        let labels = manifest.at("metadata", "labels")
        if annotations?[Self.annotation]?.string == Self.allowedText { return true }
        let options = (annotations?["argocd.argoproj.io/sync-options"]?.string ?? "").split(separator: ",")
        if options.contains(where: { $0.split(separator: " ").joined() == "Force=true" }) { return true }
        let force = annotations?["kustomize.toolkit.fluxcd.io/force"]?.string ?? labels?["kustomize.toolkit.fluxcd.io/force"]?.string
        return force?.lowercased() == "enabled"
    }

    /// Why an object is never replaced, allowed or not; `nil` when it may be.
    static func obstacle(_ reference: ObjectReference, manifest: Value, live: Value) -> String? {
        for object in [manifest, live] where object.at("metadata", "annotations", PruneProtection.preventDestroy)?.string == "true" {
            return "its \(PruneProtection.preventDestroy) is 'true'"
        }
        switch (reference.group, reference.kind) {
        case ("", "Namespace"): return "everything in it would be deleted with it"
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): return "every object of its kind would be deleted with it"
        default: return nil
        }
    }
}
