#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Sprig's functions on numbers (numeric.go, functions.go). Integers wrap as Go's do.
enum SprigNumbers {
    static let functions: [GoFunction] = [
        GoFunction("atoi", [.string]) { _, values in .int(Int(GoNumberText.int(values[0].argumentText) ?? 0)) },
        GoFunction("int64", [.any]) { _, values in .integer(NumberCast.int(values[0]), .int64) },
        GoFunction("int", [.any]) { _, values in .integer(NumberCast.int(values[0]), .int) },
        GoFunction("float64", [.any]) { _, values in .float(NumberCast.float(values[0])) },
        GoFunction("toDecimal", [.any]) { _, values in
            .integer(GoNumberText.int(GoFormatter.verb(values[0]), base: 8) ?? 0, .int64)
        },
        GoFunction("add1", [.any]) { _, values in .integer(NumberCast.int(values[0]) &+ 1, .int64) },
        GoFunction("add", [], variadic: .any) { _, values in .integer(values.reduce(0) { $0 &+ NumberCast.int($1) }, .int64) },
        GoFunction("sub", [.any, .any]) { _, values in .integer(NumberCast.int(values[0]) &- NumberCast.int(values[1]), .int64) },
        GoFunction("mul", [.any], variadic: .any) { _, values in
            .integer(values.dropFirst().reduce(NumberCast.int(values[0])) { $0 &* NumberCast.int($1) }, .int64)
        },
        GoFunction("div", [.any, .any]) { _, values in
            let (dividend, divisor) = (NumberCast.int(values[0]), NumberCast.int(values[1]))
            guard divisor != 0 else { throw GoError("runtime error: integer divide by zero") }
            return .integer(dividend.dividedReportingOverflow(by: divisor).partialValue, .int64)
        },
        GoFunction("mod", [.any, .any]) { _, values in
            let (dividend, divisor) = (NumberCast.int(values[0]), NumberCast.int(values[1]))
            guard divisor != 0 else { throw GoError("runtime error: integer divide by zero") }
            return .integer(divisor == -1 ? 0 : dividend % divisor, .int64)
        },
        GoFunction("max", [.any], variadic: .any) { _, values in .integer(values.map(NumberCast.int).max() ?? 0, .int64) },
        GoFunction("biggest", [.any], variadic: .any) { _, values in .integer(values.map(NumberCast.int).max() ?? 0, .int64) },
        GoFunction("min", [.any], variadic: .any) { _, values in .integer(values.map(NumberCast.int).min() ?? 0, .int64) },
        GoFunction("maxf", [.any], variadic: .any) { _, values in
            .float(values.dropFirst().reduce(NumberCast.float(values[0])) { maximum($0, NumberCast.float($1)) })
        },
        GoFunction("minf", [.any], variadic: .any) { _, values in
            .float(values.dropFirst().reduce(NumberCast.float(values[0])) { -maximum(-$0, -NumberCast.float($1)) })
        },
        GoFunction("floor", [.any]) { _, values in .float(NumberCast.float(values[0]).rounded(.down)) },
        GoFunction("ceil", [.any]) { _, values in .float(NumberCast.float(values[0]).rounded(.up)) },
        GoFunction("round", [.any, .int], variadic: .float64) { _, values in .float(round(values)) },
        GoFunction("add1f", [.any]) { _, values in .float(try decimals([values[0], .int(1)]) { try $0.adding($1) }) },
        GoFunction("addf", [], variadic: .any) { _, values in
            .float(try decimals([.float(0)] + values) { try $0.adding($1) })
        },
        GoFunction("subf", [.any], variadic: .any) { _, values in .float(try decimals(values) { try $0.adding($1.negated) }) },
        GoFunction("mulf", [.any], variadic: .any) { _, values in .float(try decimals(values) { try $0.multiplied(by: $1) }) },
        GoFunction("divf", [.any], variadic: .any) { _, values in .float(try decimals(values) { try $0.divided(by: $1) }) },
        GoFunction("until", [.int]) { evaluator, values in
            let count = values[0].argumentInt
            return try range(0, count, count < 0 ? -1 : 1, evaluator.limits)
        },
        GoFunction("untilStep", [.int, .int, .int]) { evaluator, values in
            try range(values[0].argumentInt, values[1].argumentInt, values[2].argumentInt, evaluator.limits)
        },
        GoFunction("seq", [], variadic: .int) { evaluator, values in .string(try sequence(values.map(\.argumentInt), evaluator.limits)) },
    ]

    /// `math.Max`.
    private static func maximum(_ a: Double, _ b: Double) -> Double {
        if a.isNaN || b.isNaN { return a == .infinity || b == .infinity ? .infinity : .nan }
        if a == 0, b == 0 { return a.sign == .minus ? b : a }
        return a > b ? a : b
    }

    private static func round(_ values: [GoValue]) -> Double {
        var roundOn = 0.5
        if values.count > 2, case .float(let given) = values[2] { roundOn = given }
        let power = pow(10, Double(values[1].argumentInt))
        let digit = power * NumberCast.float(values[0])
        let fraction = digit - digit.rounded(.towardZero)
        return (fraction >= roundOn ? digit.rounded(.up) : digit.rounded(.down)) / power
    }

    private static func decimals(_ values: [GoValue], _ operation: (DecimalNumber, DecimalNumber) throws -> DecimalNumber) throws -> Double
    {
        var result = DecimalNumber(NumberCast.float(values[0]))
        for value in values.dropFirst() { result = try operation(result, DecimalNumber(NumberCast.float(value))) }
        return result.double
    }

    private static func steps(_ start: Int, _ stop: Int, _ step: Int, _ limits: EvaluationLimits) throws -> [Int] {
        if stop < start ? step >= 0 : step <= 0 { return [] }
        let (distance, overflows) = stop.subtractingReportingOverflow(start)
        guard !overflows, step != .min, abs(distance / max(abs(step), 1)) <= limits.elementsMax else {
            throw GoError("a list of more than \(limits.elementsMax) elements")
        }
        return Array(stride(from: start, to: stop, by: step))
    }

    private static func range(_ start: Int, _ stop: Int, _ step: Int, _ limits: EvaluationLimits) throws -> GoValue {
        .typedList(try steps(start, stop, step, limits).map { .int($0) }, type: "[]int")
    }

    private static func sequence(_ parameters: [Int], _ limits: EvaluationLimits) throws -> String {
        var (start, end, step) = (1, 0, 1)
        switch parameters.count {
        case 1:
            end = parameters[0]
            step = end < start ? -1 : 1
        case 2:
            (start, end) = (parameters[0], parameters[1])
            step = end < start ? -1 : 1
        case 3:
            (start, step, end) = (parameters[0], parameters[1], parameters[2])
            if end < start, step > 0 { return "" }
        default: return ""
        }
        // The end is included.
        let stop = end.addingReportingOverflow(end < start ? -1 : 1).partialValue
        return try steps(start, stop, step, limits).map(String.init).joined(separator: " ")
    }
}
