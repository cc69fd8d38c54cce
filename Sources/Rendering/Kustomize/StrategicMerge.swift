import Manifests

/// Merges a patch into an object (kyaml's `merge2`), lists by the keys that the schema names, elements of the patch first.
///
/// Directives: `$patch: delete | replace | merge` in mappings and, as an element of its own, in lists.
struct StrategicMerge {
    private let schema: MergeSchema
    /// The pointers of the object's texts in quotes that they could do without.
    private let quoted: [String]
    /// The patch's scalars as they are written, by pointer.
    private let texts: [String: String]
    private static let directive = "$patch"

    /// What became of a place.
    private enum Outcome {
        case value(Value)
        /// A null that stays, as the object had it and the patch does not speak of it.
        case keptNull
        case cleared
    }

    private enum Directive { case merge, replace, delete }

    private enum Shape { case nothing, mapping, list, scalar }

    /// - Returns: The merged object; `nil` when the patch deletes it.
    /// - Throws: `Diagnostic` when patch and object have different types at a place, or a directive is unknown.
    static func apply(
        _ patch: Value, to value: Value, schema: MergeSchema, kind: GroupVersionKind, quoted: [String] = [], texts: [String: String] = [:]
    ) throws(Diagnostic) -> Value? {
        let merge = StrategicMerge(schema: schema, quoted: quoted, texts: texts)
        switch try merge.walk(value, patch, isSame: false, schema.root(kind), path: "") {
        case .value(let merged): return merged.isNull ? nil : merged
        case .keptNull, .cleared: return nil
        }
    }

    private func shape(_ value: Value?) -> Shape {
        switch value {
        case nil, .null: .nothing
        case .object: .mapping
        case .array: .list
        case .bool, .int, .unsigned, .double, .string: .scalar
        }
    }

    /// `isSame`: what the patch adds is merged with itself, which carries out the directives in it.
    private func walk(
        _ destination: Value?, _ patch: Value?, isSame: Bool, _ node: MergeSchema.Node?, path: String
    ) throws(Diagnostic) -> Outcome {
        let (left, right) = (shape(destination), shape(patch))
        if left != .nothing, right != .nothing, left != right {
            throw Diagnostic(
                "the patch has \(patch?.kindDescription ?? "nothing") at '\(path)' where the object has \(destination?.kindDescription ?? "nothing")"
            )
        }
        switch left == .nothing ? right : left {
        case .scalar:
            guard let patch else { return destination.map(Outcome.value) ?? .cleared }
            return patch.isNull ? .cleared : .value(patch)
        case .list: return try list(destination, patch, isSame: isSame, node, path: path)
        case .mapping, .nothing: return try mapping(destination, patch, isSame: isSame, node, path: path)
        }
    }

    // MARK: Mappings

    private func mapping(
        _ destination: Value?, _ patch: Value?, isSame: Bool, _ node: MergeSchema.Node?, path: String
    ) throws(Diagnostic) -> Outcome {
        guard case .object(let target)? = destination else {
            guard case .object(var added)? = patch else {
                if patch == nil, destination != nil { return .keptNull }
                return .cleared
            }
            if try takeDirective(from: &added, isStrict: false) == .delete { return .cleared }
            return try fields(added, added, isSame: true, node, path: path)
        }
        guard let patch else { return try fields(target, Object(), isSame: false, node, path: path) }
        guard case .object(var changes) = patch else { return .cleared }
        switch try takeDirective(from: &changes, isStrict: true) {
        case .delete: return .cleared
        case .replace: return try fields(changes, changes, isSame: true, node, path: path)
        case .merge: return try fields(isSame ? changes : target, changes, isSame: isSame, node, path: path)
        }
    }

    private func fields(
        _ target: Object, _ changes: Object, isSame: Bool, _ node: MergeSchema.Node?, path: String
    ) throws(Diagnostic) -> Outcome {
        var merged = target
        if isSame {
            for member in changes.members {
                try set(member.key, member.value, member.value, isSame: true, in: &merged, node, path: path)
            }
            return .value(.object(merged))
        }
        for member in target.members where changes.index(of: member.key) == nil {
            // Nothing changes below but for lists of keys, whose elements may move: see `list`.
            guard needsWalk(member.value, schema.field(member.key, of: node)) else { continue }
            try set(member.key, member.value, nil, isSame: false, in: &merged, node, path: path)
        }
        for member in changes.members {
            try set(member.key, target[member.key], member.value, isSame: false, in: &merged, node, path: path)
        }
        return .value(.object(merged))
    }

    /// Whether a value that the patch does not speak of may be changed all the same: a list that is merged loses empty
    /// and repeated elements.
    private func needsWalk(_ value: Value, _ node: MergeSchema.Node?) -> Bool {
        guard node != nil else { return false }
        switch value {
        case .object, .array: return true
        case .null, .bool, .int, .unsigned, .double, .string: return false
        }
    }

