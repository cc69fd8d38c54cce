/// One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1): `Bearer realm="…",service="…",scope="…"`.
struct AuthChallenge: Equatable, Sendable {
    /// In small letters: `bearer`, `basic`.
    var scheme: String
    var parameters: [String: String]

    /// The challenge of a header; `nil` for a text that is none.
    init?(_ header: String) {
        let bytes = Array(header.utf8)
        var index = 0
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func skipSpaces() { while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 } }
        skipSpaces()
        let start = index
        while index < bytes.count, bytes[index] != 0x20 { index += 1 }
        scheme = text(start..<index).lowercased()
        parameters = [:]
        if scheme.isEmpty { return nil }
        while index < bytes.count {
            skipSpaces()
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") {
                index += 1
                continue
            }
            let nameStart = index
            while index < bytes.count, bytes[index] != UInt8(ascii: "="), bytes[index] != UInt8(ascii: ",") { index += 1 }
            let name = text(nameStart..<index).lowercased()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { break }
            index += 1
            var value: [UInt8] = []
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
                    value.append(bytes[index])
                    index += 1
                }
                index += 1
            } else {
                while index < bytes.count, bytes[index] != UInt8(ascii: ",") {
                    value.append(bytes[index])
                    index += 1
                }
            }
            parameters[name] = String(decoding: value, as: UTF8.self)
        }
    }
}
