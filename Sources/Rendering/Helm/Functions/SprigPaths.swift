/// Sprig's functions on paths: Go's `path`, and on Linux `path/filepath` is the same.
enum SprigPaths {
    static let functions: [GoFunction] = [
        .text("base", base), .text("dir", folder), .text("clean", clean), .text("ext", suffix),
        GoFunction("isAbs", [.string]) { _, values in .bool(values[0].argumentText.utf8.first == UInt8(ascii: "/")) },
        .text("osBase", base), .text("osDir", folder), .text("osClean", clean), .text("osExt", suffix),
        GoFunction("osIsAbs", [.string]) { _, values in .bool(values[0].argumentText.utf8.first == UInt8(ascii: "/")) },
    ]

    static func base(_ path: String) -> String {
        if path.isEmpty { return "." }
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        return parts.last.map { String(Substring($0)) } ?? "/"
    }

    static func folder(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return clean(String(path[...slash]))
    }

    static func suffix(_ path: String) -> String {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8[path.utf8.index(after: $0)...] } ?? path.utf8[...]
        return name.lastIndex(of: UInt8(ascii: ".")).map { String(Substring(name[$0...])) } ?? ""
    }

    static func clean(_ path: String) -> String {
        if path.isEmpty { return "." }
        let isRooted = path.utf8.first == UInt8(ascii: "/")
        var parts: [Substring] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init) {
            switch part {
            case ".": continue
            case "..":
                if let last = parts.last, last != ".." { parts.removeLast() } else if !isRooted { parts.append(part) }
            default: parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isRooted { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }
}
