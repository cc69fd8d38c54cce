import Manifests

/// The built-in table of lists that are merged (`builtInText`). A build meets few of its definitions, so only
/// where each stands is noted, and none is read before it is met.
struct MergeSchemaTable: Sendable {
    /// Where the fields of a definition stand, by its name.
    private var fields: [String: Range<Int>] = [:]
    /// The names of the kinds' definitions.
    private var kinds: [GroupVersionKind: String] = [:]

    /// Read once.
    static let builtIn = MergeSchemaTable()

    private typealias Text = Slice<UnsafeBufferPointer<UInt8>>

    private static var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: builtInText.utf8Start, count: builtInText.utf8CodeUnitCount)
    }

    private init() {
        let bytes = Self.bytes
        let (bar, semicolon, slash) = (UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "/"))
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        fields.reserveCapacity(lines.count)
        kinds.reserveCapacity(lines.count)
        for line in lines {
            guard let first = line.firstIndex(of: bar), let second = line[(first + 1)...].firstIndex(of: bar) else { continue }
            let name = String(decoding: line[..<first], as: UTF8.self)
            fields[name] = second + 1..<line.endIndex
            for kind in line[(first + 1)..<second].split(separator: semicolon) {
                guard let group = kind.firstIndex(of: slash), let version = kind[(group + 1)...].firstIndex(of: slash) else { continue }
                let key = GroupVersionKind(
                    group: String(decoding: kind[..<group], as: UTF8.self),
                    version: String(decoding: kind[(group + 1)..<version], as: UTF8.self),
                    kind: String(decoding: kind[(version + 1)...], as: UTF8.self))
                kinds[key] = name
            }
        }
    }

    /// The name of a kind's definition.
    func definition(of kind: GroupVersionKind) -> String? { kinds[kind] }

    /// What a definition says of a field.
    func field(_ name: String, of definition: String) -> MergeSchema.Node? {
        guard let range = fields[definition] else { return nil }
        for field in Self.bytes[range].split(separator: UInt8(ascii: " ")) {
            guard let end = field.firstIndex(where: Self.isMark), field[..<end].elementsEqual(name.utf8) else { continue }
            return Self.node(field[end...])
        }
        return nil
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "[") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "*")
    }

    private static func node(_ text: Text) -> MergeSchema.Node? {
        guard let first = text.first else { return nil }
        let rest = text.dropFirst()
        switch first {
        case UInt8(ascii: ">"): return .type(String(decoding: rest, as: UTF8.self))
        case UInt8(ascii: "*"): return .map(node(rest))
        default:
            guard rest.first == UInt8(ascii: "!") else { return .list(keys: nil, element: node(rest)) }
            let end = rest.firstIndex(where: isMark) ?? rest.endIndex
            let keys = rest[..<end].dropFirst().split(separator: UInt8(ascii: "+")).map { String(decoding: $0, as: UTF8.self) }
            return .list(keys: keys, element: node(rest[end...]))
        }
    }
}
