import Manifests

/// The place where the next page of a list begins: base64url of JSON, as the server's own tokens are.
struct ContinueToken {
    var version: Int64
    /// The path of the last object that was sent.
    var start: String

    init(version: Int64, start: String) {
        self.version = version
        self.start = start
    }

    init(parsing text: String) throws(APIError) {
        guard let bytes = Base64.decode(text, alphabet: .url) else {
            throw .badRequest("invalid continue token: continue key is not valid: illegal base64 data at input byte 0")
        }
        let value: Value
        do { value = try JSONParser.parse(bytes) } catch {
            throw .badRequest("invalid continue token: continue key is not valid: \(Self.complaint(bytes))")
        }
        guard value["v"]?.string == "meta.k8s.io/v1", let version = value["rv"]?.int, let start = value["start"]?.string
        else { throw .badRequest("invalid continue token: continue key is not valid: server does not recognize this encoded version") }
        self.init(version: version, start: start)
    }

    /// What Go's decoder of JSON says of a text that does not begin as JSON.
    private static func complaint(_ bytes: [UInt8]) -> String {
        guard let first = bytes.first else { return "unexpected end of JSON input" }
        let character: String
        if first >= 0x20, first < 0x7F {
            character = first == UInt8(ascii: "'") ? "'\\''" : "'\(Character(UnicodeScalar(first)))'"
        } else {
            let digits = String(first, radix: 16)
            character = "'\\u00\(digits.utf8.count < 2 ? "0" : "")\(digits)'"
        }
        return "invalid character \(character) looking for beginning of value"
    }

    var text: String {
        let value: Value = ["v": "meta.k8s.io/v1", "rv": .int(version), "start": .string(start)]
        return Base64.encode(JSONWriter.compact(value), alphabet: .url)
    }
}
