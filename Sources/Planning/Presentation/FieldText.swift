package import Manifests

/// Paths of fields as people write them: `spec.containers[name=web].image`, `data["nginx.conf"]`.
package enum FieldText {
    /// The text of a JSON Pointer within an object; items of lists that are found in the object go by their keys.
    package static func text(_ pointer: String, in object: Value?) -> String {
        guard let tokens = JSONPointer.tokens(pointer), !tokens.isEmpty else { return pointer }
        var text = ""
        var value = object
        for token in tokens {
            if case .array(let items) = value {
                var item: Value?
                if let index = Int(token), items.indices.contains(index) { item = items[index] }
                if let item, let members = ListKeys.members(for: items, []) {
                    text += self.key(ListKeys.key(of: item, by: members))
                } else {
                    text += "[\(token)]"
                }
                value = item
            } else {
                append(token, to: &text)
                value = value?[token]
            }
        }
        return text
    }

    /// `[name=web]`
    static func key(_ key: Object) -> String {
        let members = key.map { member in "\(member.key)=\(plain(member.value))" }
        return "[\(members.joined(separator: ","))]"
    }

    static func append(_ name: String, to text: inout String) {
        if isSimple(name) {
            if !text.isEmpty { text += "." }
            text += name
        } else {
            text += "[\(String(decoding: JSONWriter.compact(.string(name)), as: UTF8.self))]"
        }
    }

    private static func plain(_ value: Value) -> String {
        if case .string(let string) = value { return string }
        return String(decoding: JSONWriter.compact(value), as: UTF8.self)
    }

    /// Names that can stand between dots.
    private static func isSimple(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension [FieldStep] {
    /// The path for people.
    package var fieldText: String {
        var text = ""
        for step in self {
            switch step {
            case .field(let name): FieldText.append(name, to: &text)
            case .item(let key, _): text += FieldText.key(key)
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}
