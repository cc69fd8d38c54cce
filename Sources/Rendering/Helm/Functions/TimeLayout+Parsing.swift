internal import Manifests

extension TimeLayout {
    /// The time that a text tells after a layout; where it names no zone, in the given one (`time.ParseInLocation`).
    /// - Throws: `GoError` in Go's words.
    static func parse(_ text: String, layout: String, zone: TimeZoneRule) throws -> TimeObject {
        var reader = Reader(text: text, layout: layout)
        let elements = elements(layout)
        for (index, element) in elements.enumerated() {
            try reader.take(element, next: index + 1 < elements.count ? elements[index + 1] : nil)
        }
        if reader.index < reader.bytes.count { throw reader.failure(": extra text: \(GoQuote.quote(reader.rest))") }
        return try reader.time(zone)
    }

    private struct Reader {
        let text: String
        let layout: String
        let bytes: [UInt8]
        var index = 0
        var year: Int64 = 0
        var month: Int?
        var day: Int?
        var yearDay: Int?
        var hour = 0
        var minute = 0
        var second = 0
        var nanoseconds = 0
        var isPM: Bool?
        var offset: Int?
        var zoneName = ""

        init(text: String, layout: String) {
            self.text = text
            self.layout = layout
            bytes = Array(text.utf8)
        }

        var rest: String { String(decoding: bytes[index...], as: UTF8.self) }

        func failure(_ detail: String) -> GoError { GoError("parsing time \(GoQuote.quote(text))\(detail)") }

        func mismatch(_ element: String) -> GoError {
            failure(" as \(GoQuote.quote(layout)): cannot parse \(GoQuote.quote(rest)) as \(GoQuote.quote(element))")
        }

        func outOfRange(_ what: String) -> GoError { failure(": \(what) out of range") }

        mutating func take(_ element: Element, next: Element?) throws {
            switch element {
            case .literal(let literal): try takeLiteral(literal)
            case .longYear: year = Int64(try number(4...4, "2006"))
            case .year:
                let two = try number(2...2, "06")
                year = Int64(two >= 69 ? 1900 + two : 2000 + two)
            case .longMonth: month = try name(GoTime.months, "January") + 1
            case .month: month = try name(GoTime.months.map { String($0.prefix(3)) }, "Jan") + 1
            case .numberMonth: month = try number(1...2, "1")
            case .zeroMonth: month = try number(2...2, "01")
            case .longWeekday: _ = try name(GoTime.weekdays, "Monday")
            case .weekday: _ = try name(GoTime.weekdays.map { String($0.prefix(3)) }, "Mon")
            case .day: day = try number(1...2, "2")
            case .underDay:
                if index < bytes.count, bytes[index] == 0x20 { index += 1 }
                day = try number(1...2, "_2")
            case .zeroDay: day = try number(2...2, "02")
            case .underYearDay:
                while index < bytes.count, bytes[index] == 0x20 { index += 1 }
                yearDay = try number(1...3, "__2")
            case .zeroYearDay: yearDay = try number(3...3, "002")
            case .hour: hour = try bounded(number(2...2, "15"), 0...23, "hour")
            case .hour12: hour = try bounded(number(1...2, "3"), 0...12, "hour")
            case .zeroHour12: hour = try bounded(number(2...2, "03"), 0...12, "hour")
            case .minute: minute = try bounded(number(1...2, "4"), 0...59, "minute")
            case .zeroMinute: minute = try bounded(number(2...2, "04"), 0...59, "minute")
            case .second, .zeroSecond:
                second = try bounded(number(element == .second ? 1...2 : 2...2, "05"), 0...59, "second")
                // A fraction may follow though the layout has none.
                if case .fraction = next { break }
                takeFraction(atMost: 9)
            case .upperPM, .lowerPM:
                let names = element == .upperPM ? ["AM", "PM"] : ["am", "pm"]
                guard let found = names.firstIndex(where: { rest.hasPrefix($0) }) else { throw mismatch(names[1]) }
                isPM = found == 1
                index += 2
            case .zoneName: try takeZoneName()
            case .zone(let iso, let colon, let seconds, let short): try takeZone(iso, colon, seconds, short)
            case .fraction(let digits, let trims, _):
                if trims { takeFraction(atMost: 9) } else { try takeExactFraction(digits) }
            }
        }

        private mutating func takeLiteral(_ literal: [UInt8]) throws {
            for byte in literal {
                if byte == 0x20 {
                    // Spaces of a layout stand for any number of spaces.
                    while index < bytes.count, bytes[index] == 0x20 { index += 1 }
                    continue
                }
                guard index < bytes.count, bytes[index] == byte else { throw mismatch(String(decoding: literal, as: UTF8.self)) }
                index += 1
            }
        }

        private mutating func number(_ digits: ClosedRange<Int>, _ element: String) throws -> Int {
            var value = 0
            var count = 0
            while count < digits.upperBound, index + count < bytes.count, bytes[index + count] >= 0x30, bytes[index + count] <= 0x39 {
                value = value * 10 + Int(bytes[index + count] - 0x30)
                count += 1
            }
            guard count >= digits.lowerBound else { throw mismatch(element) }
            index += count
            return value
        }

