package import Manifests

/// Reads a policy: a document `kind: Policy`, and AppProjects of Argo CD as they are.
package enum PolicyReader {
    package static let kind = "Policy"

    /// - Throws: `Diagnostic`, or `Diagnostics` for several faults, each with file and line.
    package static func read(_ bytes: [UInt8], file: String) throws -> Policy {
        var policy = Policy()
        var faults: [Diagnostic] = []
        for document in try YAMLLoader.load(bytes, file: file, options: .init(recordsPositions: true)) {
            let root = ConfigurationField(value: document.value, pointer: "", document: document, file: file)
            let kind = document.value["kind"]?.string
            if kind == "AppProject" {
                policy.projects += appProject(root, &faults)
                continue
            }
            guard kind == Self.kind, document.value["apiVersion"]?.string == ConfigurationReader.apiVersion else {
                throw Diagnostic(
                    "this is no policy", at: SourcePosition(file: file, line: document.line),
                    advice: "it begins with 'apiVersion: \(ConfigurationReader.apiVersion)' and 'kind: \(Self.kind)'")
            }
            let read = PolicyDocument.group.read(root, over: PolicyDocument.group.empty, &faults)
            policy.projects += read.projects
            policy.rules += read.rules
        }
        var names: Set<String> = []
        for project in policy.projects where !names.insert(project.name).inserted {
            faults.append(Diagnostic("project '\(project.name)' is there a second time", at: SourcePosition(file: file)))
        }
        for rule in policy.rules {
            guard let project = rule.limits.project, !names.contains(project) else { continue }
            let near = NearMatch.candidates(for: project, among: names.sorted()).first
            faults.append(
                Diagnostic(
                    "there is no project '\(project)'", at: SourcePosition(file: file), advice: near.map { "did you mean '\($0)'?" }))
        }
        try ConfigurationReader.throwing(faults)
        return policy
    }

    /// The JSON Schema of the file, for editors.
    package static var schema: Value {
        var schema: Object = [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "plumb policy",
            "description": "Limits from outside of the repository, which it can narrow and never widen.",
        ]
        for member in PolicyDocument.group.schema { schema[member.key] = member.value }
        return .object(schema)
    }

    /// The parts of an AppProject that mean something here; roles, orphaned resources and the like are Argo CD's own.
    private static func appProject(_ root: ConfigurationField, _ faults: inout [Diagnostic]) -> [Project] {
        let known = Set(Project.settings.settings.map(\.key))
        guard let spec = root.member("spec"), let object = spec.value.object else {
            faults.append(root.fault("an AppProject has a spec"))
            return []
        }
        var body = Object(object.members.filter { known.contains($0.key) && $0.key != "name" })
        body["name"] = root.value.at("metadata", "name") ?? .string("")
        let field = ConfigurationField(value: .object(body), pointer: "/spec", document: root.document, file: root.file)
        let count = faults.count
        let project = Project.settings.read(field, over: Project.settings.empty, &faults)
        return faults.count == count ? [project] : []
    }
}

/// The file's keys.
struct PolicyDocument: Sendable {
    var apiVersion = ""
    var kind = ""
    var projects: [Project] = []
    var rules: [PolicyRule] = []

    static let group = SettingGroup(
        empty: PolicyDocument(),
        [
            Setting(
                "apiVersion", \.apiVersion, .constant(ConfigurationReader.apiVersion), isRequired: true,
                "The version of this file's form."),
            Setting("kind", \.kind, .constant(PolicyReader.kind), isRequired: true, "What this file is."),
            Setting(
                "projects", \.projects, .list(of: Project.settings.kind),
                "Projects that the rules name, in the words of Argo CD's AppProject."),
            Setting(
                "rules", \.rules, .list(of: PolicyRule.settings.kind),
                "What holds for which environments. All rules for an environment hold."),
        ])
}
