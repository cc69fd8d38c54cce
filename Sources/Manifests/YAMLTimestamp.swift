/// Dates as go-yaml v3 recognises them (resolve.go, `parseTimestamp`).
enum YAMLTimestamp {
    /// The RFC 3339 form of a date or date and time, or `nil` when the text is none.
    static func rfc3339(_ text: String) -> String? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.digits(4...4), scanner.take("-"), let month = scanner.digits(1...2), scanner.take("-"),
            let day = scanner.digits(1...2), (1...12).contains(month), (1...days(month, year)).contains(day)
        else { return nil }
        let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        if scanner.isAtEnd { return "\(date)T00:00:00Z" }
        // With `T` a zone must follow; after a space there must be none.
        let wantsZone = scanner.take("T") || scanner.take("t")
        guard wantsZone || scanner.take(" ") else { return nil }
        guard let hour = scanner.digits(1...2), scanner.take(":"), let minute = scanner.digits(1...2), scanner.take(":"),
            let second = scanner.digits(1...2), hour < 24, minute < 60, second < 60
        else { return nil }
        var time = "\(pad(hour, 2)):\(pad(minute, 2)):\(pad(second, 2))"
        if let fraction = scanner.fraction() { time += fraction }
        guard wantsZone else { return scanner.isAtEnd ? "\(date)T\(time)Z" : nil }
        if scanner.take("Z") { return scanner.isAtEnd ? "\(date)T\(time)Z" : nil }
        guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
        return "\(date)T\(time)\(zone)"
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func digits(_ count: ClosedRange<Int>) -> Int? {
            var number = 0
            var taken = 0
            while taken < count.upperBound, index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
                number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
                index += 1
                taken += 1
            }
            return taken >= count.lowerBound ? number : nil
        }

        /// A fraction of a second without its trailing zeros, as RFC3339Nano prints it.
        mutating func fraction() -> String? {
            guard take(".") else { return nil }
            var digits: [UInt8] = []
            while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
                digits.append(bytes[index])
                index += 1
            }
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            return digits.isEmpty ? nil : "." + String(decoding: digits.prefix(9), as: UTF8.self)
        }

        mutating func zone() -> String? {
            let sign: String
            if take("+") { sign = "+" } else if take("-") { sign = "-" } else { return nil }
            guard let hours = digits(2...2), take(":"), let minutes = digits(2...2) else { return nil }
            if hours == 0, minutes == 0 { return "Z" }
            return "\(sign)\(YAMLTimestamp.pad(hours, 2)):\(YAMLTimestamp.pad(minutes, 2))"
        }
    }
}
