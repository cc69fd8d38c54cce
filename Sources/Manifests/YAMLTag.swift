/// Scalars with an explicit tag.
enum YAMLTag {
    private static let prefix = "tag:yaml.org,2002:"

    /// The value that `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!timestamp` or `!!binary` asks for. A scalar with
    /// a tag of somebody's own is text, as in go-yaml.
    static func value(
        of text: UnsafeBufferPointer<UInt8>, tag: String, schema: YAMLSchema, position: SourcePosition
    ) throws(Diagnostic) -> Value {
        let string = String(decoding: text, as: UTF8.self)
        guard tag.hasPrefix(prefix) else { return .string(string) }
        let name = String(tag.dropFirst(prefix.count))
        let plain = schema.value(of: text)
        switch (name, plain) {
        case ("str", _), ("timestamp", _): return .string(string)
        case ("null", .null), ("bool", .bool), ("int", .int), ("float", .double): return plain
        case ("float", .int(let int)): return .double(Double(int))
        case ("null", _) where string.isEmpty: return .null
        case ("binary", _):
            guard let bytes = Base64.decode(string) else {
                throw Diagnostic("!!binary value contains invalid base64 data", at: position)
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        case ("null", _), ("bool", _), ("int", _), ("float", _):
            throw Diagnostic("'\(string)' is no \(name), which its tag !!\(name) says", at: position)
        default: return .string(string)
        }
    }
}
