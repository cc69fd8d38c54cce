internal import Manifests

/// Makes objects of what the templates wrote: split, sorted, hooks apart (pkg/release/v1/util).
struct ManifestCollector {
    let tree: ChartTree
    let release: HelmRelease

    /// One document of what a template wrote.
    private struct Document {
        let path: String
        let text: [UInt8]
        /// The line of the template.
        let line: Int
    }

    private struct Entry {
        var path: String
        var text: [UInt8]
        var value: Value
        var line: Int
        var kind: String
    }

    private static let notesName = "NOTES.txt"
    private static let hookEvents: [String: String] = [
        "pre-install": "pre-install", "post-install": "post-install", "pre-delete": "pre-delete", "post-delete": "post-delete",
        "pre-upgrade": "pre-upgrade", "post-upgrade": "post-upgrade", "pre-rollback": "pre-rollback",
        "post-rollback": "post-rollback", "test": "test", "test-success": "test",
    ]

    /// - Throws: `GoError` in Helm's words for what is no YAML.
    func output(_ files: [RenderedFile], _ randomness: [HelmOutput.Randomness]) throws -> HelmOutput {
        var notes = ""
        var plain: [Entry] = []
        var hooks: [(entry: Entry, hook: HelmOutput.Hook)] = []
        var documents: [Document] = []
        for file in files.sorted(by: { UTF8Text.isLess($0.path, $1.path) }) {
            if file.path.hasSuffix(Self.notesName) {
                if file.path == tree.name + "/templates/" + Self.notesName { notes = String(decoding: file.text, as: UTF8.self) }
                continue
            }
            for part in ManifestSplitter.split(file.text) {
                let line = file.line(of: Self.firstContent(file.text, part.start))
                documents.append(Document(path: file.path, text: part.bytes, line: line))
            }
        }
        // Each is read by itself; the first fault in the order of the documents counts.
        let entries = SideBySide.map(documents, bytes: documents.reduce(0) { $0 + $1.text.count }) { document in
            Result { try Self.entry(document) }
        }
        for result in entries {
            let entry = try result.get()
            switch try hook(of: entry) {
            case .none: plain.append(entry)
            case .unknown: continue
            case .hook(let hook): hooks.append((entry, hook))
            }
        }
        let sorted = InstallOrder.sorted(plain, kind: \.kind)
        let sortedHooks = InstallOrder.sorted(hooks) { $0.entry.kind }
        let definitions = release.includesCRDs ? definitions(tree) : []
        var pieces: [[UInt8]] = []
        var manifests: [Manifest] = []
        for file in definitions { append(file.name, file.bytes, to: &pieces) }
        for entry in sorted {
            append(entry.path, entry.text, to: &pieces)
            if !entry.value.isNull { manifests.append(manifest(entry)) }
        }
        // `helm template` trims the objects, and not the hooks after them.
        trim(&pieces)
        for (entry, hook) in sortedHooks where release.includesHooks && (release.includesTests || !hook.events.contains("test")) {
            append(entry.path, entry.text, to: &pieces)
        }
        return HelmOutput(
            pieces: pieces, definitions: definitions, manifests: manifests, hooks: sortedHooks.map(\.hook), notes: notes,
            randomness: randomness)
    }

    /// The place of the first line that is neither empty nor a comment.
    private static func firstContent(_ text: [UInt8], _ start: Int) -> Int {
        var line = start
        while line < text.count {
            var index = line
            while index < text.count, text[index] == 0x20 || text[index] == 0x09 || text[index] == 0x0D { index += 1 }
            if index < text.count, text[index] != 0x0A, text[index] != UInt8(ascii: "#") { return line }
            guard let end = text[index...].firstIndex(of: 0x0A) else { return start }
            line = end + 1
        }
        return start
    }

    private func append(_ path: String, _ content: [UInt8], to pieces: inout [[UInt8]]) {
        pieces.append(Array("---\n# Source: \(path)\n".utf8))
        pieces.append(content)
        pieces.append([0x0A])
    }

