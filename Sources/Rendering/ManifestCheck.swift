package import Manifests

/// What every API object must have, checked before any server is asked, so that the error names file and line.
package enum ManifestCheck {
    package static func faults(of manifest: Manifest) -> [Diagnostic] {
        let position = manifest.source
        guard let object = manifest.value.object else {
            return [
                Diagnostic(
                    "this document is \(manifest.value.kindDescription), not an API object", at: position,
                    advice: "an object is a mapping with apiVersion, kind and metadata.name")
            ]
        }
        for key in ["apiVersion", "kind"] {
            switch object[key] {
            case .string(let text) where !text.isEmpty: continue
            case nil, .null, .string:
                return [
                    Diagnostic(
                        "this document has no \(key), so it is no API object", at: position,
                        advice: "give it apiVersion, kind and metadata.name, or move the file out of the environment's folder")
                ]
            case .some(let other):
                return [Diagnostic("\(key) must be text, and this is \(other.kindDescription)", at: position)]
            }
        }
        return metadataFaults(of: manifest)
    }

    private static func metadataFaults(of manifest: Manifest) -> [Diagnostic] {
        let position = manifest.source
        let kind = manifest.kind
        guard let metadata = manifest.value["metadata"]?.object else {
            return [Diagnostic("this \(kind) has no metadata", at: position, advice: "give it metadata.name")]
        }
        var faults: [Diagnostic] = []
        switch metadata["name"] {
        case .string(let name) where !name.isEmpty: break
        case nil, .null, .string:
            if isHook(metadata), metadata["generateName"]?.string?.isEmpty == false { break }
            let isGenerated = metadata["generateName"] != nil
            faults.append(
                Diagnostic(
                    "this \(kind) has no metadata.name", at: position,
                    advice: isGenerated
                        ? "generateName makes a new object at each apply, which no plan can follow; give it a name"
                        : "give it metadata.name"))
        case .some(let other):
            faults.append(
                Diagnostic(
                    "metadata.name must be text, and this is \(other.kindDescription)", at: position,
                    advice: "put the name into quotes"))
        }
        if let namespace = metadata["namespace"], namespace.string == nil, !namespace.isNull {
            faults.append(
                Diagnostic("metadata.namespace must be text, and this is \(namespace.kindDescription)", at: position))
        }
        let object = manifest.name.isEmpty ? nil : manifest.reference.id
        for field in ["labels", "annotations"] {
            faults += textMapFaults(metadata[field], field: "metadata.\(field)", at: position, object: object)
        }
        return faults
    }

    /// Whether an object is run and not kept: its name may be made when it is.
    private static func isHook(_ metadata: Object) -> Bool {
        ["argocd.argoproj.io/hook", "helm.sh/hook"].contains { metadata["annotations"]?[$0]?.string != nil }
    }

    private static func textMapFaults(
        _ value: Value?, field: String, at position: SourcePosition, object: String?
    ) -> [Diagnostic] {
        switch value {
        case nil, .null: return []
        case .object(let map):
            return map.compactMap { member in
                // The API machinery reads null as empty text.
                if member.value.string != nil || member.value.isNull { return nil }
                return Diagnostic(
                    "\(field)['\(member.key)'] must be text, and this is \(member.value.kindDescription)", at: position,
                    object: object, advice: "put the value into quotes")
            }
        case .some(let other):
            return [Diagnostic("\(field) must be a mapping, and this is \(other.kindDescription)", at: position, object: object)]
        }
    }
}
