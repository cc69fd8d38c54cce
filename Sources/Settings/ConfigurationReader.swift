package import Manifests

/// Reads `plumb.yaml`.
package enum ConfigurationReader {
    package static let apiVersion = "plumb.dev/v1alpha1"
    package static let kind = "Configuration"
    package static let defaultFile = "plumb.yaml"

    /// - Throws: `Diagnostic`, or `Diagnostics` for several faults, each with file and line, and for an unknown key with
    ///   the nearest valid one.
    package static func read(_ bytes: [UInt8], file: String) throws -> Configuration {
        guard let root = try document(bytes, file: file) else { return Configuration() }
        var faults: [Diagnostic] = []
        let document = DocumentSettings.group.read(root, over: DocumentSettings.group.empty, &faults)
        // The head says what the rest is to be read as.
        guard document.apiVersion == apiVersion, document.kind == kind else { throw headFault(root) }
        let configuration = configuration(document, root, &faults)
        try throwing(faults)
        return configuration
    }

    /// The JSON Schema of the file, for editors.
    package static var schema: Value {
        var schema: Object = [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "plumb.yaml",
            "description": "The environments of a repository and how plumb treats them.",
        ]
        for member in DocumentSettings.group.schema { schema[member.key] = member.value }
        return .object(schema)
    }

    static func throwing(_ faults: [Diagnostic]) throws {
        if faults.count == 1 { throw faults[0] }
        if !faults.isEmpty { throw Diagnostics(faults) }
    }

    private static func document(_ bytes: [UInt8], file: String) throws(Diagnostic) -> ConfigurationField? {
        let documents = try YAMLLoader.load(bytes, file: file, options: .init(recordsPositions: true))
        guard let document = documents.first else { return nil }
        guard documents.count == 1 else {
            throw Diagnostic("a configuration is one document", at: SourcePosition(file: file, line: documents[1].line))
        }
        return ConfigurationField(value: document.value, pointer: "", document: document, file: file)
    }

    private static func headFault(_ root: ConfigurationField) -> Diagnostic {
        Diagnostic(
            "this is no configuration of plumb's", at: SourcePosition(file: root.file, line: root.document.line),
            advice: "it begins with 'apiVersion: \(apiVersion)' and 'kind: \(kind)'")
    }

    /// The environments over the defaults, which may stand behind them in the file.
    private static func configuration(
        _ document: DocumentSettings, _ root: ConfigurationField, _ faults: inout [Diagnostic]
    ) -> Configuration {
        var configuration = Configuration(defaults: document.defaults)
        configuration.projects = document.projects
        let list = root.member("environments").flatMap { try? $0.items() } ?? []
        for field in list {
            let count = faults.count
            var environment = EnvironmentConfiguration.settings.read(field, over: document.defaults, &faults)
            guard faults.count == count else { continue }
            if environment.path.isEmpty, field.member("path") == nil {
                environment.path = "environments/\(environment.name)"
                environment.hasOwnPath = false
            }
            if configuration.environments.contains(where: { $0.name == environment.name }) {
                faults.append(field.fault("names environment '\(environment.name)' a second time"))
            }
            configuration.environments.append(environment)
        }
        if faults.isEmpty { faults += ConfigurationCheck.faults(in: configuration, root) }
        return configuration
    }
}

/// The file's keys.
struct DocumentSettings: Sendable {
    var apiVersion = ""
    var kind = ""
    var defaults = EnvironmentConfiguration(name: "", path: "")
    /// Only that it is a list: the environments are read when the defaults are known.
    var environments = 0
    var projects: [Project] = []

    static let group = SettingGroup(
        empty: DocumentSettings(),
        [
            Setting(
                "apiVersion", \.apiVersion, .constant(ConfigurationReader.apiVersion), isRequired: true,
                "The version of this file's form."),
            Setting("kind", \.kind, .constant(ConfigurationReader.kind), isRequired: true, "What this file is."),
            Setting(
                "defaults", \.defaults, EnvironmentConfiguration.settings.shareable.kind,
                "Settings of all environments. Mappings are merged key by key, lists and single values replaced; null takes a default back."
            ),
            Setting("environments", \.environments, environmentList, "The environments."),
            Setting(
                "projects", \.projects, .list(of: Project.settings.kind),
                "Limits that environments name as their project, in the words of Argo CD's AppProject."),
        ])

    private static let environmentList = SettingKind<Int>(
        ["type": "array", "items": .object(EnvironmentConfiguration.settings.schema)]
    ) { field throws(Diagnostic) in try field.items().count }
}

extension SettingKind where Content == String {
    /// A text that is always the same. What differs is told by who reads the head of the file.
    static func constant(_ text: String) -> SettingKind<String> {
        SettingKind(["type": "string", "const": .string(text)]) { field throws(Diagnostic) in try field.text() }
    }
}
