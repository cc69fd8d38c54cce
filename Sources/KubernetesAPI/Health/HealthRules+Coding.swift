package import Manifests

extension HealthRules {
    /// The form that plans keep.
    package var encoded: Value {
        [
            "strict": .bool(isStrict), "graceMilliseconds": .int(Int64(Self.milliseconds(grace))),
            "checks": .array(checks.map(\.encoded)),
        ]
    }

    /// Reads the form that plans keep; `nil` when there is none.
    package init?(decoding value: Value?) {
        guard let value, value.object != nil else { return nil }
        self.init(
            isStrict: value["strict"]?.bool ?? false, checks: (value["checks"]?.array ?? []).compactMap(HealthCheck.init(decoding:)),
            grace: (value["graceMilliseconds"]?.int).map { .milliseconds($0) } ?? Self.standardGrace)
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

extension HealthCheck {
    var encoded: Value {
        [
            "group": .string(group), "kind": .string(kind), "current": .array(current.map(\.encoded)),
            "failed": .array(failed.map(\.encoded)),
        ]
    }

    init?(decoding value: Value) {
        guard let kind = value["kind"]?.string else { return nil }
        self.init(
            group: value["group"]?.string ?? "", kind: kind,
            current: (value["current"]?.array ?? []).compactMap(HealthPredicate.init(decoding:)),
            failed: (value["failed"]?.array ?? []).compactMap(HealthPredicate.init(decoding:)))
    }
}

extension HealthPredicate {
    var encoded: Value {
        switch self {
        case .condition(let type, let status): ["condition": .string(type), "status": .string(status)]
        case .equals(let pointer, let value): ["path": .string(pointer), "equals": value]
        case .exists(let pointer): ["path": .string(pointer)]
        }
    }

    init?(decoding value: Value) {
        if let type = value["condition"]?.string {
            self = .condition(type: type, status: value["status"]?.string ?? "True")
        } else if let pointer = value["path"]?.string {
            self = value["equals"].map { .equals(pointer: pointer, value: $0) } ?? .exists(pointer: pointer)
        } else {
            return nil
        }
    }
}
