internal import Manifests

/// YAML with sequences indented below their keys and no text folded: what `toYamlPretty` writes, through go-yaml v3 and not
/// through JSON as `toYaml` does.
enum PrettyYAML {
    private static let depthMax = 1000

    /// - Throws: `GoError` for what cannot be written.
    static func write(_ value: GoValue) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try node(value, indent: 0, startsLine: true, &bytes, depth: 0)
        while bytes.last == 0x0A { bytes.removeLast() }
        return bytes
    }

    private enum Shape {
        case members([(key: String, value: GoValue)])
        case items([GoValue])
        case scalar
    }

    private static func shape(_ value: GoValue) -> Shape {
        switch value {
        case .map(let map): return members(map)
        case .list, .typedList, .bytes: return .items(value.elements ?? [])
        case .object(let object):
            if object is TimeObject || object is VersionObject { return .scalar }
            if let fields = object.structFields {
                return .members(fields.filter(\.isExported).map { ($0.name.lowercased(), $0.value) })
            }
            if let elements = value.elements { return .items(elements) }
            if case .map(let map) = object.underlying { return members(map) }
            return .scalar
        case .invalid, .null, .bool, .integer, .float, .string, .raw, .function: return .scalar
        }
    }

    private static func members(_ map: GoMap) -> Shape {
        if map.isNil { return .members([]) }
        return .members(map.members.sorted { YAMLKeyOrder.isLess($0.key, $1.key) }.map { ($0.key, $0.value) })
    }

    private static func node(_ value: GoValue, indent: Int, startsLine: Bool, _ bytes: inout [UInt8], depth: Int) throws {
        guard depth < depthMax else { throw GoError("values nest deeper than \(depthMax) levels") }
        if let meter = WorkMeter.current {
            if bytes.count > meter.outputBytesMax { meter.stop("a list or map makes too long a YAML text") }
            guard meter.spend(1) else { throw GoError(meter.fault ?? "") }
        }
        switch shape(value) {
        case .members(let members) where !members.isEmpty:
            for (index, member) in members.enumerated() {
                if index > 0 || !startsLine { pad(indent, &bytes) }
                bytes += text(member.key, indent: indent)
                bytes.append(UInt8(ascii: ":"))
                try child(member.value, indent: indent, &bytes, depth: depth)
            }
        case .items(let items) where !items.isEmpty:
            for (index, item) in items.enumerated() {
                if index > 0 || !startsLine { pad(indent, &bytes) }
                bytes += Array("- ".utf8)
                try node(item, indent: indent + 2, startsLine: true, &bytes, depth: depth + 1)
            }
        case .members: bytes += Array("{}\n".utf8)
        case .items: bytes += Array("[]\n".utf8)
        case .scalar:
            bytes += try scalar(value, indent: indent)
            bytes.append(0x0A)
        }
    }

    private static func child(_ value: GoValue, indent: Int, _ bytes: inout [UInt8], depth: Int) throws {
        let hasContent =
            switch shape(value) {
            case .members(let members): !members.isEmpty
            case .items(let items): !items.isEmpty
            case .scalar: false
            }
        bytes.append(hasContent ? 0x0A : 0x20)
        try node(value, indent: indent + 2, startsLine: !hasContent, &bytes, depth: depth + 1)
    }

    private static func pad(_ indent: Int, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }

    private static func scalar(_ value: GoValue, indent: Int) throws -> [UInt8] {
        switch value {
        case .invalid, .null: return Array("null".utf8)
        case .bool(let bool): return Array((bool ? "true" : "false").utf8)
        case .integer: return Array(GoFormatter.verb(value).utf8)
        case .float(let float):
            if float.isNaN { return Array(".nan".utf8) }
            if float.isInfinite { return Array((float < 0 ? "-.inf" : ".inf").utf8) }
            return Array(NumberText.general(float).utf8)
        case .string(let string): return text(string, indent: indent)
        case .raw(let raw): return Array("!!binary ".utf8) + Array(GoBase64.encode(raw).utf8)
        case .object(let object):
            let string = object.underlying.argumentText
            // A time stands without quotes; it reads as one.
            return object is TimeObject ? Array(string.utf8) : text(string, indent: indent)
        case .bytes, .list, .typedList, .map: return []
        case .function: throw GoError("cannot marshal type: func()")
        }
    }

    /// A text as the other writer has it, its further lines moved to the indent.
    private static func text(_ string: String, indent: Int) -> [UInt8] {
        var emitter = YAMLEmitter(foldsText: false)
        emitter.document(.string(string))
        var text = emitter.take()
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
