import Manifests

/// Puts one text into a field of many resources, or into the paths that stand there (the ValueAddTransformer).
struct ValueAdder {
    private struct Target {
        var selector: ResourceMatcher?
        var path: String
        var position: Int64
    }

    private let value: String
    private var targets: [Target] = []

    init(_ decoder: FieldDecoder, loader: FolderLoader) throws {
        let fields = try decoder.fields(["value", "targets", "targetFilePath"])
        let text = try fields.string("value").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        value = text.isEmpty ? TreePath.name(loader.root) : text
        var decoders = try fields.list("targets")
        let file = try fields.string("targetFilePath")
        if !file.isEmpty {
            let documents = try YAMLLoader.load(loader.load(file), file: file, options: .init(schema: .kubernetes))
            let decoder = FieldDecoder(
                value: documents.first?.value ?? .null, pointer: "", ignoresUnknownFields: true, convertsScalars: true)
            decoders += try decoder.fields(["targets"]).list("targets")
        }
        guard !decoders.isEmpty else { throw decoder.fault("the transformer has no targets") }
        for decoder in decoders {
            let fields = try decoder.fields(["selector", "fieldPath", "filePathPosition"])
            let path = try fields.string("fieldPath")
            guard !path.isEmpty else { throw decoder.fault("a target has no fieldPath") }
            let position = try fields["filePathPosition"]?.int() ?? 0
            guard position >= 0 else { throw decoder.fault("filePathPosition is negative") }
            let selector = try fields["selector"].map { try ResourceMatcher(try ResourceSelector($0)) }
            targets.append(Target(selector: selector, path: path, position: position))
        }
    }

    func apply(to map: inout ResourceMap) throws {
        for target in targets {
            let namespace = NamespaceTransformer(namespace: value, specs: [])
            var none = FieldSpecList([])
            try map.updateAll { resource in
                if let selector = target.selector, !selector.selects(resource) { return }
                if target.path == "metadata/namespace" { return try namespace.set(in: &resource, &none) }
                let names = FieldPath(target.path.hasPrefix("/") ? String(target.path.dropFirst()) : target.path).segments.map(\.name)
                try set(&resource.value, names[...], target.position)
            }
        }
    }

    private func set(_ field: inout Value, _ path: ArraySlice<String>, _ position: Int64) throws {
        guard let name = path.first else {
            guard ScalarText.isScalar(field) else { throw Diagnostic("a value is added to text, and here is \(field.kindDescription)") }
            let old = field.isNull ? "" : ScalarText.text(field)
            field = .string(position > 0 ? Self.inserted(value, into: old, at: Int(min(position, 1 << 20)) - 1) : value)
            return
        }
        if field.isNull { field = .object(Object()) }
        guard case .object(var object) = field else {
            throw Diagnostic("expected a mapping above '\(name)', found \(field.kindDescription)")
        }
        field = .null
        defer { field = .object(object) }
        if object.index(of: name) == nil { object[name] = path.count == 1 ? "" : .object(Object()) }
        try object.update(name) { try set(&$0, path.dropFirst(), position) }
    }

    /// Puts a part into a path of files; a leading slash stays where it is.
    private static func inserted(_ part: String, into path: String, at position: Int) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts = path.split(separator: "/").map(String.init)
        parts.insert(part, at: min(position, parts.count))
        return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    }
}
