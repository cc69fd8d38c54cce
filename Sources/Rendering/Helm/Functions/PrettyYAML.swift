internal import Manifests

/// YAML with sequences indented below their keys: what `toYamlPretty` writes.
enum PrettyYAML {
    static func write(_ value: Value) -> [UInt8] {
        var bytes: [UInt8] = []
        node(value, indent: 0, startsLine: true, &bytes)
        while bytes.last == 0x0A { bytes.removeLast() }
        return bytes
    }

    private static func node(_ value: Value, indent: Int, startsLine: Bool, _ bytes: inout [UInt8]) {
        switch value {
        case .object(let object) where !object.isEmpty:
            let members = object.members
            for (index, member) in members.enumerated() {
                if index > 0 || !startsLine { pad(indent, &bytes) }
                bytes += scalar(.string(member.key), indent: indent)
                bytes.append(UInt8(ascii: ":"))
                child(member.value, indent: indent, &bytes)
            }
        case .array(let items) where !items.isEmpty:
            for (index, item) in items.enumerated() {
                if index > 0 || !startsLine { pad(indent, &bytes) }
                bytes += Array("- ".utf8)
                node(item, indent: indent + 2, startsLine: true, &bytes)
            }
        default:
            bytes += scalar(value, indent: indent)
            bytes.append(0x0A)
        }
    }

    private static func child(_ value: Value, indent: Int, _ bytes: inout [UInt8]) {
        let isCollection: Bool
        switch value {
        case .object(let object): isCollection = !object.isEmpty
        case .array(let items): isCollection = !items.isEmpty
        default: isCollection = false
        }
        if isCollection {
            bytes.append(0x0A)
            node(value, indent: indent + 2, startsLine: false, &bytes)
        } else {
            bytes.append(0x20)
            bytes += scalar(value, indent: indent + 2)
            bytes.append(0x0A)
        }
    }

    private static func pad(_ indent: Int, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }

    /// A scalar as the other writer has it, its further lines moved to the indent.
    private static func scalar(_ value: Value, indent: Int) -> [UInt8] {
        var text = YAMLEmitter.kustomize(value)
        if text.last == 0x0A { text.removeLast() }
        guard text.contains(0x0A), indent > 2 else { return text }
        var result: [UInt8] = []
        for byte in text {
            result.append(byte)
            if byte == 0x0A { pad(indent - 2, &result) }
        }
        return result
    }
}
