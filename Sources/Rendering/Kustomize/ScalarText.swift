import Manifests

/// Scalars as the text that stands for them in YAML, and back: kustomize works on the text of its YAML nodes.
enum ScalarText {
    /// The text of a scalar; empty for collections.
    static func text(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .unsigned(let unsigned): String(unsigned)
        case .double(let double): NumberText.verb(double)
        case .string(let string): string
        case .array, .object: ""
        }
    }

    static func isScalar(_ value: Value) -> Bool {
        switch value {
        case .null, .bool, .int, .unsigned, .double, .string: true
        case .array, .object: false
        }
    }

    /// The value of a text that stands in YAML without quotes.
    static func plain(_ text: String) -> Value {
        YAMLSchema.kustomize.plainValue(of: text)
    }

    /// What a field becomes when a scalar is put in the place of a text in quotes: the quotes stay, so that it is text.
    /// - Parameter isQuoted: whether the text stands in quotes that it could do without.
    static func keepingQuotes(of old: Value?, on new: Value, text: String? = nil, isQuoted: Bool) -> Value {
        guard case .string(let string)? = old else { return new }
        switch new {
        case .bool, .int, .unsigned, .double:
            let hasQuotes = isQuoted || !YAMLPlainText.canBePlain(string)
            return hasQuotes ? .string(text ?? self.text(new)) : new
        case .null, .string, .array, .object: return new
        }
    }

    /// Puts a new text into a scalar that keeps its type, as kustomize's replacements do.
    /// - Returns: `nil` when the text does not fit the type.
    static func retyped(_ old: Value, text: String) -> Value? {
        switch old {
        case .string: return .string(text)
        case .int, .unsigned:
            switch plain(text) {
            case .int(let int): return .int(int)
            case .unsigned(let unsigned): return .unsigned(unsigned)
            default: return nil
            }
        case .double:
            switch plain(text) {
            case .int(let int): return .double(Double(int))
            case .unsigned(let unsigned): return .double(Double(unsigned))
            case .double(let double): return .double(double)
            default: return nil
            }
        case .bool:
            if case .bool(let bool) = plain(text) { return .bool(bool) }
            return nil
        case .null: return plain(text)
        case .array, .object: return plain(text)
        }
    }
}
