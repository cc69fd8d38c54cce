#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Sprig's functions on dates (date.go).
enum SprigDates {
    static let functions: [GoFunction] = [
        GoFunction("now", []) { evaluator, _ in .object(now("now", evaluator)) },
        GoFunction("date", [.string, .any]) { evaluator, values in
            .string(TimeLayout.format(moment(values[1], "date", evaluator).told(in: .local), values[0].argumentText))
        },
        GoFunction("htmlDate", [.any]) { evaluator, values in
            .string(TimeLayout.format(moment(values[0], "htmlDate", evaluator).told(in: .local), "2006-01-02"))
        },
        GoFunction("htmlDateInZone", [.any, .string]) { evaluator, values in
            let zone = TimeZoneRule.named(values[1].argumentText)
            return .string(TimeLayout.format(moment(values[0], "htmlDateInZone", evaluator).told(in: zone), "2006-01-02"))
        },
        dateInZone("dateInZone"), dateInZone("date_in_zone"), dateModify("dateModify"), dateModify("date_modify"),
        mustDateModify("mustDateModify"), mustDateModify("must_date_modify"),
        GoFunction("ago", [.any]) { evaluator, values in
            let elapsed = now("ago", evaluator).since(moment(values[0], "ago", evaluator))
            let half: Int64 = elapsed < 0 ? -500_000_000 : 500_000_000
            return .string(GoTime.duration((elapsed &+ half) / 1_000_000_000 * 1_000_000_000))
        },
        GoFunction("duration", [.any]) { _, values in
            let seconds: Int64
            switch values[0] {
            case .string(let text): seconds = GoNumberText.int(text) ?? 0
            case .integer(let integer, .int64): seconds = integer
            default: seconds = 0
            }
            return .string(GoTime.duration(seconds &* 1_000_000_000))
        },
        GoFunction("durationRound", [.any]) { evaluator, values in
            switch values[0] {
            case .string(let text): .string(rounded((try? GoTime.parseDuration(text)) ?? 0))
            case .integer(let integer, .int64): .string(rounded(integer))
            case .object(let object): .string(rounded((object as? TimeObject).map { now("durationRound", evaluator).since($0) } ?? 0))
            default: .string("0s")
            }
        },
        GoFunction("toDate", [.string, .string]) { _, values in
            .object(
                (try? TimeLayout.parse(values[1].argumentText, layout: values[0].argumentText, zone: .local))
                    ?? TimeObject(seconds: TimeObject.zeroSeconds))
        },
        GoFunction("mustToDate", [.string, .string]) { _, values in
            .object(try TimeLayout.parse(values[1].argumentText, layout: values[0].argumentText, zone: .local))
        },
        GoFunction("mustToDuration", [.any]) { _, values in .integer(try mustDuration(values[0]), .duration) },
        GoFunction("durationRoundTo", [.any, .any]) { _, values in
            .integer(stepped(duration(values[0]), duration(values[1]), rounds: true), .duration)
        },
        GoFunction("durationTruncateTo", [.any, .any]) { _, values in
            .integer(stepped(duration(values[0]), duration(values[1]), rounds: false), .duration)
        },
        inUnits("durationSeconds", 1e9), inUnits("durationMinutes", 6e10), inUnits("durationHours", 3.6e12),
        inUnits("durationDays", 8.64e13), inUnits("durationWeeks", 6.048e14), inWholeUnits("durationMilliseconds", 1_000_000),
        inWholeUnits("durationMicroseconds", 1000), inWholeUnits("durationNanoseconds", 1),
        GoFunction("unixEpoch", [.time]) { _, values in .string(String(time(values[0]).seconds)) },
    ]

    private static func dateInZone(_ name: String) -> GoFunction {
        GoFunction(name, [.string, .any, .string]) { evaluator, values in
            let zone = TimeZoneRule.named(values[2].argumentText)
            return .string(TimeLayout.format(moment(values[1], name, evaluator).told(in: zone), values[0].argumentText))
        }
    }

    private static func dateModify(_ name: String) -> GoFunction {
        GoFunction(name, [.string, .time]) { _, values in
            guard let duration = try? GoTime.parseDuration(values[0].argumentText) else { return values[1] }
            return .object(time(values[1]).adding(duration))
        }
    }

    private static func mustDateModify(_ name: String) -> GoFunction {
        GoFunction(name, [.string, .time]) { _, values in
            .object(time(values[1]).adding(try GoTime.parseDuration(values[0].argumentText)))
        }
    }

    private static func time(_ value: GoValue) -> TimeObject {
        if case .object(let object) = value, let time = object as? TimeObject { return time }
        return TimeObject(seconds: TimeObject.zeroSeconds)
    }

    /// The time that a value is; what is no time is now.
    private static func moment(_ value: GoValue, _ function: String, _ evaluator: Evaluator) -> TimeObject {
        switch value {
        case .object(let object): return (object as? TimeObject) ?? now(function, evaluator)
        case .integer(let integer, .int), .integer(let integer, .int64), .integer(let integer, .int32):
            return TimeObject(seconds: integer, zone: .local)
        default: return now(function, evaluator)
        }
    }

    private static func now(_ function: String, _ evaluator: Evaluator) -> TimeObject {
        evaluator.noteRandomness(function)
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return TimeObject(seconds: Int64(time.tv_sec), nanoseconds: Int(time.tv_nsec), zone: .local)
    }

    private static func inUnits(_ name: String, _ unit: Double) -> GoFunction {
        GoFunction(name, [.any]) { _, values in .float(Double(duration(values[0])) / unit) }
    }

    private static func inWholeUnits(_ name: String, _ unit: Int64) -> GoFunction {
        GoFunction(name, [.any]) { _, values in .integer(duration(values[0]) / unit, .int64) }
    }

    /// The nanoseconds of a text such as `1h30m` or of a number of seconds; 0 for what is neither.
    private static func duration(_ value: GoValue) -> Int64 { (try? mustDuration(value)) ?? 0 }

    private static func mustDuration(_ value: GoValue) throws -> Int64 {
        switch value {
        case .integer(let integer, .duration): return integer
        case .integer(let integer, _): return integer.multipliedReportingOverflow(by: 1_000_000_000).partialValue
        case .float(let float): return NumberCast.truncated(float * 1e9)
        case .string(let text): return try GoTime.parseDuration(text)
        default: throw GoError("could not convert \(value.typeName) to a duration")
        }
    }

    /// A multiple of a step: the nearest, halves away from zero, or the next toward zero.
    private static func stepped(_ value: Int64, _ step: Int64, rounds: Bool) -> Int64 {
        guard step > 0 else { return value }
        let rest = value % step
        guard rounds, rest.magnitude &* 2 >= step.magnitude else { return value - rest }
        let (result, overflows) = (value - rest).addingReportingOverflow(value < 0 ? -step : step)
        return overflows ? value : result
    }

    private static func rounded(_ nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        let hour: UInt64 = 3_600_000_000_000
        let units: [(UInt64, String)] = [
            (hour * 24 * 365, "y"), (hour * 24 * 30, "mo"), (hour * 24, "d"), (hour, "h"), (hour / 60, "m"), (hour / 3600, "s"),
        ]
        for (unit, name) in units where magnitude > unit { return "\(magnitude / unit)\(name)" }
        return "0s"
    }
}
