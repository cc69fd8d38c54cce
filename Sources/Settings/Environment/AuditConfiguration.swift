internal import Manifests

/// Where an environment's runs are recorded, and who is told of them. What the command line says wins.
package struct AuditConfiguration: Hashable, Sendable {
    /// The log's path; `nil` for `plumb-audit.jsonl` in the working directory.
    package var file: String?
    /// The size in bytes at which a new file begins, 0 for never; `nil` for the usual one.
    package var rotationBytes: Int?
    /// Whether records are printed on standard output too.
    package var isPrinted: Bool?
    package var events: Events?

    /// An endpoint that records are sent to as CloudEvents.
    package struct Events: Hashable, Sendable {
        package var url: String
        /// The file with the key that signs what is sent.
        package var keyFile: String?
        /// The environment variable with the key; `nil` for `PLUMB_EVENTS_KEY`.
        package var keyVariable: String?

        package init(url: String = "") { self.url = url }
    }

    package init() {}

    static let settings = SettingGroup(
        empty: AuditConfiguration(),
        [
            Setting("file", \.file, .word, "The audit log, which is appended to. By default plumb-audit.jsonl in the working directory."),
            Setting(
                "rotate", \.rotationBytes, .byteSize, default: "256MiB",
                "Begin a new file when the audit log would grow beyond this; 0 never does. The chain goes on in the new file."),
            Setting(
                "stdout", \.isPrinted, .bool, default: false, "Whether records are printed on standard output too, as they are written."),
            Setting("events", \.events, events.kind, "An endpoint that records are sent to as CloudEvents, in the background."),
        ])

    private static let events = SettingGroup(
        empty: Events(),
        [
            Setting("url", \.url, url, isRequired: true, "The endpoint."),
            Setting(
                "keyFile", \.keyFile, .word,
                "The file with the key that signs what is sent (HMAC-SHA256, Standard Webhooks). The key itself never stands here."),
            Setting(
                "keyVariable", \.keyVariable, .word, default: "PLUMB_EVENTS_KEY",
                "The environment variable with that key, where no file is named."),
        ]
    ) { events, field throws(Diagnostic) in
        if events.keyFile != nil, events.keyVariable != nil {
            throw field.fault("names both a keyFile and a keyVariable", advice: "the key comes from one of them: take the other out")
        }
    }

    private static let url = SettingKind<String>.word.checked(["pattern": "^https?://"]) { url, field throws(Diagnostic) in
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw field.fault("is no URL of an endpoint", advice: "write it as https://host/path")
        }
        return url
    }
}
