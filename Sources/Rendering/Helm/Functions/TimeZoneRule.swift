internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The zone that a time is told in.
enum TimeZoneRule: Sendable {
    case utc
    /// The zone of this process, as `TZ` or the system says.
    case local
    /// A constant distance from UTC in seconds, with the name it was given.
    case fixed(Int, String)
    /// A zone of the system's database.
    case file(TimeZoneFile)

    /// The distance from UTC at a moment, and the zone's short name then.
    func offset(at seconds: Int64) -> (seconds: Int, name: String) {
        switch self {
        case .utc: return (0, "UTC")
        case .fixed(let seconds, let name): return (seconds, name)
        case .file(let file): return file.offset(at: seconds)
        case .local:
            var time = time_t(seconds)
            var parts = tm()
            guard localtime_r(&time, &parts) != nil else { return (0, "UTC") }
            return (parts.tm_gmtoff, parts.tm_zone.map { String(cString: $0) } ?? "UTC")
        }
    }

    /// The moment at which clocks of the zone show a time.
    func utc(local: Int64) -> Int64 {
        let first = local &- Int64(offset(at: local).seconds)
        return local &- Int64(offset(at: first).seconds)
    }

    /// The zone of a name as `time.LoadLocation` takes it; UTC for a name that the system does not know.
    static func named(_ name: String) -> TimeZoneRule {
        switch name {
        case "", "UTC": .utc
        case "Local": .local
        default: TimeZoneFile.named(name).map { .file($0) } ?? .utc
        }
    }
}
