internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A zone of the system's time zone database (RFC 8536).
package final class TimeZoneFile: Sendable {
    private struct LocalType: Sendable {
        var seconds: Int
        var name: String
    }

    private let moments: [Int64]
    private let places: [Int]
    private let types: [LocalType]
    /// What holds after the last moment, such as `EST5EDT,M3.2.0,M11.1.0`.
    private let rule: TimeZoneRuleText?

    private static let folder = "/usr/share/zoneinfo/"
    private static let known = Mutex<[String: TimeZoneFile?]>([:])

    /// The zone of a name such as `Europe/Berlin`; `nil` when the system does not know it.
    package static func named(_ name: String) -> TimeZoneFile? {
        let isPlain =
            !name.isEmpty && name.utf8.count < 100 && name.utf8.first != UInt8(ascii: "/")
            && name.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || "_+-/".utf8.contains($0) }
        guard isPlain else { return nil }
        if let zone = known.withLock({ $0[name] }) { return zone }
        let zone = bytes(folder + name).flatMap { TimeZoneFile($0) }
        known.withLock { $0[name] = .some(zone) }
        return zone
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Zones have a few kilobytes.
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let count = read(descriptor, &buffer, buffer.count)
        return count > 44 && count < buffer.count ? Array(buffer[..<count]) : nil
    }

    private init?(_ bytes: [UInt8]) {
        func number(_ offset: Int, _ width: Int) -> Int64 {
            guard offset >= 0, offset + width <= bytes.count else { return 0 }
            let value = bytes[offset..<(offset + width)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
        }
        func counts(_ start: Int) -> [Int] { (0..<6).map { max(0, Int(number(start + 20 + 4 * $0, 4))) } }
        guard bytes.starts(with: "TZif".utf8), bytes[4] >= UInt8(ascii: "2") else { return nil }
        // The first block has times of 32 bits; the second has all.
        let first = counts(0)
        let skipped = first[3] * 5 + first[4] * 6 + first[5] + first[2] * 8 + first[1] + first[0]
        let start = 44 + skipped
        guard start + 44 <= bytes.count, bytes[start...].starts(with: "TZif".utf8) else { return nil }
        let count = counts(start)
        let (utc, standard, leaps, times, kinds, letters) = (count[0], count[1], count[2], count[3], count[4], count[5])
        let data = start + 44
        let kindStart = data + times * 9
        let letterStart = kindStart + kinds * 6
        let footer = letterStart + letters + leaps * 12 + standard + utc
        guard footer <= bytes.count, kinds > 0 else { return nil }
        moments = (0..<times).map { number(data + 8 * $0, 8) }
        places = (0..<times).map { min(Int(bytes[data + times * 8 + $0]), kinds - 1) }
        types = (0..<kinds).map { index in
            let place = kindStart + index * 6
            let name = bytes[min(letterStart + Int(bytes[place + 5]), footer)..<footer].prefix { $0 != 0 }
            return LocalType(seconds: Int(number(place, 4)), name: String(decoding: name, as: UTF8.self))
        }
        rule = TimeZoneRuleText(String(decoding: bytes[footer...].filter { $0 != 0x0A }, as: UTF8.self))
    }

    /// The distance from UTC at a moment, in seconds since 1970, and the zone's short name then.
    package func offset(at seconds: Int64) -> (seconds: Int, name: String) {
        if let last = moments.last, seconds >= last, let rule { return rule.offset(at: seconds) }
        if moments.isEmpty, let rule { return rule.offset(at: seconds) }
        guard let next = moments.firstIndex(where: { $0 > seconds }) else {
            let type = types[places.last ?? 0]
            return (type.seconds, type.name)
        }
        let type = next == 0 ? types[0] : types[places[next - 1]]
        return (type.seconds, type.name)
    }
}

/// A rule such as `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX' TZ).
struct TimeZoneRuleText: Sendable {
    private struct Day: Sendable {
        var month: Int
        var week: Int
        var weekday: Int
        var seconds: Int
    }

    private let standard: (seconds: Int, name: String)
    private let summer: (seconds: Int, name: String)?
    private let begin: Day
    private let end: Day

    /// `nil` when the text has another form; rules by the day of the year are not in use.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        func takeName() -> String? {
            if rest.first == UInt8(ascii: "<") {
                guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
                defer { rest = rest[(close + 1)...] }
                return String(decoding: rest[(rest.startIndex + 1)..<close], as: UTF8.self)
            }
            let name = rest.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
            rest = rest.dropFirst(name.count)
            return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
        }
        func takeNumber() -> Int {
            let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(4)
            rest = rest.dropFirst(digits.count)
            return Int(String(decoding: digits, as: UTF8.self)) ?? 0
        }
        func takeTime() -> Int {
            var sign = 1
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                sign = rest.removeFirst() == UInt8(ascii: "-") ? -1 : 1
            }
            var total = takeNumber() * 3600
            for unit in [60, 1] where rest.first == UInt8(ascii: ":") {
                rest.removeFirst()
                total += takeNumber() * unit
            }
            return sign * total
        }
        func takeDay() -> Day? {
            guard rest.starts(with: ",M".utf8) else { return nil }
            rest = rest.dropFirst(2)
            var numbers = [takeNumber()]
            while rest.first == UInt8(ascii: "."), numbers.count < 3 {
                rest.removeFirst()
                numbers.append(takeNumber())
            }
            var seconds = 7200
            if rest.first == UInt8(ascii: "/") {
                rest.removeFirst()
                seconds = takeTime()
            }
            guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]), numbers[2] < 7 else { return nil }
            return Day(month: numbers[0], week: numbers[1], weekday: numbers[2], seconds: seconds)
        }
        guard let name = takeName() else { return nil }
        standard = (-takeTime(), name)
        guard let summerName = takeName() else {
            summer = nil
            begin = Day(month: 1, week: 1, weekday: 0, seconds: 0)
            end = begin
            return
        }
        let summerSeconds = rest.first == UInt8(ascii: ",") ? standard.seconds + 3600 : -takeTime()
        guard let begin = takeDay(), let end = takeDay() else { return nil }
        summer = (summerSeconds, summerName)
        self.begin = begin
        self.end = end
    }

    func offset(at seconds: Int64) -> (seconds: Int, name: String) {
        guard let summer else { return standard }
        let year = CivilTime(seconds: seconds + Int64(standard.seconds)).year
        let start = Self.moment(begin, year) - Int64(standard.seconds)
        let stop = Self.moment(end, year) - Int64(summer.seconds)
        let isSummer = start < stop ? seconds >= start && seconds < stop : seconds >= start || seconds < stop
        return isSummer ? summer : standard
    }

    /// The moment in local time.
    private static func moment(_ day: Day, _ year: Int64) -> Int64 {
        let first = CivilTime.days(year: year, month: day.month, day: 1)
        let firstWeekday = Int(((first + 4) % 7 + 7) % 7)
        var number = (day.weekday - firstWeekday + 7) % 7 + 7 * (day.week - 1)
        if number >= CivilTime.daysIn(day.month, year) { number -= 7 }
        return (first + Int64(number)) * 86_400 + Int64(day.seconds)
    }
}
