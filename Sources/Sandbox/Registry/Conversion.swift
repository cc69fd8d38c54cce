import Manifests

/// One stored object in another version of its kind.
enum Conversion {
    static func convert(_ value: Value, to resource: Resource) -> Value {
        guard value["apiVersion"]?.string != resource.apiVersion else { return value }
        if resource.isCustom { return Decoding.decode(value, resource) }
        var object = value
        if resource.kind == "HorizontalPodAutoscaler" { convertAutoscaler(&object, to: resource.version) }
        if resource.kind == "Event" { convertEvent(&object, to: resource.group) }
        return Decoding.decode(object, resource)
    }

    private static func convertAutoscaler(_ object: inout Value, to version: String) {
        object.edit("spec") { spec in
            if version == "v1" {
                for metric in spec["metrics"]?.array ?? [] where metric.at("resource", "name")?.string == "cpu" {
                    spec["targetCPUUtilizationPercentage"] = metric.at("resource", "target", "averageUtilization")
                }
            } else if let target = spec["targetCPUUtilizationPercentage"], !target.isNull {
                spec["metrics"] = [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": target]],
                    ]
                ]
            }
        }
    }

    /// The same events under two groups, with some fields under two names.
    private static func convertEvent(_ object: inout Value, to group: String) {
        let names = [
            ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
            ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
            ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
        ]
        for (core, new) in names {
            let (from, to) = group.isEmpty ? (new, core) : (core, new)
            if let value = object[from] {
                object[to] = value
                object[from] = nil
            }
        }
    }
}
