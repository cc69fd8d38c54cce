internal import KubernetesAPI
internal import Settings

extension HealthRules {
    /// What an environment's configuration says.
    init(_ configuration: HealthConfiguration) {
        self.init(
            isStrict: configuration.isStrict,
            checks: configuration.checks.map { check in
                HealthCheck(
                    group: check.group, kind: check.kind, current: check.current.map(HealthPredicate.init),
                    failed: check.failed.map(HealthPredicate.init))
            },
            grace: configuration.failAfter ?? Self.standardGrace)
    }
}

extension HealthPredicate {
    init(_ test: HealthConfiguration.Test) {
        self =
            switch test {
            case .condition(let type, let status): .condition(type: type, status: status)
            case .equals(let pointer, let value): .equals(pointer: pointer, value: value)
            case .exists(let pointer): .exists(pointer: pointer)
            }
    }
}
