package import Manifests

/// How an environment's objects are judged to be healthy.
package struct HealthConfiguration: Hashable, Sendable {
    /// Argo CD's rules where they ask for more.
    package var isStrict = false
    /// How long pods may be as they will not get better by themselves; `nil` for the standard.
    package var failAfter: Duration?
    package var checks: [Check] = []

    /// The rule for one kind.
    package struct Check: Hashable, Sendable {
        package var group: String
        package var kind: String
        /// All of them make the object healthy.
        package var current: [Test]
        /// Any of them makes it failed.
        package var failed: [Test]
    }

    package enum Test: Hashable, Sendable {
        case condition(type: String, status: String)
        case equals(pointer: String, value: Value)
        case exists(pointer: String)
    }

    package init() {}
}

extension HealthConfiguration {
    /// - Throws: `Diagnostic` with file and line.
    init(_ field: ConfigurationField) throws(Diagnostic) {
        try field.requireKeys(["strict", "failAfter", "checks"])
        isStrict = try field.member("strict")?.bool() ?? false
        if let failAfter = field.member("failAfter") {
            guard let duration = DurationText.duration(try failAfter.text()) else {
                throw failAfter.fault("must be a duration such as 30s or 2m")
            }
            self.failAfter = duration
        }
        for item in try field.member("checks")?.items() ?? [] { checks.append(try Self.check(item)) }
    }

    private static func check(_ field: ConfigurationField) throws(Diagnostic) -> Check {
        try field.requireKeys(["group", "kind", "current", "failed"])
        guard let kind = field.member("kind") else { throw field.fault("has no kind") }
        var check = Check(group: try field.member("group")?.text() ?? "", kind: try kind.text(), current: [], failed: [])
        for item in try field.member("current")?.items() ?? [] { check.current.append(try test(item)) }
        for item in try field.member("failed")?.items() ?? [] { check.failed.append(try test(item)) }
        guard !check.current.isEmpty || !check.failed.isEmpty else {
            throw field.fault("says nothing", advice: "list under 'current' what makes the object healthy, under 'failed' what does not")
        }
        return check
    }

    private static func test(_ field: ConfigurationField) throws(Diagnostic) -> Test {
        try field.requireKeys(["condition", "status", "path", "equals"])
        switch (field.member("condition"), field.member("path")) {
        case (.some(let condition), nil):
            if let equals = field.member("equals") { throw equals.fault("belongs to a path; of a condition it is 'status'") }
            return .condition(type: try condition.text(), status: try status(field.member("status")))
        case (nil, .some(let path)):
            let pointer = try path.text()
            guard JSONPointer.tokens(pointer)?.isEmpty == false else {
                throw path.fault("must be a JSON Pointer, which begins with '/'")
            }
            guard let equals = field.member("equals") else { return .exists(pointer: pointer) }
            return .equals(pointer: pointer, value: equals.value)
        case (.some, .some), (nil, nil): throw field.fault("must have either a condition or a path")
        }
    }

    /// `True` unless told; YAML's own `true` is taken for what is meant.
    private static func status(_ field: ConfigurationField?) throws(Diagnostic) -> String {
        guard let field else { return "True" }
        if let bool = field.value.bool { return bool ? "True" : "False" }
        return try field.text()
    }
}
