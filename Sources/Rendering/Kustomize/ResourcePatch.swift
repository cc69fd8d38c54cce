import Manifests

/// A patch of the kustomization, read: objects to merge, or operations on the selected objects.
struct ResourcePatch: Sendable {
    enum Content: Sendable {
        case nothing
        case strategic([Resource])
        case operations(JSONPatch)
    }

    /// Reads the text of a patch; a list of operations is a JSON patch, all else are objects to merge.
    /// - Throws: `Diagnostic` when it is neither.
    static func read(_ text: [UInt8], file: String) throws(Diagnostic) -> Content {
        // JSON has escapes that YAML does not know.
        if text.first == UInt8(ascii: "["), case .array(let items)? = try? JSONParser.parse(text) {
            let operations = try JSONPatch(items, at: SourcePosition(file: file, line: 1))
            return operations.isEmpty ? .nothing : .operations(operations)
        }
        let documents: [YAMLDocument]
        do throws(Diagnostic) {
            documents = try YAMLLoader.load(
                text, file: file, options: .init(schema: .kubernetes, allowsDuplicateKeys: true, refusesNonFinite: true))
        } catch {
            throw Diagnostic("the patch is no YAML: \(error.message)", at: error.position, advice: error.advice)
        }
        guard let first = documents.first else { return .nothing }
        if case .array(let items) = first.value {
            let operations = try JSONPatch(items, at: SourcePosition(file: file, line: first.line))
            return operations.isEmpty ? .nothing : .operations(operations)
        }
        let resources = try ResourceReader.read(text, file: file)
        return resources.isEmpty ? .nothing : .strategic(resources)
    }
}

/// Applies strategic-merge patches to resources.
struct StrategicPatcher: Sendable {
    let schema: MergeSchema

    /// Merges a patch into the resource, which keeps its kind, name and namespace unless they may change.
    func apply(_ patch: Resource, to resource: inout Resource) throws {
        let (kind, name, namespace) = (resource.kind, resource.name, resource.namespace)
        if patch.allowsNameChange || patch.allowsKindChange { resource.storePreviousID() }
        // kyaml puts the patch in the place of the object that it is given, and kustomize goes on with that object.
        if case .string("replace")? = patch.value["$patch"] { return }
        do {
            var value = resource.value
            resource.value = .null
            for pointer in resource.blanks {
                removeBlank(JSONPointer.tokens(pointer)?[...] ?? [], from: &value, schema.root(resourceKind(value)))
            }
            resource.blanks = []
            let merged = try StrategicMerge.apply(
                patch.value, to: value, schema: schema, kind: resourceKind(value), quoted: resource.quoted, texts: patch.texts)
            guard let merged else {
                resource.isDeleted = true
                return
            }
            resource.value = merged
            // Labels and annotations are made texts later, of what stands in the source.
            for (pointer, text) in patch.texts where pointer.hasPrefix("/metadata/") { resource.texts[pointer] = text }
        } catch {
            throw Diagnostic(error.message, at: patch.source, object: "\(kind) '\(name)'", advice: error.advice)
        }
        if case .object(let object) = resource.value, object.isEmpty {
            resource.isDeleted = true
            return
        }
        if patch.clearsAnnotations { resource.forgetNotes() }
        SharedEntry.sync(&resource)
        if !patch.allowsKindChange { resource.value["kind"] = .string(kind) }
        if !patch.allowsNameChange { resource.setName(name) }
        resource.setNamespace(namespace)
    }

    /// Takes a field without a value out, where a merge comes by: in mappings, and in lists that are merged.
    private func removeBlank(_ path: ArraySlice<String>, from value: inout Value, _ node: MergeSchema.Node?) {
        guard let token = path.first else { return }
        switch value {
        case .object(var object):
            value = .null
            if path.count == 1 {
                if object[token]?.isNull ?? false { object[token] = nil }
            } else {
                let below = schema.field(token, of: node)
                object.update(token) { removeBlank(path.dropFirst(), from: &$0, below) }
            }
            value = .object(object)
        case .array(var items):
            guard case .list(.some, let element)? = node, let index = Int(token), items.indices.contains(index) else { return }
            value = .null
            removeBlank(path.dropFirst(), from: &items[index], element)
            value = .array(items)
        case .null, .bool, .int, .unsigned, .double, .string: return
        }
    }

    private func resourceKind(_ value: Value) -> GroupVersionKind {
        GroupVersionKind(
            apiVersion: value["apiVersion"].map(ScalarText.text) ?? "", kind: value["kind"].map(ScalarText.text) ?? "")
    }

    /// Merges a patch into the one resource that has its id.
    func apply(_ patch: Resource, toItsTargetIn map: inout ResourceMap) throws -> Int {
        let id = patch.currentID
        let places = map.places(withAnyID: id)
        guard let place = places.first else {
            throw Diagnostic(
                "no resource matches the patch of \(id.description)", at: patch.source,
                advice: "correct its kind, name or namespace, or give the patch a target")
        }
        guard places.count == 1 else {
            throw Diagnostic("\(places.count) resources match the patch of \(id.description)", at: patch.source)
        }
        try change(place, in: &map, by: patch)
        return place
    }

    /// Merges a patch into selected resources, whatever their names.
    func apply(_ patch: Resource, to places: [Int], in map: inout ResourceMap) throws {
        for place in places {
            var copy = patch
            copy.makeMetadataTexts()
            copy.value["apiVersion"] = map.resources[place].value["apiVersion"]
            try change(place, in: &map, by: copy)
        }
    }

    private func change(_ place: Int, in map: inout ResourceMap, by patch: Resource) throws {
        if patch.allowsNameChange || patch.allowsKindChange || patch.clearsAnnotations {
            try map.updateID(place) { try apply(patch, to: &$0) }
        } else {
            try map.update(place) { try apply(patch, to: &$0) }
        }
        if map.resources[place].isDeleted { map.updateID(place) { _ in } }
    }
}

extension Resource {
    /// In some patches kustomize writes labels and annotations anew, as texts: of `null` becomes a word.
    mutating func makeMetadataTexts() {
        makeTexts(of: "labels")
        makeTexts(of: "annotations")
    }

    mutating func makeTexts(of key: String) { setMetadataMap(key, Self.merged([], metadataMap(key))) }

    /// Whether a patch takes the annotations out, and with them those in which kustomize keeps its notes.
    fileprivate var clearsAnnotations: Bool {
        guard case .object(let metadata)? = value["metadata"], let annotations = metadata["annotations"] else { return false }
        guard !annotations.isNull else { return true }
        switch annotations["$patch"] {
        case .string("replace"), .string("delete"): return true
        default: return false
        }
    }

    /// Loses what kustomize keeps in annotations: without it nothing refers to the object by a name that it had.
    mutating func forgetNotes() {
        previous = []
        prefixes = []
        suffixes = []
        behavior = .unspecified
        needsHash = false
        variables = []
        forgetOrigin()
    }

    /// Loses the annotation that `buildMetadata` asks for, which alone is an annotation like any other.
    mutating func forgetOrigin() {
        origin = nil
        transformations = []
    }
}
