import Manifests

/// Copies values from one resource's field into fields of others (the field `replacements`).
struct ReplacementTransformer: Sendable {
    var replacements: [ReplacementField]
    var position: @Sendable (ReplacementField) -> SourcePosition?

    func apply(to map: inout ResourceMap) throws {
        for replacement in replacements {
            do { try apply(replacement, to: &map) } catch let fault as Diagnostic {
                throw Diagnostic(
                    fault.message, at: fault.position ?? position(replacement), object: fault.object, advice: fault.advice)
            }
        }
    }

    private func apply(_ replacement: ReplacementField, to map: inout ResourceMap) throws {
        guard let targets = replacement.targets, replacement.source != nil || replacement.sourceValue != nil else {
            throw Diagnostic("a replacement must have a source and at least one target")
        }
        let value = try sourceValue(replacement, in: map)
        for target in targets { try copy(value, to: target, in: &map) }
    }

    // MARK: The source

    /// A value with the text that stands for it in the source.
    private struct SourceValue {
        var value: Value
        var text: String
    }

    private func sourceValue(_ replacement: ReplacementField, in map: ResourceMap) throws -> SourceValue {
        if let text = replacement.sourceValue {
            guard replacement.source == nil else {
                throw Diagnostic("a replacement has either 'source' or 'sourceValue'", advice: "remove one of them")
            }
            return SourceValue(value: ScalarText.plain(text), text: text)
        }
        guard let source = replacement.source else { throw Diagnostic("a replacement must have a source") }
        let resource = try select(source, in: map)
        let path = source.fieldPath.isEmpty ? "metadata.name" : source.fieldPath
        guard let value = try FieldLookup.find(resource.value, FieldPath.splitKeepingBrackets(path)), !Self.isNothing(value) else {
            throw Diagnostic(
                "the field '\(path)' is missing in the source of the replacement, \(resource.currentID.description)")
        }
        let pointer = JSONPointer.text(FieldPath.splitKeepingBrackets(path))
        var text = ScalarText.text(value)
        if let odd = resource.texts[pointer], ScalarText.plain(odd) == value { text = odd }
        return try refined(SourceValue(value: value, text: text), source.options)
    }

