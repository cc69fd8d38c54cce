/// A server's answer. Every status is an answer, 404 and 503 too; only what broke on the way is an `HTTPError`.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    /// The body, decompressed.
    package var body: [UInt8]

    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Header fields in the order in which they came; names are looked up without regard to case.
package struct HTTPHeaders: Sendable {
    package var fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    /// The first value of a header.
    package subscript(name: String) -> String? {
        fields.first { Self.isEqual($0.name, name) }?.value
    }

    /// All values of a header that may come several times (`Warning`).
    package func all(_ name: String) -> [String] {
        fields.filter { Self.isEqual($0.name, name) }.map(\.value)
    }

    private static func isEqual(_ left: String, _ right: String) -> Bool {
        let left = left.utf8, right = right.utf8
        return left.count == right.count && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
