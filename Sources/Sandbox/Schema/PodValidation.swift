import Manifests

/// Checks of pods and their templates.
enum PodValidation {
    static func template(_ template: Value, _ path: String, restart: [String]) -> [APIError.Cause] {
        let spec = template["spec"] ?? [:]
        var causes = self.spec(spec, "\(path).spec")
        let policy = spec["restartPolicy"]?.string ?? ""
        if !restart.contains(policy) {
            // A job's default of Always counts as not given.
            if policy == "Always", restart.contains("Never") {
                causes.append(.required("\(path).spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""))
            } else {
                causes.append(.unsupported("\(path).spec.restartPolicy", .string(policy), restart))
            }
        }
        return causes
    }

    static func spec(_ spec: Value, _ path: String) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let volumes = Set((spec["volumes"]?.array ?? []).compactMap { $0["name"]?.string })
        let containers = spec["containers"]?.array ?? []
        if containers.isEmpty { causes.append(.required("\(path).containers")) }
        var names: Set<String> = []
        for list in ["initContainers", "containers"] {
            for (index, container) in (spec[list]?.array ?? []).enumerated() {
                let place = "\(path).\(list)[\(index)]"
                causes += self.container(container, place, volumes: volumes)
                if let name = container["name"]?.string, !name.isEmpty, !names.insert(name).inserted {
                    causes.append(
                        .init(reason: "FieldValueDuplicate", message: "Duplicate value: \"\(name)\"", field: "\(place).name"))
                }
            }
        }
        return causes
    }

    private static func container(_ container: Value, _ path: String, volumes: Set<String>) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let name = container["name"]?.string ?? ""
        if name.isEmpty {
            causes.append(.required("\(path).name"))
        } else if !MetadataValidation.isLabel(name) {
            causes.append(.invalid("\(path).name", .string(name), MetadataValidation.labelRule))
        }
        if TypeBuilder.isZero(container["image"] ?? .null) { causes.append(.required("\(path).image")) }
        for (index, mount) in (container["volumeMounts"]?.array ?? []).enumerated() {
            let place = "\(path).volumeMounts[\(index)]"
            let volume = mount["name"]?.string ?? ""
            if volume.isEmpty {
                causes.append(.required("\(place).name"))
            } else if !volumes.contains(volume) {
                causes.append(
                    .init(reason: "FieldValueNotFound", message: "Not found: \"\(volume)\"", field: "\(place).name"))
            }
            if TypeBuilder.isZero(mount["mountPath"] ?? .null) { causes.append(.required("\(place).mountPath")) }
        }
        for (index, port) in (container["ports"]?.array ?? []).enumerated() {
            let number = port["containerPort"]?.int ?? 0
            let place = "\(path).ports[\(index)].containerPort"
            if number == 0 {
                causes.append(.required(place))
            } else if !(1...65_535).contains(number) {
                causes.append(.invalid(place, .int(number), "must be between 1 and 65535, inclusive"))
            }
        }
        for (index, variable) in (container["env"]?.array ?? []).enumerated()
        where TypeBuilder.isZero(variable["name"] ?? .null) {
            causes.append(.required("\(path).env[\(index)].name"))
        }
        for kind in ["limits", "requests"] {
            for member in container.at("resources", kind)?.object ?? Object() {
                if let text = member.value.string, !Quantity.isValid(text) {
                    causes.append(
                        .invalid(
                            "\(path).resources.\(kind)[\(member.key)]", .string(text),
                            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"))
                }
            }
        }
        return causes
    }
}
