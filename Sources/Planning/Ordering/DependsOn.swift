package import Manifests

/// Dependencies that a manifest states itself: in the annotation of cli-utils, in our own, or in a Flux object's `spec.dependsOn`.
///
/// In an annotation a reference is `group/Kind/name`, or `group/namespaces/<namespace>/Kind/name`; the core group's starts
/// with `/`. Our own annotation also takes ids as plans print them: `apps/Deployment/shop/web`, `ConfigMap/shop/settings`.
/// Several are separated by commas.
package enum DependsOn {
    package static let annotations = ["config.kubernetes.io/depends-on", "plumb.dev/depends-on"]

    private static func isFlux(_ kind: GroupKind) -> Bool {
        switch (kind.group, kind.kind) {
        case ("kustomize.toolkit.fluxcd.io", "Kustomization"), ("helm.toolkit.fluxcd.io", "HelmRelease"): true
        default: false
        }
    }

    /// - Throws: `Diagnostic` for an annotation that names no object.
    package static func needs(of manifest: Manifest) throws(Diagnostic) -> [Need] {
        var needs: [Need] = []
        let stated = manifest.value.at("metadata", "annotations")?.object ?? Object()
        for annotation in annotations where !stated.isEmpty {
            guard let text = stated[annotation]?.string else { continue }
            for part in text.split(separator: ",") {
                let trimmed = trim(part)
                if trimmed.isEmpty { continue }
                guard let reference = reference(trimmed, takesIDs: annotation == "plumb.dev/depends-on") else {
                    throw Diagnostic(
                        "'\(trimmed)' in the annotation \(annotation) names no object", at: manifest.source,
                        object: manifest.reference.id,
                        advice: "write group/namespaces/NAMESPACE/Kind/name, or group/Kind/name for what has no namespace")
                }
                needs.append(Need(reference, .annotation(annotation)))
            }
        }
        return needs + fluxNeeds(of: manifest)
    }

    private static func fluxNeeds(of manifest: Manifest) -> [Need] {
        let kind = manifest.groupVersionKind.groupKind
        guard isFlux(kind) else { return [] }
        return (manifest.value.at("spec", "dependsOn")?.array ?? []).compactMap { other in
            guard let name = other["name"]?.string, !name.isEmpty else { return nil }
            let namespace = other["namespace"]?.string ?? manifest.namespace
            return Need(ObjectReference(group: kind.group, kind: kind.kind, namespace: namespace, name: name), .dependsOn)
        }
    }

    private static func reference(_ text: String, takesIDs: Bool) -> ObjectReference? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 5, parts[1] == "namespaces", !parts[2].isEmpty, !parts[3].isEmpty, !parts[4].isEmpty {
            return ObjectReference(group: parts[0], kind: parts[3], namespace: parts[2], name: parts[4])
        }
        if takesIDs, let reference = id(parts) { return reference }
        if parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty {
            return ObjectReference(group: parts[0], kind: parts[1], namespace: "", name: parts[2])
        }
        return nil
    }

    /// `[group/]Kind/[namespace/]name`: kinds begin with a capital, groups never do.
    private static func id(_ parts: [String]) -> ObjectReference? {
        guard let kind = parts.firstIndex(where: { ("A"..."Z").contains($0.unicodeScalars.first ?? " ") }), kind <= 1,
            !parts.contains("")
        else { return nil }
        let rest = parts[(kind + 1)...]
        guard rest.count == 1 || rest.count == 2, let name = rest.last else { return nil }
        return ObjectReference(
            group: kind == 1 ? parts[0] : "", kind: parts[kind], namespace: rest.count == 2 ? rest[rest.startIndex] : "", name: name)
    }

    private static func trim(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
