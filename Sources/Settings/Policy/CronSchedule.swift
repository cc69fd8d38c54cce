package import Manifests

/// A schedule of five fields as cron and Argo CD write it: minute, hour, day of month, month, day of week.
///
/// Each field is `*`, a number, a range, a list, or one with a step; months and days have English names too. As in cron,
/// when both days are restricted one of them is enough.
package struct CronSchedule: Hashable, Sendable {
    package let text: String
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// Whether the field is `*` or `?`: then the other day's field decides alone.
    private let isEveryDay: Bool
    private let isEveryWeekday: Bool

    /// - Throws: `Diagnostic` without a place, with the field that is at fault.
    package init(_ text: String) throws(Diagnostic) {
        self.text = text
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5 else {
            throw Diagnostic(
                "a schedule has five fields, and this has \(fields.count)",
                advice: "minute, hour, day of month, month, day of week: 0 22 * * 1-5")
        }
        minutes = try Self.bits(fields[0], 0...59, "minute")
        hours = try Self.bits(fields[1], 0...23, "hour")
        days = try Self.bits(fields[2], 1...31, "day of month")
        months = try Self.bits(fields[3], 1...12, "month", names: Self.monthNames)
        // 7 is Sunday as well.
        let weekdays = try Self.bits(fields[4], 0...7, "day of week", names: Self.weekdayNames)
        self.weekdays = weekdays | (weekdays >> 7 & 1)
        isEveryDay = Self.isEvery(fields[2])
        isEveryWeekday = Self.isEvery(fields[4])
    }

    private static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    ]
    private static let weekdayNames = ["sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6]

    private static func isEvery(_ field: Substring) -> Bool {
        field.split(separator: ",").contains { ["*", "?", "*/1", "?/1"].contains($0) }
    }

    private static func bits(
        _ field: Substring, _ bounds: ClosedRange<Int>, _ noun: String, names: [String: Int] = [:]
    ) throws(Diagnostic) -> UInt64 {
        func fault() -> Diagnostic {
            Diagnostic(
                "'\(field)' is no \(noun)",
                advice: "it is *, a number from \(bounds.lowerBound) to \(bounds.upperBound), a range, a list or a step: */15")
        }
        func number(_ text: Substring) throws(Diagnostic) -> Int {
            if let named = names[text.lowercased()] { return named }
            guard text.utf8.count <= 2, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(text), bounds.contains(number) else {
                throw fault()
            }
            return number
        }
        var bits: UInt64 = 0
        for item in field.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, parts.count <= 2 else { throw fault() }
            var range = bounds
            if first != "*", first != "?" {
                let ends = first.split(separator: "-", omittingEmptySubsequences: false)
                guard let low = ends.first, ends.count <= 2 else { throw fault() }
                let lower = try number(low)
                // A number with a step goes on to the end.
                let upper = ends.count == 2 ? try number(ends[1]) : parts.count == 2 ? bounds.upperBound : lower
                guard lower <= upper else { throw fault() }
                range = lower...upper
            }
            var step = 1
            if parts.count == 2 {
                guard let number = Int(parts[1]), number > 0, number <= 60 else { throw fault() }
                step = number
            }
            for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { bits |= 1 << UInt64(value) }
        }
        return bits
    }

    /// The last moment at or before another one at which the schedule fires, less far back than a duration.
    ///
    /// Clocks of the zone decide. A time that they show twice, when they are put back, fires the first time; one that they
    /// skip fires as if they had not been put forward.
    /// - Parameter zone: The distance from UTC in seconds at a moment.
    package func latest(atOrBefore now: Timestamp, within span: Duration, zone: (Int64) -> Int) -> Timestamp? {
        let earliest = now.seconds - span.components.seconds
        let firstDay = Self.floorDay(earliest + Int64(zone(earliest))) - 1
        var day = Self.floorDay(now.seconds + Int64(zone(now.seconds))) + 1
        var found: Int64?
        // Around a change of the clocks moments do not come in the order of local times: one day more is looked at.
        var daysLeft: Int?
        while day >= firstDay, daysLeft != 0 {
            if let moment = latest(on: day, atOrBefore: now.seconds, zone: zone) {
                found = max(found ?? moment, moment)
                daysLeft = daysLeft ?? 2
            }
            daysLeft = daysLeft.map { $0 - 1 }
            day -= 1
        }
        guard let found, found > earliest else { return nil }
        return Timestamp(seconds: found)
    }

    private func latest(on day: Int64, atOrBefore now: Int64, zone: (Int64) -> Int) -> Int64? {
        guard fires(on: CivilTime(seconds: day * 86_400)) else { return nil }
        var found: Int64?
        for hour in 0..<24 where hours >> UInt64(hour) & 1 == 1 {
            for minute in 0..<60 where minutes >> UInt64(minute) & 1 == 1 {
                let moment = Self.moment(local: day * 86_400 + Int64(hour * 3600 + minute * 60), zone: zone)
                if moment <= now { found = max(found ?? moment, moment) }
            }
        }
        return found
    }

    private func fires(on date: CivilTime) -> Bool {
        guard months >> UInt64(date.month) & 1 == 1 else { return false }
        let isDay = days >> UInt64(date.day) & 1 == 1
        let isWeekday = weekdays >> UInt64(date.weekday) & 1 == 1
        return isEveryDay || isEveryWeekday ? isDay && isWeekday : isDay || isWeekday
    }

    /// The moment at which the zone's clocks show a time.
    private static func moment(local: Int64, zone: (Int64) -> Int) -> Int64 {
        // The zone's distances on both sides: no zone changes twice within two days.
        let before = local - Int64(zone(local - 86_400))
        let after = local - Int64(zone(local + 86_400))
        guard before != after else { return before }
        let isRight = { (moment: Int64) in moment + Int64(zone(moment)) == local }
        let right = [before, after].filter(isRight)
        return right.min() ?? before
    }

    private static func floorDay(_ seconds: Int64) -> Int64 { seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400) }
}
