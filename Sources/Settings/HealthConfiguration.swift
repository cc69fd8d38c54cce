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
    static let settings = SettingGroup(
        empty: HealthConfiguration(),
        [
            Setting("strict", \.isStrict, .bool, default: false, "Argo CD's rules where they ask for more than kstatus' do."),
            Setting(
                "failAfter", \.failAfter, .duration,
                "How long pods may be as they will not get better by themselves, such as unable to pull their image."),
            Setting("checks", \.checks, .list(of: check.kind), "Rules for kinds that tell their health in ways of their own."),
        ])

    private static let check = SettingGroup(
        empty: Check(group: "", kind: "", current: [], failed: []),
        [
            Setting("group", \.group, .text, default: "", "The API group; empty for the core group."),
            Setting("kind", \.kind, .word, isRequired: true, "The kind."),
            Setting("current", \.current, .list(of: test), "All of them make the object healthy."),
            Setting("failed", \.failed, .list(of: test), "Any of them makes it failed."),
        ]
    ) { check, field throws(Diagnostic) in
        guard !check.current.isEmpty || !check.failed.isEmpty else {
            throw field.fault("says nothing", advice: "list under 'current' what makes the object healthy, under 'failed' what does not")
        }
    }

    /// The keys of a test, which is of one of two forms.
    private struct TestKeys: Sendable {
        var condition: String?
        /// `True` unless told; YAML's own `true` is taken for what is meant.
        var status = "True"
        var path: String?
        var equals: Value?

        static let settings = SettingGroup(
            empty: TestKeys(),
            [
                Setting("condition", \.condition, .word, "The type of one of the object's conditions."),
                Setting("status", \.status, status, default: "True", "What the condition's status has to be."),
                Setting("path", \.path, pointer, "A field, as a JSON Pointer such as /status/phase."),
                Setting("equals", \.equals, .value, "What the field has to be. Without this key it has to be there."),
            ]
        ) { keys, field throws(Diagnostic) in
            guard (keys.condition == nil) != (keys.path == nil) else { throw field.fault("must have either a condition or a path") }
            if keys.condition != nil, let equals = field.member("equals") {
                throw equals.fault("belongs to a path; of a condition it is 'status'")
            }
        }

        private static let status = SettingKind<String>(["type": ["string", "boolean"]]) { field throws(Diagnostic) in
            if let bool = field.value.bool { return bool ? "True" : "False" }
            return try field.text()
        }

        private static let pointer = SettingKind<String>.text.checked(["pattern": "^/"]) { text, field throws(Diagnostic) in
            guard JSONPointer.tokens(text)?.isEmpty == false else { throw field.fault("must be a JSON Pointer, which begins with '/'") }
            return text
        }
    }

    private static let test = TestKeys.settings.kind.map { keys in
        if let condition = keys.condition { return Test.condition(type: condition, status: keys.status) }
        let path = keys.path ?? ""
        return keys.equals.map { .equals(pointer: path, value: $0) } ?? .exists(pointer: path)
    }
}
