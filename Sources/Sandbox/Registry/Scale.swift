import Manifests

/// The scale subresource: an object's replicas as an object of its own.
enum Scale {
    static func of(_ object: Value, _ resource: Resource) -> Value {
        var metadata: Object = [:]
        for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[key] = object.metadata(key)
        }
        var status: Object = ["replicas": .int(read(object, statusPath(resource))?.int ?? 0)]
        if let selector = selector(object, resource) { status["selector"] = .string(selector) }
        var spec = Object()
        if let replicas = read(object, replicasPath(resource))?.int, replicas != 0 { spec["replicas"] = .int(replicas) }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata), "spec": .object(spec),
            "status": .object(status),
        ]
    }

    /// The object with the replicas of a scale.
    static func apply(_ scale: Value, to object: Value, _ resource: Resource) throws(APIError) -> Value {
        let replicas = scale.at("spec", "replicas")?.int ?? 0
        if replicas < 0 {
            throw .invalid(
                group: "autoscaling", kind: "Scale", name: object.metadata("name")?.string ?? "",
                [.invalid("spec.replicas", .int(replicas), "must be greater than or equal to 0")])
        }
        var result = write(object, replicasPath(resource)[...], .int(replicas))
        if let version = scale.metadata("resourceVersion") { result.setMetadata("resourceVersion", version) }
        return result
    }

    private static func replicasPath(_ resource: Resource) -> [String] {
        path(resource.scalePaths?.replicas ?? ".spec.replicas")
    }

    private static func statusPath(_ resource: Resource) -> [String] {
        path(resource.scalePaths?.statusReplicas ?? ".status.replicas")
    }

    private static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }

    private static func read(_ object: Value, _ path: [String]) -> Value? {
        var current: Value? = object
        for key in path { current = current?[key] }
        return current
    }

    private static func write(_ object: Value, _ path: ArraySlice<String>, _ value: Value) -> Value {
        guard let key = path.first else { return value }
        var result = object.object ?? Object()
        result[key] = write(result[key] ?? .object(Object()), path.dropFirst(), value)
        return .object(result)
    }

    private static func selector(_ object: Value, _ resource: Resource) -> String? {
        if let paths = resource.scalePaths {
            return paths.selector.flatMap { read(object, path($0))?.string }
        }
        let labels = object.at("spec", "selector", "matchLabels")?.object ?? object.at("spec", "selector")?.object ?? Object()
        let pairs = labels.members.compactMap { member in member.value.string.map { "\(member.key)=\($0)" } }
        return pairs.isEmpty ? nil : pairs.sorted().joined(separator: ",")
    }
}
