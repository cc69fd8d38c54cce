internal import Manifests

/// A `time.Time`: a moment and the zone it is told in.
final class TimeObject: GoObject {
    /// Seconds since 1970 in UTC.
    let seconds: Int64
    let nanoseconds: Int
    let zone: TimeZoneRule

    init(seconds: Int64, nanoseconds: Int = 0, zone: TimeZoneRule = .utc) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.zone = zone
    }

    /// The year 1, January 1, 00:00 UTC: Go's zero time.
    static let zeroSeconds: Int64 = -62_135_596_800

    var typeName: String { "time.Time" }
    var kind: String { "struct" }
    var string: String? { TimeLayout.format(self, "2006-01-02 15:04:05.999999999 -0700 MST") }
    var underlying: GoValue { .string(TimeLayout.format(self, TimeLayout.rfc3339Nano)) }

    func adding(_ nanoseconds: Int64) -> TimeObject {
        let sum = Int64(self.nanoseconds) + nanoseconds % 1_000_000_000
        let carry: Int64 = sum < 0 ? -1 : sum >= 1_000_000_000 ? 1 : 0
        return TimeObject(
            seconds: seconds &+ nanoseconds / 1_000_000_000 &+ carry, nanoseconds: Int(sum - carry * 1_000_000_000), zone: zone)
    }

    func told(in zone: TimeZoneRule) -> TimeObject { TimeObject(seconds: seconds, nanoseconds: nanoseconds, zone: zone) }

    /// The nanoseconds from another time to this one, at most what fits.
    func since(_ other: TimeObject) -> Int64 {
        let (product, overflows) = seconds.subtractingReportingOverflow(other.seconds).partialValue.multipliedReportingOverflow(
            by: 1_000_000_000)
        if overflows { return seconds < other.seconds ? .min : .max }
        return product &+ Int64(nanoseconds - other.nanoseconds)
    }

    var civil: CivilTime { CivilTime(seconds: seconds &+ Int64(zone.offset(at: seconds).seconds)) }

    func method(_ name: String) -> GoFunction? {
        let civil = civil
        switch name {
        case "Year": return constant(name, .int(Int(civil.year)))
        case "Month": return constant(name, .integer(Int64(civil.month), .month))
        case "Day": return constant(name, .int(civil.day))
        case "Hour": return constant(name, .int(civil.hour))
        case "Minute": return constant(name, .int(civil.minute))
        case "Second": return constant(name, .int(civil.second))
        case "Nanosecond": return constant(name, .int(nanoseconds))
        case "Weekday": return constant(name, .integer(Int64(civil.weekday), .weekday))
        case "YearDay": return constant(name, .int(civil.yearDay))
        case "Unix": return constant(name, .integer(seconds, .int64))
        case "UnixMilli": return constant(name, .integer(seconds &* 1000 &+ Int64(nanoseconds / 1_000_000), .int64))
        case "UnixMicro": return constant(name, .integer(seconds &* 1_000_000 &+ Int64(nanoseconds / 1000), .int64))
        case "UnixNano": return constant(name, .integer(seconds &* 1_000_000_000 &+ Int64(nanoseconds), .int64))
        case "UTC": return constant(name, .object(told(in: .utc)))
        case "Local": return constant(name, .object(told(in: .local)))
        case "IsZero": return constant(name, .bool(seconds == Self.zeroSeconds && nanoseconds == 0))
        case "String": return constant(name, .string(string ?? ""))
        case "Format": return GoFunction(name, [.string]) { _, values in .string(TimeLayout.format(self, values[0].argumentText)) }
        case "Add":
            return GoFunction(name, [.named("time.Duration")]) { _, values in .object(self.adding(Int64(values[0].argumentInt))) }
        case "AddDate":
            return GoFunction(name, [.int, .int, .int]) { _, values in
                let moved = CivilTime.seconds(
                    year: civil.year &+ Int64(values[0].argumentInt), month: Int64(civil.month) &+ Int64(values[1].argumentInt),
                    day: Int64(civil.day) &+ Int64(values[2].argumentInt), hour: civil.hour, minute: civil.minute, second: civil.second)
                return .object(TimeObject(seconds: self.zone.utc(local: moved), nanoseconds: self.nanoseconds, zone: self.zone))
            }
        case "Sub": return comparison(name) { .integer($0.since($1), .duration) }
        case "Before": return comparison(name) { .bool(($0.seconds, $0.nanoseconds) < ($1.seconds, $1.nanoseconds)) }
        case "After": return comparison(name) { .bool(($0.seconds, $0.nanoseconds) > ($1.seconds, $1.nanoseconds)) }
        case "Equal": return comparison(name) { .bool(($0.seconds, $0.nanoseconds) == ($1.seconds, $1.nanoseconds)) }
        default: return nil
        }
    }

    private func constant(_ name: String, _ value: GoValue) -> GoFunction { GoFunction(name, []) { _, _ in value } }

    private func comparison(_ name: String, _ result: @escaping (TimeObject, TimeObject) -> GoValue) -> GoFunction {
        GoFunction(name, [.time]) { _, values in
            guard case .object(let object) = values[0], let other = object as? TimeObject else { return .null }
            return result(self, other)
        }
    }
}
