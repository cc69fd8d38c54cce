package import Manifests

/// Live fields that a plan leaves as they are, in Argo CD's form.
package struct IgnoreRule: Hashable, Sendable {
    /// `*` for every group.
    package var group: String
    package var kind: String
    /// Empty for every name, every namespace.
    package var name: String
    package var namespace: String
    package var jsonPointers: [String]

    package init(group: String, kind: String, name: String = "", namespace: String = "", jsonPointers: [String]) {
        self.group = group
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.jsonPointers = jsonPointers
    }

    package func applies(to reference: ObjectReference) -> Bool {
        (group == "*" || group == reference.group) && (kind == "*" || kind == reference.kind)
            && (name.isEmpty || name == reference.name) && (namespace.isEmpty || namespace == reference.namespace)
    }
}

extension Value {
    /// Takes what a JSON Pointer names out of an object, so that an apply does not touch it. An index that is not there
    /// and a key that is not there are left alone.
    package mutating func remove(pointer: String) {
        guard let tokens = JSONPointer.tokens(pointer), !tokens.isEmpty else { return }
        remove(tokens[...])
    }

    private mutating func remove(_ tokens: ArraySlice<String>) {
        guard let token = tokens.first else { return }
        let rest = tokens.dropFirst()
        switch self {
        case .object(var object):
            self = .null
            if rest.isEmpty { object[token] = nil } else { object.update(token) { $0.remove(rest) } }
            self = .object(object)
        case .array(var array):
            guard let index = Int(token), array.indices.contains(index) else { return }
            self = .null
            if rest.isEmpty { array.remove(at: index) } else { array[index].remove(rest) }
            self = .array(array)
        case .null, .bool, .int, .double, .string: return
        }
    }
}
