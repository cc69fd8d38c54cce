/// Where lines of a log are read from.
package enum AuditSource: Sendable {
    case file(String)
    case bytes([UInt8], name: String)

    /// What messages call it.
    package var name: String {
        switch self {
        case .file(let path): path
        case .bytes(_, let name): name
        }
    }

    /// The files of one log in the order of its chain: `<path>.1`, `<path>.2` … `<path>`, those that exist. Given one
    /// of the rotated files, the same.
    package static func files(ofLog path: String) -> [AuditSource] {
        let base = logPath(of: path)
        let rotated = LogPath.rotatedNumbers(of: base).map { AuditSource.file("\(base).\($0)") }
        let hasCurrent = FileIdentity(at: base) != nil
        guard hasCurrent || !rotated.isEmpty else { return [.file(path)] }
        return rotated + (hasCurrent ? [.file(base)] : [])
    }

    /// The log that a file belongs to: `log` for `log.3`, if there is such a file, else the path itself.
    package static func logPath(of path: String) -> String {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")),
            LogPath.number(path.utf8[path.utf8.index(after: dot)...]) != nil
        else { return path }
        let base = String(path[..<dot])
        return FileIdentity(at: base) == nil ? path : base
    }
}
