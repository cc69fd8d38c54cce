package import Manifests

/// How health is judged in one environment: kstatus' rules, Argo CD's where asked for, and the environment's own.
package struct HealthRules: Hashable, Sendable {
    /// Whether Argo CD's rules hold where they ask for more than kstatus: addresses of load balancers and ingresses,
    /// autoscalers that cannot scale, pods whose containers cannot start, ended before, or are to end and have not.
    package var isStrict: Bool
    package var checks: [HealthCheck]
    /// How long pods may be as they will not get better by themselves (a crash loop, an image that cannot be pulled) before
    /// what they belong to counts as failed.
    package var grace: Duration

    package static let standardGrace: Duration = .seconds(30)

    package init(isStrict: Bool = false, checks: [HealthCheck] = [], grace: Duration = Self.standardGrace) {
        self.isStrict = isStrict
        self.checks = checks
        self.grace = grace
    }

    package func assess(_ object: Value, now: Timestamp) -> Health {
        let kind = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "").groupKind
        guard let check = checks.first(where: { $0.applies(to: kind) }) else { return standard(object, kind: kind, now: now) }
        let health = standard(object, kind: kind, now: now)
        // Deletion and a generation that nobody has seen come before anything that a status may say.
        if health.status == .terminating || Health.isUnobserved(object) { return health }
        return check.assess(object) ?? health
    }

    /// Judges a hook: jobs and pods are done when they have ended well, not when they run.
    package func assessHook(_ object: Value, now: Timestamp) -> Health {
        let health = assess(object, now: now)
        let kind = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "").groupKind
        guard health.status == .current else { return health }
        if kind == GroupKind(group: "", kind: "Pod"), (object.at("spec", "restartPolicy")?.string ?? "Always") != "Always",
            object.at("status", "phase")?.string == "Running"
        {
            return Health(.inProgress, "running")
        }
        if kind == GroupKind(group: "batch", kind: "Job"), Health.condition("Suspended", of: object)?.status == "True" {
            return Health(.inProgress, "suspended")
        }
        return health
    }

    private func standard(_ object: Value, kind: GroupKind, now: Timestamp) -> Health {
        let health = Health.assess(object, expectsStatus: Self.reports(kind), now: now)
        return isStrict ? Health.strict(object, kind: kind, otherwise: health) : health
    }

    /// Whether a kind's controller is known to report, so that an object without a status is one that it has not seen.
    private static func reports(_ kind: GroupKind) -> Bool {
        switch kind.group {
        case "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io": true
        case "source.toolkit.fluxcd.io": kind.kind != "HelmRepository"
        case "cert-manager.io", "pkg.crossplane.io", "external-secrets.io": kind.kind.hasSuffix("Config") == false
        case "apiextensions.crossplane.io": kind.kind == "CompositeResourceDefinition"
        case "gateway.networking.k8s.io": kind.kind == "Gateway" || kind.kind == "GatewayClass"
        default: false
        }
    }
}

/// A rule of an environment for the health of one kind.
package struct HealthCheck: Hashable, Sendable {
    /// `*` for every group.
    package var group: String
    package var kind: String
    /// All of these make the object healthy; while one does not hold it is in progress. When empty, the built-in rule stays.
    package var current: [HealthPredicate]
    /// Any of these makes it failed.
    package var failed: [HealthPredicate]

    package init(group: String, kind: String, current: [HealthPredicate], failed: [HealthPredicate]) {
        self.group = group
        self.kind = kind
        self.current = current
        self.failed = failed
    }

    func applies(to kind: GroupKind) -> Bool { (group == "*" || group == kind.group) && self.kind == kind.kind }

    /// `nil` when the rule leaves it to the built-in one.
    func assess(_ object: Value) -> Health? {
        if let reason = failed.first(where: { $0.holds(object) }) { return Health(.failed, reason.text(object)) }
        guard !current.isEmpty else { return nil }
        if let missing = current.first(where: { !$0.holds(object) }) { return Health(.inProgress, missing.text(object)) }
        return Health(.current)
    }
}

/// Something that an object says or does not say.
package enum HealthPredicate: Hashable, Sendable {
    /// A condition of `status.conditions` with this status.
    case condition(type: String, status: String)
    /// A field (JSON Pointer) with this value.
    case equals(pointer: String, value: Value)
    /// A field that is there, and neither null nor empty.
    case exists(pointer: String)

    func holds(_ object: Value) -> Bool {
        switch self {
        case .condition(let type, let status): Health.condition(type, of: object)?.status == status
        case .equals(let pointer, let value): Self.value(pointer, in: object).map { Self.isSame($0, value) } ?? false
        case .exists(let pointer):
            switch Self.value(pointer, in: object) {
            case nil, .null, .string(""): false
            case .array(let array): !array.isEmpty
            case .object(let object): !object.isEmpty
            case .bool, .int, .unsigned, .double, .string: true
            }
        }
    }

    /// What the object says about it.
    func text(_ object: Value) -> String {
        switch self {
        case .condition(let type, _):
            guard let condition = Health.condition(type, of: object) else { return "it has no condition \(type)" }
            return "condition \(type) is \(condition.status)\(condition.text(or: "").isEmpty ? "" : ": \(condition.text(or: ""))")"
        case .equals(let pointer, let value):
            return "\(pointer) is \(Self.value(pointer, in: object).map(Self.text) ?? "not set"), and \(Self.text(value)) was looked for"
        case .exists(let pointer): return "\(pointer) is \(holds(object) ? "set" : "not set")"
        }
    }

    private static func value(_ pointer: String, in object: Value) -> Value? {
        guard let tokens = JSONPointer.tokens(pointer) else { return nil }
        var value = object
        for token in tokens {
            if let array = value.array {
                guard let index = Int(token), array.indices.contains(index) else { return nil }
                value = array[index]
            } else {
                guard let next = value[token] else { return nil }
                value = next
            }
        }
        return value
    }

    /// `1` is `1.0`.
    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let int), .double(let double)), (.double(let double), .int(let int)): Double(int) == double
        default: left == right
        }
    }

    private static func text(_ value: Value) -> String {
        let text = String(decoding: JSONWriter.compact(value), as: UTF8.self)
        return text.count > 60 ? "\(text.prefix(60))…" : text
    }
}
