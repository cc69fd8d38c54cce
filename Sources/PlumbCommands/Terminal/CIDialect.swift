internal import Manifests

/// What a CI system reads out of a job's output.
enum CIDialect: Sendable {
    case none
    /// GitHub Actions (and Gitea's and Forgejo's): workflow commands, and a file for the job's summary.
    case github(summaryFile: String?)
    /// GitLab CI: sections that fold.
    case gitlab

    /// The system that runs us, if it is one whose dialect is known.
    init(variables: [String: String]) {
        if variables["GITHUB_ACTIONS"] == "true" {
            self = .github(summaryFile: variables["GITHUB_STEP_SUMMARY"].flatMap { $0.isEmpty ? nil : $0 })
        } else {
            self = variables["GITLAB_CI"] == "true" ? .gitlab : .none
        }
    }

    /// The line that marks a fault in the job's list of annotations; `nil` where there is no such thing.
    func annotation(_ level: String, _ diagnostic: Diagnostic) -> String? {
        guard case .github = self else { return nil }
        var properties: [String] = []
        if let position = diagnostic.position {
            properties.append("file=\(Self.escapedProperty(position.file))")
            if position.line > 0 { properties.append("line=\(position.line)") }
            if position.column > 0 { properties.append("col=\(position.column)") }
        }
        let head = properties.isEmpty ? "" : " \(properties.joined(separator: ","))"
        return "::\(level)\(head)::\(Self.escaped(diagnostic.description))"
    }

    /// The line that opens a part that can be folded.
    func begin(_ title: String, name: String, at time: Timestamp) -> String? {
        switch self {
        case .none: nil
        case .github: "::group::\(Self.escaped(title))"
        case .gitlab: "\u{1B}[0Ksection_start:\(time.seconds):\(Self.sectionName(name))\r\u{1B}[0K\(title)"
        }
    }

    func end(name: String, at time: Timestamp) -> String? {
        switch self {
        case .none: nil
        case .github: "::endgroup::"
        case .gitlab: "\u{1B}[0Ksection_end:\(time.seconds):\(Self.sectionName(name))\r\u{1B}[0K"
        }
    }

    /// As the runner's toolkit escapes the message of a command.
    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: [UInt8]()) { bytes, byte in
            switch byte {
            case UInt8(ascii: "%"): bytes += "%25".utf8
            case UInt8(ascii: "\r"): bytes += "%0D".utf8
            case UInt8(ascii: "\n"): bytes += "%0A".utf8
            default: bytes.append(byte)
            }
        }.text
    }

    private static func escapedProperty(_ text: String) -> String {
        escaped(text).utf8.reduce(into: [UInt8]()) { bytes, byte in
            switch byte {
            case UInt8(ascii: ":"): bytes += "%3A".utf8
            case UInt8(ascii: ","): bytes += "%2C".utf8
            default: bytes.append(byte)
            }
        }.text
    }

    /// Letters, digits, `_`, `.` and `-` are what GitLab takes.
    private static func sectionName(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "_.-".utf8.contains(byte)
            return isPlain ? byte : UInt8(ascii: "_")
        }.text
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