    private static func isNothing(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .int, .unsigned, .double, .string: false
        }
    }

    private func select(_ source: ReplacementField.Source, in map: ResourceMap) throws -> Resource {
        var found: Resource?
        for resource in map.resources where ReplacementIDs(resource).contains(where: { $0.isSelected(by: source.selector) }) {
            guard found == nil else {
                throw Diagnostic("several resources match the source of the replacement: \(source.selector.description)")
            }
            found = resource
        }
        guard let found else {
            throw Diagnostic("nothing matches the source of the replacement: \(source.selector.description)")
        }
        return found
    }

    private func refined(_ source: SourceValue, _ options: ReplacementOptions?) throws -> SourceValue {
        guard let options, !options.delimiter.isEmpty else { return source }
        let value = source.value
        guard ScalarText.isScalar(value) else {
            throw Diagnostic("the option 'delimiter' needs text, and the source is \(value.kindDescription)")
        }
        let parts = source.text.split(separator: options.delimiter, omittingEmptySubsequences: false)
        guard options.index >= 0, options.index < parts.count else {
            throw Diagnostic("the option 'index' is \(options.index), and the source has \(parts.count) parts")
        }
        let part = String(parts[Int(options.index)])
        guard let retyped = ScalarText.retyped(value, text: part) else {
            throw Diagnostic("the part '\(part)' of the source is no \(value.kindDescription) any more")
        }
        return SourceValue(value: retyped, text: part)
    }

    // MARK: The targets

    private func copy(_ value: SourceValue, to target: ReplacementField.Target, in map: inout ResourceMap) throws {
        guard let select = target.select else { throw Diagnostic("a target of a replacement must select resources") }
        let matcher = try ResourceMatcher(select)
        var rejects: [(matcher: ResourceMatcher, hasID: Bool, hasMetadata: Bool)] = []
        for reject in target.reject {
            let hasMetadata = !reject.labelSelector.isEmpty || !reject.annotationSelector.isEmpty
            rejects.append((try ResourceMatcher(reject), !reject.hasNoID, hasMetadata))
        }
        let paths = target.fieldPaths.isEmpty ? ["metadata.name"] : target.fieldPaths
        for place in map.resources.indices {
            let resource = map.resources[place]
            guard matcher.matchesMetadata(resource) else { continue }
            if rejects.contains(where: { $0.hasMetadata && $0.matcher.matchesMetadata(resource) }) { continue }
            let ids = ReplacementIDs(resource)
            if rejects.contains(where: { reject in reject.hasID && ids.contains { $0.isSelected(by: reject.matcher) } }) { continue }
            guard ids.contains(where: { $0.isSelected(by: matcher) }) else { continue }
            try map.updateID(place) { resource in
                for path in paths {
                    do { try set(value, at: path, in: &resource, target.options) } catch let fault as Diagnostic {
                        throw Diagnostic(fault.message, at: fault.position, object: resource.currentID.description, advice: fault.advice)
                    }
                }
                SharedEntry.sync(&resource)
            }
        }
    }

    private func set(_ source: SourceValue, at path: String, in resource: inout Resource, _ options: ReplacementOptions?) throws {
        let new = source.value
        let isCreated = options?.isCreated ?? false
        let segments = FieldPath.splitKeepingBrackets(path)
        let creation: FieldTargets.Creation? = isCreated ? FieldTargets.Creation(new) : nil
        if StructuredText.set(new, text: source.text, at: segments, in: &resource.value, creation: creation) { return }
        var count = 0
        try FieldTargets.change(&resource.value, segments[...], creation: creation) { field in
            count += 1
            try Self.replace(&field, by: source, options)
            guard field.isShallower(than: JSONPatch.depthMax - segments.count) else {
                throw Diagnostic("the replacement nests the object deeper than \(JSONPatch.depthMax) levels")
            }
        }
        guard count > 0 else {
            throw Diagnostic(
                "the field '\(path)' is missing in the target of the replacement",
                advice: isCreated ? nil : "correct the path, or set the option 'create'")
        }
        // An annotation is made a text later, of what the source is written as.
        if segments.count == 3, segments[0] == "metadata", (options?.delimiter ?? "").isEmpty {
            resource.texts[JSONPointer.text(segments)] = source.text
        }
    }

    private static func replace(_ field: inout Value, by source: SourceValue, _ options: ReplacementOptions?) throws {
        guard let options, !options.delimiter.isEmpty else {
            return try put(ScalarText.isScalar(source.value) ? source.text : nil, source.value, into: &field)
        }
        guard ScalarText.isScalar(field) else {
            throw Diagnostic("the option 'delimiter' needs text, and the target is \(field.kindDescription)")
        }
        let old = field.isNull ? "" : ScalarText.text(field)
        var parts = old.split(separator: options.delimiter, omittingEmptySubsequences: false).map(String.init)
        let text = source.text
        if options.index < 0 {
            parts.insert(text, at: 0)
        } else if options.index >= parts.count {
            parts.append(text)
        } else {
            parts[Int(options.index)] = text
        }
        let joined = parts.joined(separator: options.delimiter)
        try put(joined, .string(joined), into: &field)
    }

    /// A scalar keeps its type and takes the text alone; anything else is replaced.
    private static func put(_ text: String?, _ new: Value, into field: inout Value) throws {
        guard ScalarText.isScalar(field) else {
            field = new
            return
        }
        guard let retyped = ScalarText.retyped(field, text: text ?? "") else {
            throw Diagnostic("'\(text ?? "")' does not fit a field that holds \(field.kindDescription)")
        }
        field = retyped
    }
}

/// The ids of a resource as replacements compare them: the namespace as it is written, that of earlier ids with `default`.
struct ReplacementIDs: Sequence {
    struct ID {
        var kind: GroupVersionKind
        var name: String
        var namespace: String

        func isSelected(by matcher: ResourceMatcher) -> Bool {
            matcher.selectsID(kind: kind, name: name, namespace: namespace)
        }

        /// As a source is selected: by equal parts, an empty namespace standing for `default`.
        func isSelected(by selector: ResourceSelector) -> Bool {
            func effective(_ namespace: String) -> String { namespace.isEmpty ? ResourceID.defaultNamespace : namespace }
            return (selector.name.isEmpty || selector.name == name)
                && (selector.namespace.isEmpty || effective(selector.namespace) == effective(namespace))
                && selector.gvk.selects(kind)
        }
    }

    private let ids: [ID]

    init(_ resource: Resource) {
        let gvk = resource.gvk
        var ids = [ID(kind: gvk, name: resource.name, namespace: resource.namespace)]
        for previous in resource.previous {
            var kind = gvk
            kind.kind = previous.kind
            ids.append(ID(kind: kind, name: previous.name, namespace: previous.effectiveNamespace))
        }
        self.ids = ids
    }

    func makeIterator() -> IndexingIterator<[ID]> { ids.makeIterator() }
}
