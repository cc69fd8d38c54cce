import Manifests

/// Reads the objects of a YAML stream as kustomize does: lists taken apart, documents without content passed over.
enum ResourceReader {
    private static let options = YAMLLoader.Options(schema: .kustomize, recordsBlanks: true, convertsKeys: false, refusesNonFinite: true)
    /// How deep lists may stand in lists.
    private static let listDepthMax = 64

    /// A value that is still to be looked at, with the notes on its source.
    private struct Pending {
        var value: Value
        var position: SourcePosition
        var depth = 0
        var blanks: [String] = []
        var texts: [String: String] = [:]
        var quoted: [String] = []
    }

    /// - Parameter file: What errors call the stream.
    /// - Throws: `Diagnostic` for what is no YAML and for objects without kind or name.
    static func read(_ bytes: [UInt8], file: String) throws(Diagnostic) -> [Resource] {
        var resources: [Resource] = []
        var pending = try values(in: bytes, file: file)
        var next = 0
        while next < pending.count {
            // The objects of a list come out of JSON, which knows no notes, and stand behind all others.
            if let items = try append(pending[next], to: &resources) { pending += items }
            next += 1
        }
        return resources
    }

    private static func values(in bytes: [UInt8], file: String) throws(Diagnostic) -> [Pending] {
        let documents = try YAMLLoader.load(bytes, file: file, options: options)
        var values = documents.map { document in
            Pending(
                value: document.value, position: SourcePosition(file: file, line: document.line), blanks: document.blanks,
                texts: document.texts, quoted: document.quoted)
        }
        // A list that is the file's one document is taken apart as it stands there.
        if values.count == 1, isList(values[0].value) {
            if let items = items(of: values[0]), !hasSeparator(bytes) { return items }
        }
        if bytes.contains(UInt8(ascii: ">")), values.contains(where: { isList($0.value) }) {
            var options = options
            options.keepsFoldedText = true
            for (index, document) in try YAMLLoader.load(bytes, file: file, options: options).enumerated() where isList(document.value) {
                values[index].value = document.value
            }
        }
        return values
    }

    private static func isList(_ value: Value) -> Bool {
        guard case .object(let object) = value, case .string(let kind)? = object["kind"] else { return false }
        return kind.hasSuffix("List") && object["items"] != nil
    }

    /// Whether a line begins a document, but for the first one.
    private static func hasSeparator(_ bytes: [UInt8]) -> Bool {
        let mark = Array("\n---".utf8)
        var index = 0
        while let start = bytes[index...].firstIndex(of: mark[0]) {
            if bytes[start...].starts(with: mark) { return true }
            index = start + 1
        }
        return false
    }

    /// The items of a `List`, each with its own of the notes; `nil` for a typed list.
    private static func items(of list: Pending) -> [Pending]? {
        guard list.value["kind"]?.string == "List", let items = list.value["items"]?.array else { return nil }
        return items.enumerated().map { index, item in
            let prefix = "/items/\(index)"
            func own(_ pointer: String) -> String? {
                pointer.hasPrefix(prefix + "/") ? String(pointer.dropFirst(prefix.utf8.count)) : nil
            }
            var pending = Pending(value: item, position: list.position)
            pending.blanks = list.blanks.compactMap(own)
            pending.quoted = list.quoted.compactMap(own)
            for (pointer, text) in list.texts { if let pointer = own(pointer) { pending.texts[pointer] = text } }
            return pending
        }
    }

