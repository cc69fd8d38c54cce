/// Year, month, day and time of day of a moment, in the proleptic Gregorian calendar.
package struct CivilTime: Sendable {
    package var year: Int64
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    /// 0 is Sunday.
    package var weekday: Int
    package var yearDay: Int

    /// From seconds since 1970.
    package init(seconds: Int64) {
        // Beyond these years nothing is told right, but nothing overflows either.
        let clamped = max(min(seconds, 1 << 55), -(1 << 55))
        let days = Self.floorDivide(clamped, 86_400)
        let time = Int(clamped - days * 86_400)
        hour = time / 3600
        minute = time / 60 % 60
        second = time % 60
        weekday = Int(((days + 4) % 7 + 7) % 7)
        // Days since 0000-03-01, in eras of 400 years.
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        yearDay = Int(days - Self.days(year: year, month: 1, day: 1)) + 1
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

    /// Days since 1970-01-01.
    package static func days(year: Int64, month: Int, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear + day - 1 - 719_468
    }

    /// Seconds since 1970 of a date and time; a month or day out of its range goes into the next or previous ones.
    package static func seconds(year: Int64, month: Int64, day: Int64, hour: Int, minute: Int, second: Int) -> Int64 {
        let bound: Int64 = 1 << 40
        let months = max(min(month, bound), -bound) - 1
        let years = floorDivide(months, 12)
        let normalYear = max(min(year, bound), -bound) + years
        let days = days(year: normalYear, month: Int(months - years * 12) + 1, day: max(min(day, bound), -bound))
        return days &* 86_400 &+ Int64(hour * 3600 + minute * 60 + second)
    }

    package static func daysIn(_ month: Int, _ year: Int64) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