        private func bounded(_ value: Int, _ range: ClosedRange<Int>, _ what: String) throws -> Int {
            guard range.contains(value) else { throw outOfRange(what) }
            return value
        }

        private mutating func name(_ names: [String], _ element: String) throws -> Int {
            let lower = rest.lowercased()
            guard let found = names.firstIndex(where: { lower.hasPrefix($0.lowercased()) }) else { throw mismatch(element) }
            index += names[found].utf8.count
            return found
        }

        private mutating func takeFraction(atMost: Int) {
            guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","),
                bytes[index + 1] >= 0x30, bytes[index + 1] <= 0x39
            else { return }
            index += 1
            var scale = 100_000_000
            let end = atMost < 9 ? index + atMost : bytes.count
            while index < end, index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
                nanoseconds += Int(bytes[index] - 0x30) * scale
                scale /= 10
                index += 1
            }
        }

        private mutating func takeExactFraction(_ digits: Int) throws {
            let end = index + 1 + digits
            guard end <= bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","),
                bytes[(index + 1)..<end].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
            else { throw mismatch("." + String(repeating: "0", count: digits)) }
            takeFraction(atMost: digits)
        }

        private mutating func takeZoneName() throws {
            guard let length = Self.zoneNameLength(bytes[index...]) else { throw mismatch("MST") }
            zoneName = String(decoding: bytes[index..<(index + length)], as: UTF8.self)
            index += length
            if zoneName == "UTC" { offset = 0 }
        }

        /// How long the zone's name is that begins here (`parseTimeZone`).
        private static func zoneNameLength(_ rest: ArraySlice<UInt8>) -> Int? {
            guard rest.count >= 3 else { return nil }
            if rest.starts(with: "ChST".utf8) || rest.starts(with: "MeST".utf8) { return 4 }
            if rest.starts(with: "GMT".utf8) { return 3 + signedHours(rest.dropFirst(3)) }
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                let length = signedHours(rest)
                return length > 0 ? length : nil
            }
            let letters = rest.prefix { $0 >= 0x41 && $0 <= 0x5A }
            switch letters.count {
            case 3: return 3
            case 4: return letters.last == UInt8(ascii: "T") || letters.elementsEqual("WITA".utf8) ? 4 : nil
            case 5: return letters.last == UInt8(ascii: "T") ? 5 : nil
            default: return nil
            }
        }

        /// The length of a sign and a number of hours up to 23; 0 for anything else.
        private static func signedHours(_ rest: ArraySlice<UInt8>) -> Int {
            guard rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") else { return 0 }
            let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !digits.isEmpty, let hours = Int(String(decoding: digits, as: UTF8.self)), hours <= 23 else { return 0 }
            return 1 + digits.count
        }

        private mutating func takeZone(_ iso: Bool, _ colon: Bool, _ withSeconds: Bool, _ short: Bool) throws {
            let element = (iso ? "Z" : "-") + "07" + (short ? "" : colon ? ":00" : "00") + (withSeconds ? colon ? ":00" : "00" : "")
            if iso, index < bytes.count, bytes[index] == UInt8(ascii: "Z") {
                index += 1
                offset = 0
                zoneName = "UTC"
                return
            }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") else {
                throw mismatch(element)
            }
            let sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
            let start = index
            index += 1
            var total = 0
            for unit in [3600, 60, 1].prefix(short ? 1 : withSeconds ? 3 : 2) {
                if unit < 3600, colon {
                    guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else {
                        index = start
                        throw mismatch(element)
                    }
                    index += 1
                }
                total += try number(2...2, element) * unit
            }
            offset = sign * total
        }

        func time(_ zone: TimeZoneRule) throws -> TimeObject {
            var hour = hour
            if isPM == true, hour < 12 { hour += 12 } else if isPM == false, hour == 12 { hour = 0 }
            var (month, day) = (month ?? 1, day ?? 1)
            guard month >= 1, month <= 12 else { throw outOfRange("month") }
            if let yearDay {
                guard yearDay >= 1, yearDay <= 365 + (CivilTime.daysIn(2, year) - 28) else { throw outOfRange("day-of-year") }
                let civil = CivilTime(seconds: (CivilTime.days(year: year, month: 1, day: Int64(yearDay))) * 86_400)
                (month, day) = (civil.month, civil.day)
            }
            guard day >= 1, day <= CivilTime.daysIn(month, year) else { throw outOfRange("day") }
            let local = CivilTime.seconds(
                year: year, month: Int64(month), day: Int64(day), hour: hour, minute: minute, second: second)
            if let offset {
                let rule: TimeZoneRule = offset == 0 && (zoneName == "UTC" || zoneName.isEmpty) ? .utc : .fixed(offset, zoneName)
                return TimeObject(seconds: local - Int64(offset), nanoseconds: nanoseconds, zone: rule)
            }
            if !zoneName.isEmpty {
                // GMT+3 says how far it is, and still the time is taken for one of UTC; of other names nothing is known.
                let offset = zoneName.hasPrefix("GMT") ? (Int(zoneName.dropFirst(3)) ?? 0) * 3600 : 0
                return TimeObject(seconds: local, nanoseconds: nanoseconds, zone: .fixed(offset, zoneName))
            }
            return TimeObject(seconds: zone.utc(local: local), nanoseconds: nanoseconds, zone: zone)
        }
    }
}
