/// Sprig's functions on URLs (url.go).
enum SprigURLs {
    static let functions: [GoFunction] = [
        GoFunction("urlParse", [.string]) { _, values in
            let url: GoURL
            do {
                url = try GoURL(values[0].argumentText)
            } catch {
                throw GoError("unable to parse url: \(error)")
            }
            let fields: [(String, String)] = [
                ("scheme", url.scheme), ("host", url.host), ("hostname", url.hostname), ("path", url.path), ("query", url.query),
                ("opaque", url.opaque), ("fragment", url.fragment), ("userinfo", url.userText ?? ""),
            ]
            return .map(GoMap(unsorted: fields.map { .init(key: $0.0, value: .string($0.1)) }))
        },
        GoFunction("urlJoin", [.map]) { _, values in
            let map = values[0].argumentMap
            func text(_ key: String) throws -> String {
                guard let value = map[key] else { return "" }
                if value.isPlainNil { throw GoError("runtime error: invalid memory address or nil pointer dereference") }
                guard let text = value.text else {
                    throw GoError("unable to parse \(key) key, must be of type string, but \(value.kindName) found")
                }
                return text
            }
            var url = GoURL()
            url.scheme = try text("scheme")
            url.host = try text("host")
            url.path = try text("path")
            url.query = try text("query")
            url.opaque = try text("opaque")
            url.fragment = try text("fragment")
            let user = try text("userinfo")
            if !user.isEmpty {
                do {
                    let parsed = try GoURL("proto://\(user)@host")
                    (url.user, url.password) = (parsed.user, parsed.password)
                } catch {
                    throw GoError("unable to parse userinfo in dict: \(error)")
                }
            }
            return .string(url.text)
        },
    ]
}
