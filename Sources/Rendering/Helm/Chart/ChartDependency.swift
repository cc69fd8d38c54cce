internal import Manifests

/// A chart that a chart depends on, as `Chart.yaml` names it.
package struct ChartDependency: Sendable {
    /// Values of the dependency that the chart takes as its own.
    package enum Import: Sendable {
        /// What stands below `exports.<name>`.
        case export(String)
        case table(child: String, parent: String)
    }

    package var name = ""
    /// A version or a range of versions.
    package var version = ""
    package var repository = ""
    package var condition = ""
    package var tags: [String] = []
    package var isEnabled = false
    package var imports: [Import] = []
    package var alias = ""

    init(_ value: Value) throws {
        let fields = FieldReader(value, type: "Dependency")
        try fields.text("name", &name)
        try fields.text("version", &version)
        try fields.text("repository", &repository)
        try fields.text("condition", &condition)
        try fields.texts("tags", &tags)
        try fields.flag("enabled", &isEnabled)
        try fields.text("alias", &alias)
        for item in try fields.items("import-values") ?? [] {
            switch item {
            case .string(let name): imports.append(.export(name))
            case .object(let object):
                func text(_ key: String) -> String { object[key].map { GoFormatter.verb(GoValue($0)) } ?? "<nil>" }
                imports.append(.table(child: text("child"), parent: text("parent")))
            default: break
            }
        }
    }

    mutating func validate() throws {
        name = ChartMetadata.sanitized(name)
        version = ChartMetadata.sanitized(version)
        repository = ChartMetadata.sanitized(repository)
        condition = ChartMetadata.sanitized(condition)
        tags = tags.map(ChartMetadata.sanitized)
        let isValidAlias = alias.utf8.allSatisfy {
            $0 >= 0x30 && $0 <= 0x39 || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || "_-.".utf8.contains($0)
        }
        guard isValidAlias else {
            throw GoError("validation: dependency \(GoQuote.quote(name)) has disallowed characters in the alias")
        }
    }

    var goValue: GoMap {
        let imported: [GoValue] = imports.map {
            switch $0 {
            case .export(let name): .string(name)
            case .table(let child, let parent):
                .map(GoMap(unsorted: [.init(key: "child", value: .string(child)), .init(key: "parent", value: .string(parent))]))
            }
        }
        let fields: [(String, GoValue)] = [
            ("Alias", .string(alias)), ("Condition", .string(condition)), ("Enabled", .bool(isEnabled)), ("ImportValues", .list(imported)),
            ("Name", .string(name)), ("Repository", .string(repository)), ("Tags", .list(tags.map { .string($0) })),
            ("Version", .string(version)),
        ]
        return GoMap(unsorted: fields.map { .init(key: $0.0, value: $0.1) })
    }
}