    /// Adds the resource that a value is, or tells what else there is when it is a list.
    private static func append(_ pending: Pending, to resources: inout [Resource]) throws(Diagnostic) -> [Pending]? {
        let position = pending.position
        guard case .object(let object) = pending.value else {
            if MergedLists.isEmpty(pending.value) { return nil }
            throw Diagnostic("expected an object, found \(pending.value.kindDescription)", at: position)
        }
        if object.isEmpty { return nil }
        var resource = Resource(value: pending.value, source: position)
        let kind = resource.kind
        guard !kind.isEmpty else {
            throw Diagnostic("the object has no kind", at: position, advice: "give it apiVersion, kind and metadata.name")
        }
        if kind.hasSuffix("List"), let items = object["items"] {
            guard pending.depth < listDepthMax else {
                throw Diagnostic("lists stand in lists deeper than \(listDepthMax) levels", at: position)
            }
            if items.isNull { return nil }
            guard case .array(let items) = items else {
                throw Diagnostic("the items of a \(kind) are a list, found \(items.kindDescription)", at: position)
            }
            return items.map { Pending(value: $0, position: position, depth: pending.depth + 1) }
        }
        guard kind.hasSuffix("List") || !resource.name.isEmpty else {
            throw Diagnostic("the \(kind) has no metadata.name", at: position)
        }
        resource.blanks = pending.blanks
        resource.texts = pending.texts
        resource.quoted = pending.quoted
        resource.readBuildAnnotations()
        resources.append(resource)
        return nil
    }
}

extension Resource {
    /// Turns annotations that are no texts into those that stand in the source: kustomize prints them so.
    mutating func makeAnnotationsTexts() {
        guard case .object(var annotations)? = value["metadata"]?["annotations"] else { return }
        var isChanged = false
        for index in annotations.members.indices {
            let member = annotations.members[index]
            guard ScalarText.isScalar(member.value) else { continue }
            let isText = member.value.string != nil
            if isText, texts.isEmpty { continue }
            let pointer = JSONPointer.text(["metadata", "annotations", member.key])
            // Of texts, dates alone are read as others than are written.
            if isText, texts[pointer] == nil { continue }
            oddAnnotations.append(member)
            annotations.members[index].value = .string(
                blanks.contains(pointer) ? "" : texts[pointer] ?? ScalarText.text(member.value))
            isChanged = true
        }
        if isChanged { setMetadata("annotations", .object(annotations)) }
    }

    /// Annotations in which kustomize keeps what it remembers; an object may bring some of them with it.
    mutating func readBuildAnnotations() {
        guard case .object(let annotations)? = value["metadata"]?["annotations"] else { return }
        func list(_ key: String) -> [String] {
            annotations[BuildAnnotations.prefix + key].map {
                ScalarText.text($0).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            } ?? []
        }
        guard annotations.members.contains(where: { $0.key.hasPrefix(BuildAnnotations.prefix) }) else { return }
        let (names, namespaces, kinds) = (list("previousNames"), list("previousNamespaces"), list("previousKinds"))
        if names.count == namespaces.count, names.count == kinds.count {
            previous = names.indices.map { PreviousID(kind: kinds[$0], name: names[$0], effectiveNamespace: namespaces[$0]) }
        }
        prefixes = list("prefixes")
        suffixes = list("suffixes")
        for member in annotations.members where member.key.hasPrefix(BuildAnnotations.prefix) {
            switch member.key {
            case BuildAnnotations.needsHash: needsHash = ScalarText.text(member.value) == "enabled"
            case BuildAnnotations.behavior: behavior = GenerationBehavior(ScalarText.text(member.value))
            default: continue
            }
        }
    }
}

/// Annotations that kustomize uses inside of a build and takes out of what it prints.
enum BuildAnnotations {
    static let prefix = "internal.config.kubernetes.io/"
    static let needsHash = "internal.config.kubernetes.io/needsHashSuffix"
    static let behavior = "internal.config.kubernetes.io/generatorBehavior"

    static let all: Set<String> = [
        "internal.config.kubernetes.io/previousKinds", "internal.config.kubernetes.io/previousNames",
        "internal.config.kubernetes.io/prefixes", "internal.config.kubernetes.io/suffixes",
        "internal.config.kubernetes.io/previousNamespaces", "internal.config.kubernetes.io/allowNameChange",
        "internal.config.kubernetes.io/allowKindChange", "internal.config.kubernetes.io/refBy", behavior, needsHash,
        "internal.config.kubernetes.io/path", "internal.config.kubernetes.io/index",
        "internal.config.kubernetes.io/seqindent", "internal.config.kubernetes.io/id",
        "internal.config.kubernetes.io/annotations-migration-resource-id", "config.kubernetes.io/path",
        "config.kubernetes.io/index", "config.k8s.io/id",
        "internal.config.kubernetes.io/helm-generated",
    ]
}
