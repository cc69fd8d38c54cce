#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A moment: seconds and nanoseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Sendable {
    package var seconds: Int64
    package var nanoseconds: Int32

    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The system's clock. Code below the commands is given a clock instead of calling this.
    package static func now() -> Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int32(now.tv_nsec))
    }

    /// RFC 3339 in UTC with whole seconds: `2026-01-31T09:05:00Z`.
    package var rfc3339: String { text(withFraction: false) }

    /// RFC 3339 in UTC with microseconds, the form of a Lease's times: `2026-01-31T09:05:00.123456Z`.
    package var rfc3339Microseconds: String { text(withFraction: true) }

    /// Reads RFC 3339, with a fraction and an offset or without; `nil` when the text is no such time.
    package init?(rfc3339 text: String) {
        guard let normalized = YAMLTimestamp.rfc3339(text) else { return nil }
        let bytes = Array(normalized.utf8)
        func number(_ range: Range<Int>) -> Int64 {
            bytes[range].reduce(0) { $0 * 10 + Int64($1 &- UInt8(ascii: "0")) }
        }
        guard bytes.count >= 20 else { return nil }
        var seconds = Self.days(year: number(0..<4), month: number(5..<7), day: number(8..<10)) * 86400
        seconds += number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
        var index = 19
        var nanoseconds: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            var scale: Int64 = 100_000_000
            index += 1
            while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
                nanoseconds += Int64(bytes[index] - UInt8(ascii: "0")) * scale
                scale /= 10
                index += 1
            }
        }
        if index + 6 <= bytes.count {
            let offset = number(index + 1..<index + 3) * 3600 + number(index + 4..<index + 6) * 60
            seconds -= bytes[index] == UInt8(ascii: "-") ? -offset : offset
        }
        self.init(seconds: seconds, nanoseconds: Int32(nanoseconds))
    }

    package func adding(_ duration: Duration) -> Timestamp {
        let (more, attoseconds) = duration.components
        var nanoseconds = Int64(nanoseconds) + attoseconds / 1_000_000_000
        var seconds = seconds + more
        if nanoseconds >= 1_000_000_000 { (seconds, nanoseconds) = (seconds + 1, nanoseconds - 1_000_000_000) }
        if nanoseconds < 0 { (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000) }
        return Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))
    }

    /// The time from another moment to this one.
    package func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
    }

    private func text(withFraction: Bool) -> String {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let rest = seconds - days * 86400
        let (year, month, day) = Self.date(days: days)
        func pad(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        var text = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T"
        text += "\(pad(rest / 3600, 2)):\(pad(rest / 60 % 60, 2)):\(pad(rest % 60, 2))"
        if withFraction { text += "." + pad(Int64(nanoseconds / 1000), 6) }
        return text + "Z"
    }

    /// Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant's algorithm).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719468
        let era = (shifted >= 0 ? shifted : shifted - 146096) / 146097
        let dayOfEra = shifted - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthPart = (5 * dayOfYear + 2) / 153
        let month = monthPart + (monthPart < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthPart + 2) / 5 + 1)
    }
}

extension Timestamp: Comparable {
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