    /// Takes the white space at the end away, but for one line end.
    private func trim(_ pieces: inout [[UInt8]]) {
        guard !pieces.isEmpty else { return }
        while let piece = pieces.last {
            guard let end = piece.lastIndex(where: { $0 != 0x20 && !($0 >= 0x09 && $0 <= 0x0D) }) else {
                pieces.removeLast()
                continue
            }
            if end + 1 < piece.count { pieces[pieces.count - 1] = Array(piece[...end]) }
            break
        }
        pieces.append([0x0A])
    }

    private func manifest(_ entry: Entry) -> Manifest {
        Manifest(value: entry.value, source: SourcePosition(file: entry.path, line: entry.line))
    }

    // MARK: Custom resource definitions

    private func definitions(_ tree: ChartTree) -> [ChartFile] {
        let own = tree.chart.files.filter { file in
            file.name.hasPrefix("crds/") && [".yaml", ".yml", ".json"].contains(SprigPaths.suffix(file.name).lowercased())
        }
        var result = own.map { ChartFile(name: tree.path + "/" + $0.name, bytes: $0.bytes) }
        for dependency in tree.dependencies { result += definitions(dependency) }
        return result
    }

    // MARK: Heads

    private static func entry(_ document: Document) throws -> Entry {
        let path = document.path
        let value: Value
        do {
            value = try YAMLText.first(document.text, file: path)
        } catch {
            throw failure(path, "error converting YAML to JSON: \(GoYAMLError.text(error))")
        }
        do {
            let kind = try head(value)
            return Entry(path: path, text: document.text, value: value, line: document.line, kind: kind)
        } catch let error as GoError {
            throw failure(path, "error unmarshaling JSON: while decoding JSON: \(error.message)")
        }
    }

    private static func failure(_ path: String, _ message: String) -> GoError {
        GoError("YAML parse error on \(path): \(message)\n\nUse --debug flag to render out invalid YAML")
    }

    /// The kind; checks the fields that Helm reads.
    private static func head(_ value: Value) throws -> String {
        switch value {
        case .null: return ""
        case .object: break
        default: throw GoError("json: cannot unmarshal \(JSONText.kind(value)) into Go value of type util.SimpleHead")
        }
        let fields = FieldReader(value, type: "SimpleHead")
        var (apiVersion, kind, name) = ("", "", "")
        try fields.text("apiVersion", &apiVersion)
        try fields.text("kind", &kind)
        switch value["metadata"] {
        case nil, .null?: break
        case .object?:
            let metadata = FieldReader(value["metadata"] ?? .null, type: "SimpleHead.metadata")
            try metadata.text("name", &name)
            for member in try metadata.members("annotations")?.members ?? [] {
                _ = try FieldReader.string(member.value, "SimpleHead.metadata.annotations")
            }
        case let other?:
            throw FieldReader.mismatch(
                other, "SimpleHead.metadata",
                "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }")
        }
        return kind
    }

    // MARK: Hooks

    private enum HookState {
        case none
        /// Names an event that Helm does not know: the object vanishes.
        case unknown
        case hook(HelmOutput.Hook)
    }

    private func hook(of entry: Entry) throws -> HookState {
        guard let annotations = entry.value.at("metadata", "annotations"), let types = annotations["helm.sh/hook"] else { return .none }
        func texts(_ value: Value) throws -> [String] {
            ByteText.split(try FieldReader.string(value, ""), by: ",").map { ByteText.trimSpace($0).lowercased() }
        }
        var events: [String] = []
        for type in try texts(types) {
            guard let event = Self.hookEvents[type] else { return .unknown }
            events.append(event)
        }
        let weight = try annotations["helm.sh/hook-weight"].map { GoNumberText.int(try FieldReader.string($0, "")) ?? 0 } ?? 0
        let policies = try annotations["helm.sh/hook-delete-policy"].map(texts) ?? []
        return .hook(.init(manifest: manifest(entry), events: events, weight: Int(weight), deletePolicies: policies))
    }
}
