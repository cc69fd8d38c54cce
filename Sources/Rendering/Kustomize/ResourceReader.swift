import Manifests

/// Reads the objects of a YAML stream as kustomize does: lists taken apart, documents without content passed over.
enum ResourceReader {
    private static let options = YAMLLoader.Options(schema: .kustomize, recordsBlanks: true, convertsKeys: false, refusesNonFinite: true)
    /// How deep lists may stand in lists.
    private static let listDepthMax = 64

    /// - Parameters:
    ///   - file: What errors call the stream.
    ///   - firstLine: The line of the file on which the stream begins, for text inside of a file.
    /// - Throws: `Diagnostic` for what is no YAML and for objects without kind or name.
    static func read(_ bytes: [UInt8], file: String) throws(Diagnostic) -> [Resource] {
        var documents = try YAMLLoader.load(bytes, file: file, options: options)
        // The objects of a list come out of JSON, which knows no folded blocks.
        if bytes.contains(UInt8(ascii: ">")), documents.contains(where: { isList($0.value) }) {
            var options = options
            options.keepsFoldedText = true
            for (index, document) in try YAMLLoader.load(bytes, file: file, options: options).enumerated() where isList(document.value) {
                documents[index].value = document.value
            }
        }
        var resources: [Resource] = []
        resources.reserveCapacity(documents.count)
        for document in documents {
            let count = resources.count
            try append(document.value, at: SourcePosition(file: file, line: document.line), depth: 0, to: &resources)
            // The objects of a list come out of JSON, in which every null is one.
            if resources.count == count + 1, document.value["items"] == nil {
                resources[count].blanks = document.blanks
                resources[count].texts = document.texts
                resources[count].quoted = document.quoted
            }
        }
        return resources
    }

    private static func isList(_ value: Value) -> Bool {
        guard case .object(let object) = value, case .string(let kind)? = object["kind"] else { return false }
        return kind.hasSuffix("List") && object["items"] != nil
    }

    static func append(_ value: Value, at position: SourcePosition, depth: Int, to resources: inout [Resource]) throws(Diagnostic) {
        guard case .object(let object) = value else {
            if MergedLists.isEmpty(value) { return }
            throw Diagnostic("expected an object, found \(value.kindDescription)", at: position)
        }
        if object.isEmpty { return }
        var resource = Resource(value: value, source: position)
        let kind = resource.kind
        guard !kind.isEmpty else {
            throw Diagnostic("the object has no kind", at: position, advice: "give it apiVersion, kind and metadata.name")
        }
        if kind.hasSuffix("List"), object.index(of: "items") != nil {
            guard depth < listDepthMax else { throw Diagnostic("lists stand in lists deeper than \(listDepthMax) levels", at: position) }
            switch object["items"] {
            case .array(let items):
                for item in items { try append(item, at: position, depth: depth + 1, to: &resources) }
            case .null: return
            case let other?: throw Diagnostic("the items of a \(kind) are a list, found \(other.kindDescription)", at: position)
            case nil: return
            }
            return
        }
        guard kind.hasSuffix("List") || !resource.name.isEmpty else {
            throw Diagnostic("the \(kind) has no metadata.name", at: position)
        }
        resource.readBuildAnnotations()
        resources.append(resource)
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
