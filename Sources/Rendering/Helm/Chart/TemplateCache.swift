internal import Synchronization

/// What was parsed of a chart's templates, by their full path.
final class TemplateCache: Sendable {
    private struct Entry {
        var bytes: [UInt8]
        var templates: [Template]
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The templates of a file, parsed once.
    func templates(_ bytes: [UInt8], name: String) throws -> [Template] {
        if let entry = entries.withLock({ $0[name] }), entry.bytes == bytes { return entry.templates }
        let templates = try TemplateParser.parse(bytes, name: name, functions: HelmFunctions.all)
        entries.withLock { $0[name] = Entry(bytes: bytes, templates: templates) }
        return templates
    }
}
