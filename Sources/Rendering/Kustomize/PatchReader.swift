import Manifests

/// Reads patches, inline or from files, and makes them ready to be applied.
enum PatchReader {
    /// A patch of `patches`.
    struct Patch {
        var content: ResourcePatch.Content
        var target: ResourceMatcher?
        var schema: MergeSchema
        var storesPreviousID: Bool
        var position: () -> SourcePosition

        func apply(to map: inout ResourceMap) throws {
            switch content {
            case .nothing: return
            case .operations(let operations):
                guard let target else {
                    throw Diagnostic(
                        "a JSON patch must have a target", at: position(), advice: "select the objects that it changes with 'target'")
                }
                let places = map.places(selectedBy: target)
                try OperationPatcher.apply(operations, to: places, in: &map, storesPreviousID: storesPreviousID, at: position)
            case .strategic(let patches):
                let patcher = StrategicPatcher(schema: schema)
                guard let target else {
                    for patch in patches { _ = try patcher.apply(patch, toItsTargetIn: &map) }
                    return
                }
                guard patches.count == 1 else {
                    throw Diagnostic(
                        "a patch with a target must hold one object, and this one holds \(patches.count)", at: position(),
                        advice: "make an entry of 'patches' of each")
                }
                try patcher.apply(patches[0], to: map.places(selectedBy: target), in: &map)
            }
        }
    }

    static func patch(
        _ field: PatchField, _ path: String, _ loader: FolderLoader, schema: MergeSchema,
        position: @escaping (String) -> SourcePosition
    ) throws -> Patch {
        let inline = trimmed(field.patch)
        guard inline.isEmpty != field.path.isEmpty else {
            throw Diagnostic(
                inline.isEmpty ? "a patch must have 'patch' or 'path'" : "a patch has both 'patch' and 'path'",
                at: position(field.pointer))
        }
        var content: ResourcePatch.Content
        if inline.isEmpty {
            content = try fromFile(field.path, loader) { position("\(field.pointer)/path") }
        } else {
            content = try fromText(inline, path) { position("\(field.pointer)/patch") }
        }
        if case .strategic(var patches) = content {
            for index in patches.indices {
                patches[index].allowsNameChange = field.allowsNameChange
                patches[index].allowsKindChange = field.allowsKindChange
                // kustomize notes it in the patch's annotations, which become texts by it.
                if field.allowsNameChange || field.allowsKindChange { patches[index].makeTexts(of: "annotations") }
            }
            content = .strategic(patches)
        }
        return Patch(
            content: content, target: try matcher(field, position), schema: schema, storesPreviousID: true,
            position: { position(field.pointer) })
    }

    /// A patch of `patchesJson6902`.
    static func operations(
        _ field: PatchField, _ path: String, _ loader: FolderLoader, position: @escaping (String) -> SourcePosition
    ) throws -> Patch {
        guard let target = field.target, !target.name.isEmpty else {
            throw Diagnostic("a JSON patch must name its target", at: position(field.pointer), advice: "add target.name")
        }
        guard field.patch.isEmpty != field.path.isEmpty else {
            throw Diagnostic(
                field.patch.isEmpty ? "a JSON patch must have 'patch' or 'path'" : "a JSON patch has both 'patch' and 'path'",
                at: position(field.pointer))
        }
        let content =
            field.patch.isEmpty
            ? try fromFile(field.path, loader) { position("\(field.pointer)/path") }
            : try fromText(field.patch, path) { position("\(field.pointer)/patch") }
        guard case .operations = content else {
            throw Diagnostic("the JSON patch is empty or no list of operations", at: position(field.pointer))
        }
        return Patch(
            content: content, target: try matcher(field, position), schema: .builtIn, storesPreviousID: false,
            position: { position(field.pointer) })
    }

    /// An entry of `patchesStrategicMerge`: objects as text, or the path of a file with them.
    static func strategic(_ text: LocatedText, _ file: KustomizationFile, _ loader: FolderLoader) throws -> [Resource] {
        if let inline = try? ResourceReader.read(Array(text.text.utf8), file: file.path) {
            let position = file.position(text.pointer)
            return inline.map { patch in
                var patch = patch
                patch.source = position
                return patch
            }
        }
        return try readObjects(text.text, loader) { file.position(text.pointer) }
    }

