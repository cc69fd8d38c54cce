internal import Manifests

/// Reads the `charts` of an environment.
enum ChartConfigurationReader {
    private static let keys = [
        "chart", "repo", "version", "digest", "releaseName", "namespace", "valuesFiles", "values", "set", "includeCRDs", "skipHooks",
        "kubeVersion", "apiVersions", "postRender",
    ]

    /// The list with what editors are told of it.
    static var kind: SettingKind<[ChartConfiguration]> {
        let text: Value = ["type": "string"]
        let texts: Value = ["type": "array", "items": text]
        func described(_ type: Value, _ description: String) -> Value {
            var object = type.object ?? Object()
            object["description"] = .string(description)
            return .object(object)
        }
        let properties: Object = [
            "chart": described(text, "A folder or .tgz of the repository, a chart's name in 'repo', or an oci:// URL."),
            "repo": described(text, "Where the chart is published: the URL of a repository with an index, or of an OCI registry."),
            "version": described(text, "A published chart's version, or a range of versions."),
            "digest": described(text, "The digest that the published archive must have: sha256:…"),
            "releaseName": described(text, "By default the chart's name."),
            "namespace": described(text, "By default the environment's."),
            "valuesFiles": described(texts, "Files of the repository with values, the later over the earlier."),
            "values": described(["type": "object"], "Values over those of the files."),
            "set": described(texts, "key=value over all values, in the form of Helm's --set."),
            "includeCRDs": described(["type": "boolean"], "Whether the chart's crds folder is applied; true unless said otherwise."),
            "skipHooks": described(["type": "boolean"], "Leaves the chart's hooks out."),
            "kubeVersion": described(text, "The version that the chart sees in place of the target's."),
            "apiVersions": described(texts, "API versions that the chart sees besides those of the target."),
            "postRender": described(
                ["type": "object"], "Fields of a kustomization that the chart's objects go through: patches, images, …"),
        ]
        let item: Value = [
            "type": "object", "additionalProperties": false, "required": ["chart"], "properties": .object(properties),
        ]
        return SettingKind(["type": "array", "items": item]) { field throws(Diagnostic) in try charts(field) }
    }

    static func charts(_ field: ConfigurationField) throws(Diagnostic) -> [ChartConfiguration] {
        var charts: [ChartConfiguration] = []
        for item in try field.items() {
            let chart = try chart(item)
            if charts.contains(where: { $0.releaseName == chart.releaseName && $0.namespace == chart.namespace }) {
                throw item.fault("names release '\(chart.releaseName)' a second time", advice: "give one of them another releaseName")
            }
            charts.append(chart)
        }
        return charts
    }

    private static func chart(_ field: ConfigurationField) throws(Diagnostic) -> ChartConfiguration {
        guard let members = field.value.object else { throw field.fault("must be a mapping, and this is \(field.value.kindDescription)") }
        for member in members where !keys.contains(member.key) { throw field.unknown(member.key, among: keys) }
        guard let nameField = field.member("chart") else {
            throw field.fault("names no chart", advice: "'chart' is a folder of the repository, or with 'repo' a chart's name")
        }
        let name = try nameField.text()
        var chart = ChartConfiguration(chart: name, releaseName: releaseName(of: name), position: nameField.position)
        chart.repo = try field.member("repo").map { repo throws(Diagnostic) in try url(repo) }
        chart.version = try field.member("version")?.text()
        chart.digest = try field.member("digest").map { digest throws(Diagnostic) in try self.digest(digest) }
        if !chart.isPublished {
            for key in ["version", "digest"] {
                if let field = field.member(key) {
                    throw field.fault("is of charts that are published alone", advice: "name the chart's 'repo', or leave it out")
                }
            }
            guard let path = TreePath.join("", name), !path.isEmpty else {
                throw nameField.fault("must be a folder or an archive below the repository's root")
            }
            chart.chart = path
        } else if chart.repo != nil, name.contains("/") {
            throw nameField.fault("must be the chart's name alone: where it is published is in 'repo'")
        }
        if let release = field.member("releaseName") {
            chart.releaseName = try release.text()
            if let problem = releaseNameProblem(chart.releaseName) { throw release.fault(problem) }
        } else if let problem = releaseNameProblem(chart.releaseName) {
            throw nameField.fault("gives no name for a release, which \(problem)", advice: "name it with 'releaseName'")
        }
        chart.namespace = try field.member("namespace")?.text()
        chart.valuesFiles = try field.member("valuesFiles").map { files throws(Diagnostic) in try paths(files) } ?? []
        if let values = field.member("values") {
            guard case .object(let object) = values.value else { throw values.fault("must be a mapping") }
            chart.values = object
        }
        chart.set = try field.member("set").map { list throws(Diagnostic) in try texts(list) } ?? []
        chart.includesCRDs = try field.member("includeCRDs")?.bool() ?? true
        chart.skipsHooks = try field.member("skipHooks")?.bool() ?? false
        chart.kubeVersion = try field.member("kubeVersion")?.text()
        chart.apiVersions = try field.member("apiVersions").map { list throws(Diagnostic) in try texts(list) } ?? []
        if let postRender = field.member("postRender") {
            guard case .object(let object) = postRender.value else {
                throw postRender.fault("must be a mapping, the fields of a kustomization")
            }
            chart.postRender = object
        }
        return chart
    }

    /// The chart's last part, without an archive's ending.
    private static func releaseName(of chart: String) -> String {
        let name = TreePath.name(chart)
        return name.hasSuffix(".tgz") ? String(name.dropLast(4)) : name
    }

    /// Helm's rule for names of releases.
    private static func releaseNameProblem(_ name: String) -> String? {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isValid =
            !name.isEmpty && name.utf8.count <= 53
            && labels.allSatisfy { label in
                guard let first = label.utf8.first, let last = label.utf8.last, first != 0x2D, last != 0x2D else { return false }
                return label.utf8.allSatisfy { $0 == 0x2D || $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x7A }
            }
        return isValid ? nil : "must be of small letters, digits, '-' and '.', at most 53 of them"
    }

    private static func url(_ field: ConfigurationField) throws(Diagnostic) -> String {
        let text = try field.text()
        guard ["https://", "http://", "oci://"].contains(where: text.hasPrefix) else {
            throw field.fault("must be a URL that begins with https:// or oci://")
        }
        return text
    }

    private static func digest(_ field: ConfigurationField) throws(Diagnostic) -> String {
        let text = try field.text()
        let hex = text.dropFirst("sha256:".count).utf8
        guard text.hasPrefix("sha256:"), hex.count == 64, hex.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 }) else {
            throw field.fault("must be 'sha256:' with 64 hexadecimal digits")
        }
        return text
    }

    private static func texts(_ field: ConfigurationField) throws(Diagnostic) -> [String] {
        var texts: [String] = []
        for item in try field.items() { texts.append(try item.text()) }
        return texts
    }

    private static func paths(_ field: ConfigurationField) throws(Diagnostic) -> [String] {
        var paths: [String] = []
        for item in try field.items() {
            guard let path = TreePath.join("", try item.text()), !path.isEmpty else {
                throw item.fault("must be a file below the repository's root")
            }
            paths.append(path)
        }
        return paths
    }
}