    private func set(
        _ key: String, _ old: Value?, _ new: Value?, isSame: Bool, in merged: inout Object, _ node: MergeSchema.Node?,
        path: String
    ) throws(Diagnostic) {
        let path = "\(path)/\(JSONPointer.escape(key))"
        switch try walk(old, new, isSame: isSame, schema.field(key, of: node), path: path) {
        case .value(let value): merged[key] = value.isNull ? nil : isSame ? value : keepingQuotes(of: old, on: value, path: path)
        case .keptNull: merged[key] = .null
        case .cleared: merged[key] = nil
        }
    }

    /// kyaml puts a scalar into the node that is there, and the node keeps its quotes.
    private func keepingQuotes(of old: Value?, on new: Value, path: String) -> Value {
        switch new {
        case .bool, .int, .unsigned, .double:
            return ScalarText.keepingQuotes(of: old, on: new, text: texts[path], isQuoted: quoted.contains(path))
        case .string:
            // Nor does it become a folded block.
            guard let old, ScalarText.isScalar(old), !old.isNull, let text = texts[path], text.utf8.contains(0x0A) else { return new }
            return .string(text)
        case .null, .array, .object: return new
        }
    }

    private func takeDirective(from object: inout Object, isStrict: Bool) throws(Diagnostic) -> Directive {
        guard let value = object[Self.directive] else { return .merge }
        switch ScalarText.text(value) {
        case "delete":
            object[Self.directive] = nil
            return .delete
        case "replace":
            object[Self.directive] = nil
            return .replace
        case "merge":
            object[Self.directive] = nil
            return .merge
        case let other:
            guard isStrict else { return .merge }
            throw Diagnostic("unknown patch directive '\(other)'", advice: "$patch is one of delete, replace, merge")
        }
    }

    // MARK: Lists

    private func list(
        _ destination: Value?, _ patch: Value?, isSame: Bool, _ node: MergeSchema.Node?, path: String
    ) throws(Diagnostic) -> Outcome {
        guard case .list(let keys?, let element)? = node else {
            guard let patch else { return destination.map(Outcome.value) ?? .cleared }
            return patch.isNull ? .cleared : .value(patch)
        }
        guard case .array(let target)? = destination else {
            guard case .array(let added)? = patch else { return .cleared }
            return try elements(added, added, isSame: true, keys, element, path: path)
        }
        guard let patch else { return try elements(target, nil, isSame: false, keys, element, path: path) }
        guard case .array(var changes) = patch else { return .cleared }
        switch try takeDirective(from: &changes) {
        case .delete: return .cleared
        case .replace: return try elements(changes, changes, isSame: true, keys, element, path: path)
        case .merge: return try elements(isSame ? changes : target, changes, isSame: isSame, keys, element, path: path)
        }
    }

    /// A list's directive is an element that holds nothing else.
    private func takeDirective(from items: inout [Value]) throws(Diagnostic) -> Directive {
        guard let index = items.firstIndex(where: { $0[Self.directive] != nil }), case .object(let object) = items[index],
            object.count == 1, let value = object[Self.directive]
        else { return .merge }
        let directive: Directive
        switch ScalarText.text(value) {
        case "delete": directive = .delete
        case "replace": directive = .replace
        case "merge": directive = .merge
        case let other: throw Diagnostic("unknown patch directive '\(other)'", advice: "$patch is one of delete, replace, merge")
        }
        items.removeAll { item in
            guard case .object(let object) = item, let own = object[Self.directive] else { return false }
            return own == value
        }
        return directive
    }

    private func elements(
        _ target: [Value], _ changes: [Value]?, isSame: Bool, _ keys: [String], _ element: MergeSchema.Node?, path: String
    ) throws(Diagnostic) -> Outcome {
        var lists = MergedLists(target: target, changes: changes, isSame: isSame, keys: keys)
        var validKeys: [String] = []
        for values in lists.identities {
            let (usedKeys, usedValues) = lists.valid(values)
            validKeys = usedKeys
            let old = lists.find(in: lists.target, usedKeys, usedValues)
            let new = lists.changes.flatMap { list in lists.find(in: list, usedKeys, usedValues).map { (place: $0, list: list) } }
            let outcome = try walk(
                old.map { lists.target[$0] }, new.map { $0.list[$0.place] }, isSame: isSame, element, path: path)
            guard case .value(var merged) = outcome, !MergedLists.isEmpty(merged) else {
                lists.remove(usedKeys, usedValues)
                continue
            }
            lists.complete(&merged, usedKeys, usedValues)
            // A merge changes the element of the object in place; a replacement stands in the patch's list alone.
            if let old, !replaces(new.map { $0.list[$0.place] }) { lists.target[old] = merged }
            lists.add(merged, usedKeys, usedValues)
        }
        return .value(.array(lists.finish(validKeys)))
    }

    private func replaces(_ patch: Value?) -> Bool {
        guard case .string("replace")? = patch?[Self.directive] else { return false }
        return true
    }
}