    static func readObjects(_ path: String, _ loader: FolderLoader, _ position: () -> SourcePosition) throws -> [Resource] {
        let (bytes, resolved) = try load(path, loader, position)
        return try ResourceReader.read(bytes, file: resolved)
    }

    private static func matcher(_ field: PatchField, _ position: (String) -> SourcePosition) throws -> ResourceMatcher? {
        guard let target = field.target else { return nil }
        do { return try ResourceMatcher(target) } catch {
            throw Diagnostic(error.message, at: position("\(field.pointer)/target"), advice: error.advice)
        }
    }

    private static func load(_ path: String, _ loader: FolderLoader, _ position: () -> SourcePosition) throws -> ([UInt8], String) {
        do {
            return try loader.named(path)
        } catch let fault as Diagnostic {
            throw Diagnostic(fault.message, at: position(), advice: fault.advice)
        }
    }

    private static func fromFile(_ path: String, _ loader: FolderLoader, _ position: () -> SourcePosition) throws -> ResourcePatch.Content {
        let (bytes, resolved) = try load(path, loader, position)
        return try ResourcePatch.read(bytes, file: resolved)
    }

    /// A fault in a text inside of the kustomization is told at the field that holds it.
    private static func fromText(_ text: String, _ file: String, _ position: () -> SourcePosition) throws -> ResourcePatch.Content {
        do {
            let content = try ResourcePatch.read(Array(text.utf8), file: file)
            guard case .strategic(var patches) = content else { return content }
            let place = position()
            for index in patches.indices { patches[index].source = place }
            return .strategic(patches)
        } catch {
            throw Diagnostic(error.message, at: position(), object: error.object, advice: error.advice)
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}

/// Reads replacements, those in files too.
enum ReplacementReader {
    static func transformer(
        _ fields: [ReplacementField], loader: FolderLoader, position: @escaping @Sendable (String) -> SourcePosition
    ) throws -> ReplacementTransformer {
        var replacements: [ReplacementField] = []
        var places: [Int: SourcePosition] = [:]
        for field in fields {
            guard !field.path.isEmpty else {
                replacements.append(field)
                continue
            }
            guard field.source == nil, field.targets?.isEmpty ?? true else {
                throw Diagnostic("a replacement has either a path or a source and targets", at: position(field.pointer))
            }
            let (own, place) = try read(field.path, loader) { position(field.pointer) }
            for replacement in own {
                places[replacements.count] = place
                replacements.append(replacement)
            }
        }
        let all = replacements
        for index in all.indices { replacements[index].number = index }
        let known = places
        return ReplacementTransformer(replacements: replacements) { known[$0.number] ?? position($0.pointer) }
    }

    private static func read(
        _ path: String, _ loader: FolderLoader, _ position: () -> SourcePosition
    ) throws -> ([ReplacementField], SourcePosition) {
        do {
            let (bytes, resolved) = try loader.named(path)
            let documents = try YAMLLoader.load(
                bytes, file: resolved, options: .init(schema: .kubernetes, allowsDuplicateKeys: true))
            let place = SourcePosition(file: resolved, line: documents.first?.line ?? 0)
            let decoder = FieldDecoder(
                value: documents.first?.value ?? .null, pointer: "", ignoresUnknownFields: true, convertsScalars: true)
            do throws(FieldDecoder.Fault) {
                switch decoder.value {
                case .array:
                    var replacements: [ReplacementField] = []
                    for item in try decoder.list() { replacements.append(try ReplacementField(item)) }
                    return (replacements, place)
                case .object: return ([try ReplacementField(decoder)], place)
                case .null, .bool, .int, .unsigned, .double, .string: break
                }
            } catch {
                throw Diagnostic("\(error.message) at \(error.pointer)", at: place, advice: error.advice)
            }
            throw Diagnostic("the file holds no replacement", at: place)
        } catch let fault as Diagnostic {
            throw fault.position == nil ? Diagnostic(fault.message, at: position(), advice: fault.advice) : fault
        }
    }
}
