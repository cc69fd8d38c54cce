package import Manifests

/// Reads `plumb.yaml`.
package enum ConfigurationReader {
    package static let apiVersion = "plumb.dev/v1alpha1"
    package static let kind = "Configuration"
    package static let defaultFile = "plumb.yaml"

    /// - Throws: `Diagnostic` with file and line, and for an unknown key the nearest valid one.
    package static func read(_ bytes: [UInt8], file: String) throws(Diagnostic) -> Configuration {
        let documents = try YAMLLoader.load(bytes, file: file, options: .init(recordsPositions: true))
        guard let document = documents.first else { return Configuration() }
        guard documents.count == 1 else {
            throw Diagnostic("a configuration is one document", at: SourcePosition(file: file, line: documents[1].line))
        }
        let root = ConfigurationField(value: document.value, pointer: "", document: document, file: file)
        try root.requireKeys(["apiVersion", "kind", "environments"])
        guard try root.member("apiVersion")?.text() == apiVersion, try root.member("kind")?.text() == kind else {
            throw Diagnostic(
                "this is no configuration of plumb's", at: SourcePosition(file: file, line: document.line),
                advice: "it begins with 'apiVersion: \(apiVersion)' and 'kind: \(kind)'")
        }
        var environments: [EnvironmentConfiguration] = []
        for field in try root.member("environments")?.items() ?? [] {
            let environment = try self.environment(field)
            if environments.contains(where: { $0.name == environment.name }) {
                throw field.fault("names environment '\(environment.name)' a second time")
            }
            environments.append(environment)
        }
        return Configuration(environments: environments)
    }

    private static func environment(_ field: ConfigurationField) throws(Diagnostic) -> EnvironmentConfiguration {
        try field.requireKeys([
            "name", "path", "context", "namespace", "syncPolicy", "approvals", "maxDeletes", "timeout", "ignoreDifferences",
            "inventory", "health",
        ])
        guard let nameField = field.member("name") else { throw field.fault("has no name") }
        let name = try nameField.text()
        if let problem = EnvironmentName.problem(name) { throw nameField.fault(problem) }
        var environment = EnvironmentConfiguration(name: name, path: "environments/\(name)")
        if let path = field.member("path") {
            guard let normalized = TreePath.join("", try path.text()) else {
                throw path.fault("must be a folder below the repository's root")
            }
            environment.path = normalized
        }
        environment.context = try field.member("context")?.text()
        environment.namespace = try field.member("namespace")?.text()
        if let policy = field.member("syncPolicy") { environment.syncPolicy = try syncPolicy(policy) }
        if let approvals = field.member("approvals") { environment.approvals = try self.approvals(approvals) }
        if let maximum = field.member("maxDeletes") { environment.maxDeletes = try maxDeletes(maximum) }
        if let timeout = field.member("timeout") {
            guard let duration = DurationText.duration(try timeout.text()) else {
                throw timeout.fault("must be a duration such as 90s, 5m or 1h30m")
            }
            environment.timeout = duration
        }
        for rule in try field.member("ignoreDifferences")?.items() ?? [] {
            environment.ignoreDifferences.append(try ignoredDifference(rule))
        }
        if let health = field.member("health") { environment.health = try HealthConfiguration(health) }
        if let inventory = field.member("inventory") {
            try inventory.requireKeys(["namespace", "file"])
            environment.inventory = InventoryPlace(
                namespace: try inventory.member("namespace")?.text(), file: try inventory.member("file")?.text())
        }
        return environment
    }

    private static func syncPolicy(_ field: ConfigurationField) throws(Diagnostic) -> SyncPolicy {
        try field.requireKeys(["automated"])
        guard let automated = field.member("automated") else {
            // `automated: {}` says yes; a missing or null one says no.
            return SyncPolicy()
        }
        try automated.requireKeys(["prune", "selfHeal"])
        return SyncPolicy(
            isAutomated: true, prunes: try automated.member("prune")?.bool() ?? false,
            selfHeals: try automated.member("selfHeal")?.bool() ?? false)
    }

    private static func approvals(_ field: ConfigurationField) throws(Diagnostic) -> ApprovalPolicy {
        try field.requireKeys(["required", "requiredFor", "excludeCommitter", "allowedSigners"])
        return ApprovalPolicy(
            required: try field.member("required")?.int(0...100) ?? 1,
            requiredFor: try field.member("requiredFor").map { list throws(Diagnostic) in try approvedActions(list) } ?? [],
            excludesCommitter: try field.member("excludeCommitter")?.bool() ?? false,
            allowedSigners: try field.member("allowedSigners").map { path throws(Diagnostic) in try allowedSigners(path) })
    }

    private static func approvedActions(_ field: ConfigurationField) throws(Diagnostic) -> [String] {
        let known = ["create", "update", "replace", "delete"]
        var actions: [String] = []
        for item in try field.items() {
            let action = try item.text()
            guard known.contains(action) else {
                let near = NearMatch.candidates(for: action, among: known).first
                throw Diagnostic(
                    "unknown action '\(action)'", at: item.position,
                    advice: near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))")
            }
            if !actions.contains(action) { actions.append(action) }
        }
        guard !actions.isEmpty else {
            throw field.fault("names no action", advice: "without the key every plan needs approvals; 'required: 0' asks for none")
        }
        return actions
    }

    private static func allowedSigners(_ field: ConfigurationField) throws(Diagnostic) -> String {
        guard let path = TreePath.join("", try field.text()), !path.isEmpty else {
            throw field.fault("must be a file below the repository's root", advice: "a file elsewhere is named with --allowed-signers")
        }
        return path
    }

    private static func maxDeletes(_ field: ConfigurationField) throws(Diagnostic) -> String {
        let text = try field.text()
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let number = Int(digits), number >= 0, !text.hasSuffix("%") || number <= 100 else {
            throw field.fault("must be a number of objects or a percentage such as 10%")
        }
        return text
    }

    private static func ignoredDifference(_ field: ConfigurationField) throws(Diagnostic) -> IgnoredDifference {
        try field.requireKeys(["group", "kind", "name", "namespace", "jsonPointers"])
        guard let kind = field.member("kind") else { throw field.fault("has no kind") }
        for pointer in try field.member("jsonPointers")?.items() ?? [] {
            guard JSONPointer.tokens(try pointer.text()) != nil else {
                throw pointer.fault("must be a JSON Pointer, which begins with '/'")
            }
        }
        return IgnoredDifference(
            group: try field.member("group")?.text() ?? "", kind: try kind.text(), name: try field.member("name")?.text() ?? "",
            namespace: try field.member("namespace")?.text() ?? "",
            jsonPointers: try field.member("jsonPointers")?.texts() ?? [])
    }
}
