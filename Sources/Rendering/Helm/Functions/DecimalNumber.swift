internal import Manifests

/// A decimal number of any length, for `addf` and its kin, which count in decimals: 0.1 + 0.2 is 0.3
/// (shopspring/decimal).
struct DecimalNumber {
    /// How many digits a number may have; a float64 has at most 309 before the point and 1074 after it.
    private static let digitsMax = 10_000
    /// How many digits a division gives after the point.
    private static let divisionDigits = 16

    private var isNegative = false
    /// The digits, the least first, without zeros at the end of the array.
    private var digits: [UInt8] = []
    /// The power of ten of the first digit.
    private var exponent = 0

    init(_ double: Double) {
        // Infinity and NaN have no decimals; the original fails on them.
        guard double.isFinite, double != 0 else { return }
        let shortest = NumberText.shortest(double)
        isNegative = shortest.isNegative
        digits = shortest.digits.reversed().map { $0 - UInt8(ascii: "0") }
        exponent = shortest.point - digits.count
        trim()
    }

    private init(isNegative: Bool, digits: [UInt8], exponent: Int) throws {
        guard digits.count <= Self.digitsMax else { throw GoError("a number has more than \(Self.digitsMax) digits") }
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = exponent
        trim()
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { isNegative = false }
    }

    var negated: DecimalNumber {
        var result = self
        if !digits.isEmpty { result.isNegative.toggle() }
        return result
    }

    var double: Double {
        guard !digits.isEmpty else { return 0 }
        let text = String(decoding: digits.reversed().map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        return Double("\(isNegative ? "-" : "")\(text)e\(exponent)") ?? 0
    }

    /// The digits as if the exponent were this smaller one.
    private func scaled(to exponent: Int) throws -> [UInt8] {
        guard !digits.isEmpty else { return [] }
        let zeros = self.exponent - exponent
        guard zeros <= Self.digitsMax else { throw GoError("a number has more than \(Self.digitsMax) digits") }
        return Array(repeating: 0, count: max(0, zeros)) + digits
    }

    func adding(_ other: DecimalNumber) throws -> DecimalNumber {
        if digits.isEmpty { return other }
        if other.digits.isEmpty { return self }
        let exponent = min(exponent, other.exponent)
        let (a, b) = (try scaled(to: exponent), try other.scaled(to: exponent))
        if isNegative == other.isNegative {
            return try DecimalNumber(isNegative: isNegative, digits: Self.sum(a, b), exponent: exponent)
        }
        if Self.isLess(a, b) { return try DecimalNumber(isNegative: other.isNegative, digits: Self.difference(b, a), exponent: exponent) }
        return try DecimalNumber(isNegative: isNegative, digits: Self.difference(a, b), exponent: exponent)
    }

    func multiplied(by other: DecimalNumber) throws -> DecimalNumber {
        var result = [Int](repeating: 0, count: digits.count + other.digits.count + 1)
        for (i, a) in digits.enumerated() {
            for (j, b) in other.digits.enumerated() { result[i + j] += Int(a) * Int(b) }
        }
        var carry = 0
        for index in result.indices {
            let sum = result[index] + carry
            result[index] = sum % 10
            carry = sum / 10
        }
        return try DecimalNumber(
            isNegative: isNegative != other.isNegative, digits: result.map { UInt8($0) }, exponent: exponent + other.exponent)
    }

    /// To 16 places after the point, halves away from zero.
    func divided(by other: DecimalNumber) throws -> DecimalNumber {
        guard !other.digits.isEmpty else { throw GoError("decimal division by 0") }
        guard !digits.isEmpty else { return self }
        // dividend · 10^shift / divisor, a whole number whose last digit is the one after the last place.
        let shift = exponent - other.exponent + Self.divisionDigits + 1
        var dividend = digits
        if shift >= 0 {
            guard shift <= Self.digitsMax else { throw GoError("a number has more than \(Self.digitsMax) digits") }
            dividend = Array(repeating: 0, count: shift) + dividend
        } else {
            dividend = Array(dividend.dropFirst(-shift))
        }
        var quotient: [UInt8] = []
        var remainder: [UInt8] = []
        for digit in dividend.reversed() {
            remainder.insert(digit, at: 0)
            while remainder.last == 0 { remainder.removeLast() }
            var count: UInt8 = 0
            while !Self.isLess(remainder, other.digits) {
                remainder = Self.difference(remainder, other.digits)
                while remainder.last == 0 { remainder.removeLast() }
                count += 1
            }
            quotient.append(count)
        }
        quotient.reverse()
        let roundsUp = (quotient.first ?? 0) >= 5
        quotient = Array(quotient.dropFirst())
        if roundsUp { quotient = Self.sum(quotient, [1]) }
        return try DecimalNumber(isNegative: isNegative != other.isNegative, digits: quotient, exponent: -Self.divisionDigits)
    }

    private static func isLess(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        let count = max(a.count, b.count)
        for index in stride(from: count - 1, through: 0, by: -1) {
            let (x, y) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
            if x != y { return x < y }
        }
        return false
    }

    private static func sum(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var carry: UInt8 = 0
        for index in 0..<max(a.count, b.count) {
            let digit = (index < a.count ? a[index] : 0) + (index < b.count ? b[index] : 0) + carry
            result.append(digit % 10)
            carry = digit / 10
        }
        if carry > 0 { result.append(carry) }
        return result
    }

    /// The first is not the smaller.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var borrow: Int = 0
        for index in a.indices {
            var digit = Int(a[index]) - (index < b.count ? Int(b[index]) : 0) - borrow
            borrow = digit < 0 ? 1 : 0
            if digit < 0 { digit += 10 }
            result.append(UInt8(digit))
        }
        return result
    }
}
