internal import Manifests

/// Go's layouts: a time is printed and read after the example of January 2, 2006, 15:04:05.
enum TimeLayout {
    static let rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00"

    enum Element: Equatable {
        case literal([UInt8])
        case longMonth, month, numberMonth, zeroMonth
        case longWeekday, weekday
        case day, underDay, zeroDay, underYearDay, zeroYearDay
        case hour, hour12, zeroHour12
        case minute, zeroMinute, second, zeroSecond
        case longYear, year
        case upperPM, lowerPM
        case zoneName
        case zone(iso: Bool, colon: Bool, seconds: Bool, short: Bool)
        case fraction(digits: Int, trims: Bool, separator: UInt8)
    }

    private static let words: [(String, Element)] = [
        ("January", .longMonth), ("Jan", .month), ("Monday", .longWeekday), ("Mon", .weekday), ("MST", .zoneName),
        ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute), ("05", .zeroSecond), ("06", .year),
        ("002", .zeroYearDay), ("15", .hour), ("1", .numberMonth), ("2006", .longYear), ("2", .day),
        ("__2", .underYearDay), ("_2", .underDay), ("3", .hour12), ("4", .minute), ("5", .second), ("PM", .upperPM), ("pm", .lowerPM),
        ("-070000", .zone(iso: false, colon: false, seconds: true, short: false)),
        ("-07:00:00", .zone(iso: false, colon: true, seconds: true, short: false)),
        ("-0700", .zone(iso: false, colon: false, seconds: false, short: false)),
        ("-07:00", .zone(iso: false, colon: true, seconds: false, short: false)),
        ("-07", .zone(iso: false, colon: false, seconds: false, short: true)),
        ("Z070000", .zone(iso: true, colon: false, seconds: true, short: false)),
        ("Z07:00:00", .zone(iso: true, colon: true, seconds: true, short: false)),
        ("Z0700", .zone(iso: true, colon: false, seconds: false, short: false)),
        ("Z07:00", .zone(iso: true, colon: true, seconds: false, short: false)),
        ("Z07", .zone(iso: true, colon: false, seconds: false, short: true)),
    ]

    /// The longest words first, so that `2006` is no day.
    private static let ordered: [([UInt8], Element)] = words.map { (Array($0.0.utf8), $0.1) }.sorted { $0.0.count > $1.0.count }

    static func elements(_ layout: String) -> [Element] {
        let bytes = Array(layout.utf8)
        var elements: [Element] = []
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let (element, length) = element(bytes, index) {
                if !literal.isEmpty { elements.append(.literal(literal)) }
                literal = []
                elements.append(element)
                index += length
            } else {
                literal.append(bytes[index])
                index += 1
            }
        }
        if !literal.isEmpty { elements.append(.literal(literal)) }
        return elements
    }

    private static func element(_ bytes: [UInt8], _ index: Int) -> (Element, Int)? {
        let rest = bytes[index...]
        if let fraction = fraction(bytes, index) { return fraction }
        for (word, element) in ordered where rest.starts(with: word) {
            let next = index + word.count < bytes.count ? bytes[index + word.count] : 0
            switch element {
            case .month, .weekday:
                // `Janet` is no month.
                if next >= 0x61, next <= 0x7A { return nil }
            case .underDay:
                // `_2006` is a literal `_` before the year.
                if bytes[index...].dropFirst().starts(with: Array("2006".utf8)) { return nil }
            default: break
            }
            return (element, word.count)
        }
        return nil
    }

    private static func fraction(_ bytes: [UInt8], _ index: Int) -> (Element, Int)? {
        let separator = bytes[index]
        guard separator == UInt8(ascii: ".") || separator == UInt8(ascii: ","), index + 1 < bytes.count else { return nil }
        let digit = bytes[index + 1]
        guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9") else { return nil }
        var end = index + 1
        while end < bytes.count, bytes[end] == digit { end += 1 }
        // More digits after them, and it is no fraction.
        if end < bytes.count, bytes[end] >= 0x30, bytes[end] <= 0x39 { return nil }
        return (.fraction(digits: end - index - 1, trims: digit == UInt8(ascii: "9"), separator: separator), end - index)
    }

    // MARK: Printing

    static func format(_ time: TimeObject, _ layout: String) -> String {
        let civil = time.civil
        let zone = time.zone.offset(at: time.seconds)
        var result: [UInt8] = []
        for element in elements(layout) {
            switch element {
            case .literal(let bytes): result += bytes
            case .longMonth: result += Array(GoTime.months[civil.month - 1].utf8)
            case .month: result += Array(GoTime.months[civil.month - 1].utf8.prefix(3))
            case .numberMonth: result += padded(civil.month, 1)
            case .zeroMonth: result += padded(civil.month, 2)
            case .longWeekday: result += Array(GoTime.weekdays[civil.weekday].utf8)
            case .weekday: result += Array(GoTime.weekdays[civil.weekday].utf8.prefix(3))
            case .day: result += padded(civil.day, 1)
            case .underDay: result += padded(civil.day, 2, with: " ")
            case .zeroDay: result += padded(civil.day, 2)
            case .underYearDay: result += padded(civil.yearDay, 3, with: " ")
            case .zeroYearDay: result += padded(civil.yearDay, 3)
            case .hour: result += padded(civil.hour, 2)
            case .hour12: result += padded(civil.hour % 12 == 0 ? 12 : civil.hour % 12, 1)
            case .zeroHour12: result += padded(civil.hour % 12 == 0 ? 12 : civil.hour % 12, 2)
            case .minute: result += padded(civil.minute, 1)
            case .zeroMinute: result += padded(civil.minute, 2)
            case .second: result += padded(civil.second, 1)
            case .zeroSecond: result += padded(civil.second, 2)
            case .longYear: result += civil.year < 0 ? Array("-".utf8) + padded(Int(-civil.year), 4) : padded(Int(civil.year), 4)
            case .year: result += padded(Int(abs(civil.year) % 100), 2)
            case .upperPM: result += Array((civil.hour >= 12 ? "PM" : "AM").utf8)
            case .lowerPM: result += Array((civil.hour >= 12 ? "pm" : "am").utf8)
            case .zoneName:
                result += Array(
                    (zone.name.isEmpty ? offset(zone.seconds, colon: false, seconds: false, short: false) : zone.name)
                        .utf8)
            case .zone(let iso, let colon, let seconds, let short):
                result +=
                    iso && zone.seconds == 0
                    ? Array("Z".utf8) : Array(offset(zone.seconds, colon: colon, seconds: seconds, short: short).utf8)
            case .fraction(let digits, let trims, let separator): result += fraction(time.nanoseconds, digits, trims, separator)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func padded(_ number: Int, _ width: Int, with filler: Character = "0") -> [UInt8] {
        let digits = String(number)
        return Array((String(repeating: filler, count: max(0, width - digits.utf8.count)) + digits).utf8)
    }

    private static func offset(_ seconds: Int, colon: Bool, seconds withSeconds: Bool, short: Bool) -> String {
        let magnitude = abs(seconds)
        func two(_ number: Int) -> String { String(decoding: padded(number, 2), as: UTF8.self) }
        var text = (seconds < 0 ? "-" : "+") + two(magnitude / 3600)
        if !short { text += (colon ? ":" : "") + two(magnitude / 60 % 60) }
        if withSeconds { text += (colon ? ":" : "") + two(magnitude % 60) }
        return text
    }

    private static func fraction(_ nanoseconds: Int, _ digits: Int, _ trims: Bool, _ separator: UInt8) -> [UInt8] {
        var text = Array(padded(nanoseconds, 9).prefix(digits))
        if trims {
            while text.last == UInt8(ascii: "0") { text.removeLast() }
            if text.isEmpty { return [] }
        }
        return [separator] + text
    }
}
