/// A set of Unicode scalars: sorted, disjoint ranges, and a bit map of the ASCII part.
struct RegexSet: Sendable {
    typealias Range = (low: UInt32, high: UInt32)

    static let scalarMax: UInt32 = 0x10FFFF

    private(set) var ranges: [Range] = []
    private var asciiLow: UInt64 = 0
    private var asciiHigh: UInt64 = 0

    init(_ ranges: [Range]) {
        self.ranges = Self.normalized(ranges)
        for range in self.ranges where range.low < 128 {
            for scalar in range.low...min(range.high, 127) {
                if scalar < 64 { asciiLow |= 1 << UInt64(scalar) } else { asciiHigh |= 1 << UInt64(scalar - 64) }
            }
        }
    }

    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return asciiLow >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return asciiHigh >> UInt64(scalar - 64) & 1 == 1 }
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if scalar > ranges[middle].high { low = middle + 1 } else if scalar < ranges[middle].low { high = middle } else { return true }
        }
        return false
    }

    /// Sorted, with what touches or overlaps joined.
    static func normalized(_ ranges: [Range]) -> [Range] {
        var result: [Range] = []
        result.reserveCapacity(ranges.count)
        for range in ranges.sorted(by: { $0.low < $1.low }) where range.low <= range.high {
            if let last = result.last, range.low <= last.high || range.low == last.high + 1 {
                result[result.count - 1].high = max(last.high, range.high)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// Every scalar that is in none of the ranges.
    static func negated(_ ranges: [Range]) -> [Range] {
        var result: [Range] = []
        var next: UInt32 = 0
        for range in normalized(ranges) {
            if range.low > next { result.append((next, range.low - 1)) }
            next = range.high + 1
        }
        if next <= scalarMax { result.append((next, scalarMax)) }
        return result
    }

    /// The ranges with the other cases of all their letters.
    static func folded(_ ranges: [Range]) -> [Range] {
        var result = normalized(ranges)
        for range in normalized(ranges) {
            // Beyond U+1E943 nothing has case; a range over all of a plane is not walked for nothing.
            guard range.low <= RegexFolding.scalarMax else { continue }
            for scalar in range.low...min(range.high, RegexFolding.scalarMax) {
                for other in RegexFolding.others(of: scalar) { result.append((other, other)) }
            }
        }
        return normalized(result)
    }
}
