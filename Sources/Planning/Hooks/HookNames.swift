package import Manifests

/// Gives hooks with a `generateName` their names.
///
/// Argo CD makes a new object for each sync and leaves the old ones. Here the name is the prefix and the first phase, the same
/// in each run, so that a plan can say what it makes, and nothing piles up: the object of the run before is deleted first.
package enum HookNames {
    package static func named(_ manifests: [Manifest]) -> [Manifest] {
        var taken: Set<ObjectReference> = []
        return manifests.map { manifest in
            guard manifest.name.isEmpty, let prefix = manifest.value.at("metadata", "generateName")?.string, !prefix.isEmpty,
                case .hook(let moments, _)? = try? HookReading.read(manifest), let phase = moments.first?.phase
            else { return manifest }
            var manifest = manifest
            var metadata = manifest.value["metadata"] ?? .null
            metadata["generateName"] = nil
            var name = prefix + phase.rawValue.lowercased()
            var count = 1
            while true {
                metadata["name"] = .string(name)
                manifest.value["metadata"] = metadata
                if taken.insert(manifest.reference).inserted { return manifest }
                count += 1
                name = "\(prefix)\(phase.rawValue.lowercased())-\(count)"
            }
        }
    }
}
