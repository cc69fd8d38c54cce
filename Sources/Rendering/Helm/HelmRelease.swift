package import Manifests

/// One use of a chart: name, namespace, values, and what the target can do.
package struct HelmRelease: Sendable {
    /// One assignment of a command line.
    package enum Assignment: Sendable {
        /// `--set`: `a.b=1,c[0]=x,d={x,y}`; the type follows from the text.
        case typed(String)
        /// `--set-string`: every value is text.
        case string(String)
        /// `--set-json`: `key=JSON,…` or a JSON object.
        case json(String)
        /// `--set-file`: a key with the content of the file that it names, already read.
        case file(key: String, content: String)
        /// `--set-literal`: the text after the first `=` as it stands.
        case literal(String)
    }

    package var name: String
    package var namespace: String
    /// Values from files, the later over the earlier.
    package var values: [Value]
    /// Assignments over the values, in order.
    package var assignments: [Assignment]
    /// `v1.30.2`; `nil` means the version that Helm is built on.
    package var kubeVersion: String?
    /// API versions that the target serves besides the built-in ones: `group/version` or `group/version/Kind`.
    package var apiVersions: [String]
    /// What the target serves, in place of the built-in versions; `nil` without a target.
    package var servedVersions: [String]?
    package var includesCRDs: Bool
    /// Whether the text has the hooks, and among them those for tests.
    package var includesHooks = true
    package var includesTests = true
    package var isUpgrade: Bool
    /// Whether `values.schema.json` is looked at.
    package var validatesValues: Bool

    package init(
        name: String, namespace: String, values: [Value] = [], assignments: [Assignment] = [], kubeVersion: String? = nil,
        apiVersions: [String] = [], includesCRDs: Bool = true, isUpgrade: Bool = false, validatesValues: Bool = true
    ) {
        self.name = name
        self.namespace = namespace
        self.values = values
        self.assignments = assignments
        self.kubeVersion = kubeVersion
        self.apiVersions = apiVersions
        self.includesCRDs = includesCRDs
        self.isUpgrade = isUpgrade
        self.validatesValues = validatesValues
    }

    /// The user's values, all layers in one.
    func userValues() throws -> GoMap {
        var merged = Object()
        for layer in values {
            guard case .object(let object) = layer else { continue }
            merged = merged.isEmpty ? object : ValuesReader.merge(merged, object)
        }
        guard case .map(let map) = GoValue(.object(merged)) else { return GoMap() }
        for assignment in assignments { try SetSyntax.apply(assignment, to: map) }
        return map
    }
}
