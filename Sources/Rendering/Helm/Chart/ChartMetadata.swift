package import Manifests

/// What `Chart.yaml` says.
package struct ChartMetadata: Sendable {
    package struct Maintainer: Sendable {
        package var name = ""
        package var email = ""
        package var url = ""
    }

    package var name = ""
    package var home = ""
    package var sources: [String] = []
    package var version = ""
    package var description = ""
    package var keywords: [String] = []
    package var maintainers: [Maintainer] = []
    package var icon = ""
    package var apiVersion = ""
    package var condition = ""
    package var tags = ""
    package var appVersion = ""
    package var isDeprecated = false
    package var annotations: [(key: String, value: String)] = []
    package var kubeVersion = ""
    package var dependencies: [ChartDependency] = []
    package var type = ""
    /// Whether dependencies are named at all; an empty list is not none.
    package var hasDependencies = false

    package init() {}

    /// Takes over what a document says: `Chart.yaml`, and for charts of version 1 `requirements.yaml` after it.
    /// - Throws: `GoError` in the words of Go's JSON decoder when a field has the wrong type.
    package mutating func read(_ value: Value) throws {
        switch value {
        case .null: return
        case .object: break
        default: throw GoError("json: cannot unmarshal \(JSONText.kind(value)) into Go value of type v2.Metadata")
        }
        let fields = FieldReader(value, type: "Metadata")
        try fields.text("name", &name)
        try fields.text("home", &home)
        try fields.texts("sources", &sources)
        try fields.text("version", &version)
        try fields.text("description", &description)
        try fields.texts("keywords", &keywords)
        try fields.text("icon", &icon)
        try fields.text("apiVersion", &apiVersion)
        try fields.text("condition", &condition)
        try fields.text("tags", &tags)
        try fields.text("appVersion", &appVersion)
        try fields.flag("deprecated", &isDeprecated)
        try fields.text("kubeVersion", &kubeVersion)
        try fields.text("type", &type)
        if let items = try fields.items("maintainers") {
            maintainers = try items.map { item in
                let fields = FieldReader(item, type: "Maintainer")
                var maintainer = Maintainer()
                try fields.text("name", &maintainer.name)
                try fields.text("email", &maintainer.email)
                try fields.text("url", &maintainer.url)
                return maintainer
            }
        }
        if let object = try fields.members("annotations") {
            annotations = try object.map { ($0.key, try FieldReader.string($0.value, "Metadata.annotations")) }
        }
        if let items = try fields.items("dependencies") {
            hasDependencies = true
            dependencies = try items.map { item in
                if item.isNull { throw GoError("validation: dependencies must not contain empty or null nodes") }
                return try ChartDependency(item)
            }
        }
    }

    /// - Throws: `GoError` when the chart is not valid; cleans the texts.
    package mutating func validate() throws {
        for path in [\ChartMetadata.name, \.description, \.home, \.icon, \.condition, \.tags, \.appVersion, \.kubeVersion] {
            self[keyPath: path] = Self.sanitized(self[keyPath: path])
        }
        sources = sources.map(Self.sanitized)
        keywords = keywords.map(Self.sanitized)
        for index in maintainers.indices {
            maintainers[index].name = Self.sanitized(maintainers[index].name)
            maintainers[index].email = Self.sanitized(maintainers[index].email)
            maintainers[index].url = Self.sanitized(maintainers[index].url)
        }
        if apiVersion.isEmpty { throw GoError("validation: chart.metadata.apiVersion is required") }
        if name.isEmpty { throw GoError("validation: chart.metadata.name is required") }
        if name == "." || name == ".." { throw GoError("validation: chart.metadata.name \(GoQuote.quote(name)) is not allowed") }
        if name.contains("/") { throw GoError("validation: chart.metadata.name \(GoQuote.quote(name)) is invalid") }
        if version.isEmpty { throw GoError("validation: chart.metadata.version is required") }
        guard (try? SemanticVersion(version)) != nil else {
            throw GoError("validation: chart.metadata.version \(GoQuote.quote(version)) is invalid")
        }
        guard ["", "application", "library"].contains(type) else {
            throw GoError("validation: chart.metadata.type must be application or library")
        }
        var names = Set<String>()
        for index in dependencies.indices {
            try dependencies[index].validate()
            let name = dependencies[index].alias.isEmpty ? dependencies[index].name : dependencies[index].alias
            guard names.insert(name).inserted else {
                throw GoError("validation: more than one dependency with name or alias \(GoQuote.quote(name))")
            }
        }
    }

    /// White space of any kind as a space, and nothing that does not print.
    static func sanitized(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace { result.append(" ") } else if GoQuote.isPrintable(scalar.value) { result.append(scalar) }
        }
        return String(result)
    }

    private var annotationMap: GoMap {
        if annotations.isEmpty { return GoMap(type: .strings, isNil: true) }
        return GoMap(unsorted: annotations.map { .init(key: $0.key, value: .string($0.value)) }, type: .strings)
    }

    /// `.Chart`.
    func goValue(isRoot: Bool) -> GoMap {
        func list(_ texts: [String]) -> GoValue { .list(texts.map { .string($0) }) }
        let fields: [(String, GoValue)] = [
            ("APIVersion", .string(apiVersion)),
            ("Annotations", .map(annotationMap)),
            ("AppVersion", .string(appVersion)), ("Condition", .string(condition)),
            ("Dependencies", .list(dependencies.map { .map($0.goValue) })), ("Deprecated", .bool(isDeprecated)),
            ("Description", .string(description)), ("Home", .string(home)), ("Icon", .string(icon)), ("IsRoot", .bool(isRoot)),
            ("Keywords", list(keywords)), ("KubeVersion", .string(kubeVersion)),
            (
                "Maintainers",
                .list(
                    maintainers.map {
                        .map(
                            GoMap(unsorted: [
                                .init(key: "Email", value: .string($0.email)), .init(key: "Name", value: .string($0.name)),
                                .init(key: "URL", value: .string($0.url)),
                            ]))
                    })
            ),
            ("Name", .string(name)), ("Sources", list(sources)), ("Tags", .string(tags)), ("Type", .string(type)),
            ("Version", .string(version)),
        ]
        return GoMap(unsorted: fields.map { .init(key: $0.0, value: $0.1) })
    }
}
