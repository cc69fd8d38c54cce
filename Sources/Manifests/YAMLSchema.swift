/// How plain (unquoted) scalars of YAML become values.
package enum YAMLSchema: Sendable {
    /// As `sigs.k8s.io/yaml` reads, and so `kubectl apply` and Helm: YAML 1.1 booleans (`yes`, `on`, `y`), octal `0777`
    /// and `0o777`, `0x`, `0b`, underscores; dates stay text.
    case kubernetes
    /// As kustomize reads (`go.yaml.in/yaml/v3`): only `true` and `false` are booleans; dates become RFC 3339 text.
    case kustomize
}

extension YAMLSchema {
    /// The value of a plain scalar.
    func value(of text: UnsafeBufferPointer<UInt8>) -> Value {
        guard let first = text.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            return YAMLNumber.value(of: text, schema: self) ?? dated(text)
        case UInt8(ascii: "~"):
            return text.count == 1 ? .null : Self.string(text)
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"),
            UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "o"), UInt8(ascii: "O"):
            guard text.count <= 5 else { return Self.string(text) }
            return word(Self.string(text).string ?? "")
        default:
            return Self.string(text)
        }
    }

    /// Whether the text, written plain, would be read as text again.
    package func readsAsString(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            if case .string = value(of: bytes) { return true }
            return false
        }
    }

    private func word(_ text: String) -> Value {
        switch text {
        case "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
            return self == .kubernetes ? .bool(true) : .string(text)
        case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
            return self == .kubernetes ? .bool(false) : .string(text)
        default: return .string(text)
        }
    }

    private func dated(_ text: UnsafeBufferPointer<UInt8>) -> Value {
        let string = String(decoding: text, as: UTF8.self)
        guard self == .kustomize, let normalized = YAMLTimestamp.rfc3339(string) else { return .string(string) }
        return .string(normalized)
    }

    private static func string(_ text: UnsafeBufferPointer<UInt8>) -> Value {
        .string(String(decoding: text, as: UTF8.self))
    }
}

extension YAMLSchema {
    /// The value of a text that stands in YAML without quotes.
    package func plainValue(of text: String) -> Value {
        var text = text
        return text.withUTF8 { value(of: $0) }
    }
}
