package import Manifests

/// Finds objects that are defined twice, and names both places.
package enum DuplicateCheck {
    package static func faults(in manifests: [Manifest]) -> [Diagnostic] {
        var seen: [ObjectReference: SourcePosition] = [:]
        seen.reserveCapacity(manifests.count)
        var faults: [Diagnostic] = []
        for manifest in manifests {
            let reference = manifest.reference
            if let first = seen[reference] {
                faults.append(
                    Diagnostic(
                        "defined twice: here and at \(first)", at: manifest.source, object: reference.id,
                        advice: "remove one of them, or give them different names or namespaces"))
            } else {
                seen[reference] = manifest.source
            }
        }
        return faults
    }
}
