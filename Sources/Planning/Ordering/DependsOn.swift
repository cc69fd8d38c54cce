package import Manifests

/// Dependencies that a manifest states itself, in the annotation of cli-utils or our own of the same form.
///
/// A reference is `group/Kind/name`, or `group/namespaces/<namespace>/Kind/name`; the core group's starts with `/`.
/// Several are separated by commas.
package enum DependsOn {
    package static let annotations = ["config.kubernetes.io/depends-on", "plumb.dev/depends-on"]

    package static func references(of manifest: Manifest) throws(Diagnostic) -> [ObjectReference] {
        var references: [ObjectReference] = []
        for annotation in annotations {
            guard let text = manifest.value.at("metadata", "annotations", annotation)?.string else { continue }
            for part in text.split(separator: ",") {
                let trimmed = trim(part)
                guard let reference = reference(trimmed) else {
                    throw Diagnostic(
                        "'\(trimmed)' in the annotation \(annotation) names no object", at: manifest.source,
                        object: manifest.reference.id,
                        advice: "write group/namespaces/NAMESPACE/Kind/name, or group/Kind/name for what has no namespace")
                }
                references.append(reference)
            }
        }
        return references
    }

    private static func reference(_ text: String) -> ObjectReference? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty {
            return ObjectReference(group: parts[0], kind: parts[1], namespace: "", name: parts[2])
        }
        if parts.count == 5, parts[1] == "namespaces", !parts[2].isEmpty, !parts[3].isEmpty, !parts[4].isEmpty {
            return ObjectReference(group: parts[0], kind: parts[3], namespace: parts[2], name: parts[4])
        }
        return nil
    }

    private static func trim(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
