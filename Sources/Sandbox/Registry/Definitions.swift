import Manifests

/// The life of a CustomResourceDefinition: accepted, established, served, cleaned up.
enum Definitions {
    static let cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

    static func prepare(_ definition: inout Value) {
        let stored = (definition.at("spec", "versions")?.array ?? []).filter { $0["storage"]?.bool == true }.compactMap { $0["name"] }
        definition["status"] = [
            "acceptedNames": ["kind": "", "plural": ""], "conditions": .null, "storedVersions": .array(stored),
        ]
    }

    static func keepStatus(_ definition: inout Value, _ live: Value) {
        var stored = live.at("status", "storedVersions")?.array ?? []
        for version in definition.at("spec", "versions")?.array ?? [] where version["storage"]?.bool == true {
            if let name = version["name"], !stored.contains(name) { stored.append(name) }
        }
        definition.edit("status") { $0["storedVersions"] = .array(stored) }
    }

    /// The status that the server's own controllers give a definition; `nil` when it has it already.
    static func established(_ definition: Value, now: String) -> Value? {
        guard let names = definition.at("spec", "names"), definition.metadata("deletionTimestamp") == nil else { return nil }
        let isEstablished = CustomResources.isEstablished(definition)
        if isEstablished, definition.at("status", "acceptedNames") == names { return nil }
        var status = definition["status"] ?? [:]
        status["acceptedNames"] = names
        if !isEstablished {
            status["conditions"] = [
                condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now),
            ]
        }
        var result = definition
        result["status"] = status
        return result
    }

    /// Says that the instances of a definition are being deleted.
    static func markTerminating(_ definition: inout Value, now: String) {
        var conditions = definition.at("status", "conditions")?.array ?? []
        conditions.append(
            condition(
                "Terminating", "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", now))
        definition.edit("status") { $0["conditions"] = .array(conditions) }
    }

    private static func condition(_ type: String, _ reason: String, _ message: String, _ now: String) -> Value {
        [
            "lastTransitionTime": .string(now), "message": .string(message), "reason": .string(reason), "status": "True",
            "type": .string(type),
        ]
    }
}
