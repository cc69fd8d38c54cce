import Manifests

/// Defaults of webhook configurations and admission policies.
enum AdmissionDefaults {
    static func webhook(_ webhook: inout Value, isMutating: Bool) {
        webhook.setDefault("failurePolicy", "Fail")
        webhook.setDefault("matchPolicy", "Equivalent")
        webhook.setDefault("namespaceSelector", [:])
        webhook.setDefault("objectSelector", [:])
        webhook.setDefault("timeoutSeconds", 10)
        if isMutating { webhook.setDefault("reinvocationPolicy", "Never") }
        webhook.edit("clientConfig") { $0.edit("service") { $0.setDefault("port", 443) } }
        webhook.editItems("rules") { $0.setDefault("scope", "*") }
    }

    static let policy: BuiltInDefaults.Rule = { object in
        object.edit("spec") { spec in
            spec.setDefault("failurePolicy", "Fail")
            spec.edit("matchConstraints", matchResources)
        }
    }

    static let binding: BuiltInDefaults.Rule = { object in
        object.edit("spec") { spec in
            spec.edit("matchResources", matchResources)
            spec.edit("paramRef") { _ in }
        }
    }

    private static func matchResources(_ match: inout Value) {
        match.setDefault("matchPolicy", "Equivalent")
        match.setDefault("namespaceSelector", [:])
        match.setDefault("objectSelector", [:])
        for rules in ["resourceRules", "excludeResourceRules"] { match.editItems(rules) { $0.setDefault("scope", "*") } }
    }
}
