package import Manifests

/// A time at which applies are allowed or denied, in Argo CD's words.
package struct SyncWindow: Hashable, Sendable {
    /// `allow` or `deny`.
    package var kind: String
    /// `nil` before it is read: every window has one.
    package var schedule: CronSchedule?
    package var duration: Duration
    /// A name of the system's time zone database.
    package var timeZone: String
    /// Globs over the names of environments.
    package var applications: [String]
    /// Globs over the environment's namespace.
    package var namespaces: [String]
    /// Globs over the target's context and server.
    package var clusters: [String]
    /// Whether all selectors that are given have to match, and not one of them.
    package var andOperator: Bool
    /// Whether a person may go on all the same, who says why.
    package var manualSync: Bool
    /// Whether an apply that has begun may end outside of the window. An apply is never cut short here, so this is always so.
    package var syncOverrun: Bool

    package init(
        kind: String = "", schedule: CronSchedule? = nil, duration: Duration = .zero, timeZone: String = "UTC", applications: [String] = [],
        namespaces: [String] = [], clusters: [String] = [], andOperator: Bool = false, manualSync: Bool = false
    ) {
        self.kind = kind
        self.schedule = schedule
        self.duration = duration
        self.timeZone = timeZone
        self.applications = applications
        self.namespaces = namespaces
        self.clusters = clusters
        self.andOperator = andOperator
        self.manualSync = manualSync
        syncOverrun = true
    }

    /// When the window that is open now opened; `nil` when it is closed.
    package func opened(at now: Timestamp) -> Timestamp? {
        let zone = TimeZoneFile.named(timeZone)
        return schedule?.latest(atOrBefore: now, within: duration) { zone?.offset(at: $0).seconds ?? 0 }
    }

    /// What people are told of it: `deny 0 22 * * * for 8h (Europe/Berlin)`.
    package var text: String {
        "\(kind) '\(schedule?.text ?? "")' for \(DurationText.text(duration))" + (timeZone == "UTC" ? "" : " (\(timeZone))")
    }

    static let settings = SettingGroup(
        empty: SyncWindow(),
        [
            Setting("kind", \.kind, .choice(["allow", "deny"]), isRequired: true, "Whether applies are allowed or denied then."),
            Setting("schedule", \.schedule, schedule, isRequired: true, "When the window opens: five fields as in cron."),
            Setting("duration", \.duration, .duration, isRequired: true, "How long it stays open."),
            Setting("timeZone", \.timeZone, timeZone, default: "UTC", "The zone of the schedule, such as Europe/Berlin."),
            Setting("applications", \.applications, .list(of: .glob), "Environments that the window is for: globs over their names."),
            Setting("namespaces", \.namespaces, .list(of: .glob), "Namespaces that it is for: globs over the environments' namespaces."),
            Setting("clusters", \.clusters, .list(of: .glob), "Targets that it is for: globs over their contexts and servers."),
            Setting(
                "andOperator", \.andOperator, .bool, default: false,
                "Whether applications, namespaces and clusters have to match all, and not one of them."),
            Setting(
                "manualSync", \.manualSync, .bool, default: false,
                "Whether --manual with a reason, which is recorded, goes past the window."),
            Setting(
                "syncOverrun", \.syncOverrun, .bool, default: true, "Understood for Argo CD's sake: an apply that has begun always ends."),
        ]
    ) { window, field throws(Diagnostic) in
        guard window.duration > .zero else { throw field.fault("has no duration") }
    }

    private static let schedule = SettingKind<CronSchedule>(["type": "string", "examples": ["0 22 * * 1-5"]]) { field throws(Diagnostic) in
        do throws(Diagnostic) { return try CronSchedule(try field.text()) } catch {
            throw Diagnostic(error.message, at: field.position, advice: error.advice)
        }
    }

    private static let timeZone = SettingKind<String>.word.checked { name, field throws(Diagnostic) in
        guard name == "UTC" || TimeZoneFile.named(name) != nil else {
            throw field.fault(
                "is a time zone that this system does not know",
                advice: "write a name such as Europe/Berlin; the names are in the package tzdata")
        }
        return name
    }
}

extension SettingKind where Content == String {
    /// A pattern that is well-formed; a `!` in front of it turns it round where negations are understood.
    static var glob: SettingKind<String> {
        word.checked { text, field throws(Diagnostic) in
            guard GlobPattern(text.hasPrefix("!") ? String(text.dropFirst()) : text).isValid else {
                throw field.fault("is no pattern: a bracket or brace stays open")
            }
            return text
        }
    }
}
