package import Manifests

/// A moment as people give it on the command line.
package enum AuditMoment {
    /// Reads RFC 3339 (`2026-01-31T09:05:00Z`), a date (`2026-01-31`, midnight UTC), or how long ago (`90s`, `30m`,
    /// `2h`, `7d`, `1h30m`); `nil` when the text is none of these.
    package static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        if let time = Timestamp(rfc3339: text) { return time }
        guard let seconds = secondsAgo(text) else { return nil }
        let (moment, overflows) = now.seconds.subtractingReportingOverflow(seconds)
        return overflows ? nil : Timestamp(seconds: moment, nanoseconds: now.nanoseconds)
    }

    private static func secondsAgo(_ text: String) -> Int64? {
        var total: Int64 = 0
        var number: Int64?
        for byte in text.utf8 {
            if (0x30...0x39).contains(byte) {
                let next = (number ?? 0) * 10 + Int64(byte - 0x30)
                // Ten thousand years in seconds: far more than any log, far from overflow.
                guard next < 400_000_000_000 else { return nil }
                number = next
                continue
            }
            guard let count = number, let unit = unitSeconds(byte) else { return nil }
            total += min(count, 400_000_000_000 / unit) * unit
            number = nil
            guard total < 400_000_000_000 else { return nil }
        }
        return number == nil && !text.isEmpty ? total : nil
    }

    private static func unitSeconds(_ byte: UInt8) -> Int64? {
        switch byte {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3600
        case UInt8(ascii: "d"): 86400
        default: nil
        }
    }
}
