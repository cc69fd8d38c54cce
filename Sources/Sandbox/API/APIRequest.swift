/// A request as the API sees it, free of the HTTP library.
struct APIRequest: Sendable {
    var method: String
    /// The path's segments, percent-decoded.
    var segments: [String]
    /// The path as sent, without the query.
    var path: String
    var query: [(name: String, value: String)]
    var headers: [String: String]
    var body: [UInt8]

    init(method: String, target: String, headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.headers = headers
        self.body = body
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "/")
        segments = path.split(separator: "/").map { Self.decode($0, plusIsSpace: false) }
        query =
            parts.count < 2
            ? []
            : parts[1].split(separator: "&").map { pair in
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (
                    Self.decode(halves[0], plusIsSpace: true),
                    halves.count < 2 ? "" : Self.decode(halves[1], plusIsSpace: true)
                )
            }
    }

    func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    func flag(_ name: String) -> Bool {
        guard let value = parameter(name) else { return false }
        return value.isEmpty || value == "true" || value == "1"
    }

    /// The content type without its parameters.
    var contentType: String {
        let type = headers["content-type"] ?? ""
        return type.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() } ?? ""
    }

    var accept: String { headers["accept"] ?? "" }

    /// The name under which a write is recorded: the parameter, else the program's name out of User-Agent.
    var fieldManager: String {
        if let name = parameter("fieldManager"), !name.isEmpty { return name }
        let agent = headers["user-agent"] ?? ""
        return String(agent.prefix { $0 != "/" }.prefix(128))
    }

    private static func decode(_ text: Substring, plusIsSpace: Bool) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An answer, ready to be sent.
struct APIResponse: Sendable {
    var status: Int
    var contentType = "application/json"
    var body: [UInt8]
    var headers: [(name: String, value: String)] = []

    static let notServed = APIResponse(
        status: 404, contentType: "text/plain; charset=utf-8", body: Array("404 page not found\n".utf8))

    static func text(_ text: String) -> APIResponse {
        APIResponse(status: 200, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
