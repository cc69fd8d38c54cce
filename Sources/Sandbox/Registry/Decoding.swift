import Manifests

/// From what a client sent to what the server works with: normalised or pruned, defaults filled in.
enum Decoding {
    static func decode(_ value: Value, _ resource: Resource) -> Value {
        var object = value
        object["kind"] = .string(resource.kind)
        object["apiVersion"] = .string(resource.apiVersion)
        if resource.isCustom {
            object = Pruning.prune(object, resource.type)
            object = Defaulting.schemaDefaults(object, resource.type)
            object["metadata"] = Normalizer.normalize(object["metadata"] ?? .object(Object()), TypeBuilder.objectMeta)
        } else {
            object = Normalizer.normalize(object, resource.type)
            if resource.type.shape == .map { Defaulting.builtIn(&object, resource) }
        }
        return ordered(object, resource)
    }

    /// Kind and apiVersion first: lists of built-in kinds cut them off the stored text.
    private static func ordered(_ value: Value, _ resource: Resource) -> Value {
        guard case .object(let object) = value else { return value }
        var members: [Member] = [
            Member(key: "kind", value: .string(resource.kind)), Member(key: "apiVersion", value: .string(resource.apiVersion)),
        ]
        members += object.members.filter { $0.key != "kind" && $0.key != "apiVersion" }
        return .object(Object(members))
    }

    /// A new object of the kind with nothing in it: what a creation is compared with.
    static func empty(_ resource: Resource) -> Value {
        let bare: Value = ["kind": .string(resource.kind), "apiVersion": .string(resource.apiVersion)]
        return resource.isCustom ? bare : Normalizer.normalize(bare, resource.type)
    }

    /// Without the fields that this way of writing cannot set: status through the object itself, the rest through status.
    ///
    /// - Parameter keepsEmpty: leaves an empty status in place, for comparison with an empty object.
    static func withoutResetFields(
        _ value: Value, _ resource: Resource, subresource: String, keepsEmpty: Bool = false
    ) -> Value {
        guard resource.hasSubresource("status") else { return value }
        var value = value
        if subresource.isEmpty {
            value["status"] = nil
            if keepsEmpty, !resource.isCustom { value["status"] = Decoding.empty(resource)["status"] }
        } else if subresource == "status" {
            for member in value.object ?? Object() where !["status", "metadata", "kind", "apiVersion"].contains(member.key) {
                value[member.key] = nil
            }
        }
        return value
    }

    /// Puts the live values back where this way of writing cannot change them.
    static func restoringResetFields(_ value: Value, _ live: Value, _ resource: Resource, subresource: String) -> Value {
        guard resource.hasSubresource("status") else { return value }
        var result = value
        switch subresource {
        case "": result["status"] = live["status"]
        case "status":
            result = live
            result["status"] = value["status"]
            if resource.isCustom {
                result.setMetadata("resourceVersion", value.metadata("resourceVersion"))
            } else {
                var metadata = value["metadata"] ?? [:]
                metadata["labels"] = live.metadata("labels")
                result["metadata"] = metadata
            }
        default: break
        }
        return result
    }
}
