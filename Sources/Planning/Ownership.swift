internal import KubernetesAPI
package import Manifests

/// Recognises the tool that manages a live object.
package enum Ownership {
    /// What manages an object that this environment has not applied, in words; `nil` when nothing tells.
    package static func otherTool(of live: Value) -> String? {
        let annotations = live.at("metadata", "annotations")
        let labels = live.at("metadata", "labels")
        if let tracking = annotations?[TrackingID.annotation]?.string, let colon = tracking.firstIndex(of: ":") {
            return "plumb's environment '\(tracking[..<colon])'"
        }
        if let tracking = annotations?["argocd.argoproj.io/tracking-id"]?.string {
            return "Argo CD's application '\(tracking.prefix { $0 != ":" })'"
        }
        if let name = labels?["kustomize.toolkit.fluxcd.io/name"]?.string { return "Flux's Kustomization '\(name)'" }
        if let name = labels?["helm.toolkit.fluxcd.io/name"]?.string { return "Flux's HelmRelease '\(name)'" }
        if let release = annotations?["meta.helm.sh/release-name"]?.string { return "Helm's release '\(release)'" }
        if labels?["kapp.k14s.io/app"] != nil { return "kapp" }
        if annotations?["kubectl.kubernetes.io/last-applied-configuration"] != nil { return "kubectl apply" }
        let managers = ManagedFieldsEntry.entries(of: live).filter { $0.operation == .apply && $0.subresource.isEmpty }
        return managers.first.map { "field manager '\($0.manager)'" }
    }
}
