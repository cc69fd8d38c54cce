package import KubernetesAPI
package import Manifests

/// What an object's annotations say of how it is applied: `plumb.dev/timeout`, `plumb.dev/wait`, `plumb.dev/propagation`.
package enum ObjectOptions {
    /// How long the object may take to become healthy, or to be gone (`10m`).
    package static let timeoutAnnotation = "plumb.dev/timeout"
    /// `false`: made is done, whatever becomes of it.
    package static let waitAnnotation = "plumb.dev/wait"
    /// What a deletion does to what the object owns: `foreground` waits until that is gone, `background` does not, `orphan` leaves it.
    package static let propagationAnnotation = "plumb.dev/propagation"

    /// `nil` when the object says nothing, or nothing that can be read.
    package static func timeout(of object: Value) -> Duration? {
        annotation(timeoutAnnotation, of: object).flatMap(DurationText.duration)
    }

    /// Whether the object is waited for; the annotations of kapp and Argo CD for the same count.
    package static func isWaitedFor(_ object: Value) -> Bool {
        annotation(waitAnnotation, of: object) != "false" && annotation("kapp.k14s.io/disable-wait", of: object) == nil
            && annotation("argocd.argoproj.io/ignore-healthcheck", of: object) != "true"
    }

    /// The propagation of the object's deletion. Without a word of it, what makes pods goes when they are gone, so that
    /// whatever they need is deleted after them; the rest goes at once.
    package static func propagation(of object: Value) -> DeletePropagation {
        if let text = annotation(propagationAnnotation, of: object) ?? argoPropagation(object),
            let stated = DeletePropagation(rawValue: text.prefix(1).uppercased() + text.dropFirst().lowercased())
        {
            return stated
        }
        let kind = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
        let makesPods = kind.group == "apps" || kind.group == "batch" || (kind.group.isEmpty && kind.kind == "ReplicationController")
        return makesPods ? .foreground : .background
    }

    /// - Throws: `Diagnostics` for annotations of ours that cannot be read.
    static func check(_ objects: [DesiredObject]) throws(Diagnostics) {
        let faults = objects.flatMap { object -> [Diagnostic] in
            var faults: [Diagnostic] = []
            func refuse(_ annotation: String, _ text: String, _ advice: String) {
                faults.append(
                    Diagnostic(
                        "'\(text)' in the annotation \(annotation) cannot be read", at: object.manifest.source,
                        object: object.reference.id, advice: advice))
            }
            if let text = annotation(timeoutAnnotation, of: object.body), DurationText.duration(text) == nil {
                refuse(timeoutAnnotation, text, "write a duration such as 90s, 5m or 1h30m")
            }
            if let text = annotation(waitAnnotation, of: object.body), text != "true", text != "false" {
                refuse(waitAnnotation, text, "write \"true\" or \"false\"")
            }
            if let text = annotation(propagationAnnotation, of: object.body), !["foreground", "background", "orphan"].contains(text) {
                refuse(propagationAnnotation, text, "write foreground, background or orphan")
            }
            return faults
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
    }

    private static func annotation(_ key: String, of object: Value) -> String? { object.at("metadata", "annotations", key)?.string }

    /// Argo CD's sync option `PrunePropagationPolicy=foreground`.
    private static func argoPropagation(_ object: Value) -> String? {
        let key = "PrunePropagationPolicy="
        return annotation("argocd.argoproj.io/sync-options", of: object)?.split(separator: ",")
            .map { String($0.filter { $0 != " " }) }.first { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) }
    }
}
