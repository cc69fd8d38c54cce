internal import KubernetesAPI
internal import Manifests

/// What an environment says of fields that others own: the rules, and what holds where no rule does.
package struct FieldPolicy: Sendable {
    package var rules: [IgnoreRule]
    package var standard: ConflictPolicy

    package init(rules: [IgnoreRule] = [], standard: ConflictPolicy = .take) {
        self.rules = rules
        self.standard = standard
    }

    /// Whether the server has to be asked who owns what before fields of an object are taken.
    func asksForConflicts(_ reference: ObjectReference) -> Bool {
        standard != .take || rules.contains { $0.conflict == .fail && $0.applies(to: reference) }
    }

    /// Whether fields of an object are left as they are.
    func leavesAny(of reference: ObjectReference) -> Bool {
        rules.contains { $0.conflict == .leave && $0.applies(to: reference) }
    }

    /// Whether fields of an object may be left as they are, by a rule or because others own them.
    func mayLeaveAny(of reference: ObjectReference) -> Bool { standard == .leave || leavesAny(of: reference) }

    /// What holds for one field of an object: the first rule about it, or about what holds it, decides.
    func policy(of path: FieldPath, in object: Value, reference: ObjectReference) -> ConflictPolicy {
        for rule in rules where rule.applies(to: reference) {
            for pattern in rule.fields where pattern.paths(in: object).contains(where: { path.starts(with: $0) }) { return rule.conflict }
        }
        return standard
    }

    /// The body that leaves the fields of the rules as they are in the live object, and the JSON Pointers of these fields.
    ///
    /// A field that another manager owns is not named at all. One that is ours alone is set to its live value: left out, the
    /// apply would remove it. What is not there yet is made as the repository says.
    func leaving(_ desired: Value, live: Value, reference: ObjectReference) -> (body: Value, left: [String]) {
        let rules = rules.filter { $0.conflict == .leave && $0.applies(to: reference) }
        guard !rules.isEmpty else { return (desired, []) }
        var leaver = FieldLeaver(desired: desired, live: live)
        for rule in rules {
            for pattern in rule.fields {
                // What only the live object has may be ours: without it in the body the apply would remove it.
                for path in pattern.paths(in: desired) { leaver.leave(path) }
                for path in pattern.paths(in: live) { leaver.leave(path) }
            }
            if !rule.managers.isEmpty { leaver.leave(fieldsOf: Set(rule.managers)) }
        }
        return leaver.result
    }
}

/// Takes fields out of a body, or gives them their live values.
struct FieldLeaver {
    private let desired: Value
    private let live: Value
    private let own: [ManagedFieldsEntry]
    private let others: [ManagedFieldsEntry]
    private var body: Value
    private var left: Set<String> = []

    init(desired: Value, live: Value) {
        self.desired = desired
        self.live = live
        body = desired
        let entries = ManagedFieldsEntry.entries(of: live)
        own = entries.filter { $0.manager == FieldManager.name && $0.operation == .apply && $0.subresource.isEmpty }
        others = entries.filter { $0.manager != FieldManager.name }
    }

    var result: (body: Value, left: [String]) { (body, left.sorted(by: UTF8Order.isLess)) }

    /// Leaves one field, and each below it that somebody owns by itself.
    mutating func leave(_ path: FieldPath) {
        guard !Self.isIdentity(path) else { return }
        let parent = path.dropLast()
        // An item that is not there yet is made whole.
        guard live.value(at: parent) != nil, desired.value(at: parent) != nil else { return }
        guard let value = live.value(at: path) else {
            guard desired.value(at: path) != nil else { return }
            note(path)
            body.remove(at: path)
            return
        }
        let tokens = JSONPointer.tokens(path.pointer(in: live)) ?? []
        let foreign = Self.grain(tokens, in: live, others)
        let ours = Self.grain(tokens, in: live, own)
        if foreign == .branch || ours == .branch, let object = value.object {
            let wanted = desired.value(at: path)?.object ?? Object()
            for key in object.map(\.key) + wanted.map(\.key).filter({ object[$0] == nil }) { leave(path + [.field(key)]) }
        } else if foreign == .branch || ours == .branch, let items = value.array {
            for index in items.indices { leave(path + [.step(to: index, of: items)]) }
        } else if foreign == .leaf || (foreign == .none && ours == .none) {
            guard body.value(at: path) != nil else { return }
            note(path)
            body.remove(at: path)
        } else if ours != .none || body.value(at: path) != nil {
            // Ours alone, or a part of what somebody owns as a whole.
            note(path)
            body.set(value, at: path)
        }
    }

    /// Leaves every field that these managers own.
    mutating func leave(fieldsOf managers: Set<String>) {
        for entry in others where managers.contains(entry.manager) {
            for elements in entry.fields.leaves {
                guard !Self.isKey(elements), let path = FieldPath(elements, in: live), desired.value(at: path) != nil else { continue }
                leave(path)
            }
        }
    }

    private mutating func note(_ path: FieldPath) { left.insert(path.pointer(in: live)) }

    /// What tells whose the object is, and which object it is.
    private static func isIdentity(_ path: FieldPath) -> Bool {
        let tokens = path.map(\.token)
        switch tokens.first {
        case "apiVersion", "kind", nil: return true
        case "metadata":
            return tokens.count > 1 && ["name", "namespace"].contains(tokens[1]) || tokens.dropFirst(2).first == TrackingID.annotation
        default: return false
        }
    }

    /// Whether a field is what its list's item is called by.
    private static func isKey(_ elements: [PathElement]) -> Bool {
        guard elements.count > 1, case .key(let key) = elements[elements.count - 2], case .field(let name) = elements[elements.count - 1]
        else { return false }
        return key[name] != nil
    }

    private static func grain(_ tokens: [String], in live: Value, _ entries: [ManagedFieldsEntry]) -> FieldGrain {
        entries.map { $0.grain(of: tokens, in: live) }.max() ?? .none
    }
}

extension [FieldStep] {
    /// The path of a member of a field set in an object; `nil` when the object has no such item.
    init?(_ elements: [PathElement], in object: Value) {
        var path: FieldPath = []
        var value: Value? = object
        for element in elements {
            switch element {
            case .field(let name):
                path.append(.field(name))
                value = value?[name]
            case .key, .value, .index:
                guard let items = value?.array, let index = items.indices.first(where: { element.matches(items[$0], at: $0) }) else {
                    return nil
                }
                path.append(.step(to: index, of: items))
                value = items[index]
            }
        }
        self = path
    }
}
