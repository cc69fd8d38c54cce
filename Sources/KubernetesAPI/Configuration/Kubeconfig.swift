internal import Manifests

/// Kubeconfig files, merged as client-go's clientcmd merges them: the first file that has an entry of a name wins with
/// the whole entry; nothing inside entries is merged.
struct Kubeconfig {
    var currentContext = ""
    var contexts: [String: KubeconfigEntry] = [:]
    var clusters: [String: KubeconfigEntry] = [:]
    var users: [String: KubeconfigEntry] = [:]
    /// The files that were read.
    var files: [String] = []

    var isEmpty: Bool { contexts.isEmpty && clusters.isEmpty && users.isEmpty && currentContext.isEmpty }

    /// Adds one file's content behind what is there.
    mutating func merge(_ bytes: [UInt8], file: String) throws(Diagnostic) {
        files.append(file)
        let documents = try YAMLLoader.load(bytes, file: file, options: .init(recordsPositions: true, allowsDuplicateKeys: true))
        guard let document = documents.first else { return }
        guard let root = document.value.object else {
            throw Diagnostic(
                "a kubeconfig is a mapping, and this is \(document.value.kindDescription)",
                at: SourcePosition(file: file, line: document.line))
        }
        if let kind = root["kind"], kind.string != "Config", kind.string != "" {
            throw Diagnostic(
                "kind is not Config, so this is no kubeconfig", at: document.position(of: "/kind") ?? SourcePosition(file: file))
        }
        let reader = KubeconfigEntry(value: document.value, document: document, pointer: "", file: file)
        if currentContext.isEmpty { currentContext = try reader.text("current-context") ?? "" }
        try merge(reader, list: "contexts", item: "context", into: \.contexts)
        try merge(reader, list: "clusters", item: "cluster", into: \.clusters)
        try merge(reader, list: "users", item: "user", into: \.users)
    }

    private mutating func merge(
        _ root: KubeconfigEntry, list: String, item: String, into map: WritableKeyPath<Kubeconfig, [String: KubeconfigEntry]>
    ) throws(Diagnostic) {
        for entry in try root.items(list) {
            guard let name = try entry.text("name"), !name.isEmpty else {
                throw Diagnostic("an entry of \(list) has no name", at: entry.position)
            }
            guard self[keyPath: map][name] == nil else { continue }
            self[keyPath: map][name] = try entry.mapping(item)
        }
    }
}

/// A mapping in a kubeconfig, with its place: reads fields by type and says where one is wrong.
struct KubeconfigEntry {
    let value: Value
    let document: YAMLDocument
    let pointer: String
    let file: String

    /// Paths in a kubeconfig are seen from its folder.
    var folder: String { PathText.folder(of: file) }

    var position: SourcePosition { document.position(of: pointer) ?? SourcePosition(file: file) }

    func position(of key: String) -> SourcePosition {
        document.position(of: "\(pointer)/\(JSONPointer.escape(key))") ?? position
    }

    /// A text field; `nil` when missing, null or empty.
    func text(_ key: String) throws(Diagnostic) -> String? {
        switch value[key] {
        case nil, .null?: return nil
        case .string(let text)?: return text.isEmpty ? nil : text
        case let other?: throw wrongType(key, "text", other, advice: "put it in quotes")
        }
    }

    func flag(_ key: String) throws(Diagnostic) -> Bool {
        switch value[key] {
        case nil, .null?: return false
        case .bool(let flag)?: return flag
        case let other?: throw wrongType(key, "true or false", other)
        }
    }

    /// A mapping below a key; an empty one when it is missing.
    func mapping(_ key: String) throws(Diagnostic) -> KubeconfigEntry {
        let below = value[key] ?? .null
        guard below.isNull || below.object != nil else { throw wrongType(key, "a mapping", below) }
        return KubeconfigEntry(value: below, document: document, pointer: "\(pointer)/\(JSONPointer.escape(key))", file: file)
    }

    /// The mappings of a list below a key.
    func items(_ key: String) throws(Diagnostic) -> [KubeconfigEntry] {
        let below = value[key] ?? .null
        if below.isNull { return [] }
        guard let items = below.array else { throw wrongType(key, "a list", below) }
        var entries: [KubeconfigEntry] = []
        for (index, item) in items.enumerated() {
            let pointer = "\(pointer)/\(JSONPointer.escape(key))/\(index)"
            guard item.object != nil else {
                throw Diagnostic(
                    "an entry of \(key) is \(item.kindDescription) instead of a mapping",
                    at: document.position(of: pointer) ?? SourcePosition(file: file))
            }
            entries.append(KubeconfigEntry(value: item, document: document, pointer: pointer, file: file))
        }
        return entries
    }

    /// The texts of a list below a key.
    func texts(_ key: String) throws(Diagnostic) -> [String] {
        let below = value[key] ?? .null
        if below.isNull { return [] }
        guard let items = below.array else { throw wrongType(key, "a list", below) }
        var texts: [String] = []
        for item in items {
            guard let text = item.string else { throw wrongType(key, "a list of texts", item, advice: "put each in quotes") }
            texts.append(text)
        }
        return texts
    }

    /// The bytes of `<key>-data` (base64), else of the file that `<key>` names; with where they came from.
    func material(_ key: String) throws(Diagnostic) -> (bytes: [UInt8], source: String)? {
        if let data = try text("\(key)-data") {
            guard let bytes = Base64.decode(data), !bytes.isEmpty else {
                throw Diagnostic("\(key)-data is not base64", at: position(of: "\(key)-data"))
            }
            return (try checkedPEM(bytes, key: "\(key)-data"), "\(key)-data in \(file)")
        }
        guard let path = try text(key) else { return nil }
        let resolved = PathText.resolve(path, from: folder)
        do throws(FileBytes.Failure) {
            let bytes = try FileBytes.read(resolved)
            return (try checked(bytes, key: key, path: resolved).get(), resolved)
        } catch {
            throw Diagnostic("\(key) '\(resolved)' cannot be read: \(error.message)", at: position(of: key))
        }
    }

    private func checked(_ bytes: [UInt8], key: String, path: String) -> Result<[UInt8], FileBytes.Failure> {
        PEM.looksRight(bytes) ? .success(bytes) : .failure(FileBytes.Failure(code: 0, message: "it is not PEM"))
    }

    private func checkedPEM(_ bytes: [UInt8], key: String) throws(Diagnostic) -> [UInt8] {
        guard PEM.looksRight(bytes) else { throw Diagnostic("\(key) is not PEM", at: position(of: key)) }
        return bytes
    }

    private func wrongType(_ key: String, _ wanted: String, _ found: Value, advice: String? = nil) -> Diagnostic {
        Diagnostic("\(key) is \(found.kindDescription) and has to be \(wanted)", at: position(of: key), advice: advice)
    }
}

enum PEM {
    /// Whether this has a PEM block at all; what is in it, the TLS library tells.
    static func looksRight(_ bytes: [UInt8]) -> Bool {
        let mark = Array("-----BEGIN ".utf8)
        guard bytes.count > mark.count else { return false }
        return (0...(bytes.count - mark.count)).contains { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
    }
}
