/// The order in which go-yaml v2 writes the keys of a mapping (`sorter.go`): letters after all else, runs of digits by
/// their number, else by code point; `_a`, `Z`, `a9`, `a10`.
package enum YAMLKeyOrder {
    /// Whether the members stand in order already, as they do in what was written by machines.
    static func isSorted(_ members: [Member]) -> Bool {
        guard members.count > 1 else { return true }
        for index in 1..<members.count where isLess(members[index].key, members[index - 1].key) { return false }
        return true
    }

    /// Appends the indices of the members in the order of their keys.
    static func appendOrder(of members: [Member], to order: inout [Int]) {
        let start = order.count
        guard members.count <= 24 else {
            order.append(contentsOf: members.indices.sorted { isLess(members[$0].key, members[$1].key) })
            return
        }
        // Insertion: most mappings have a handful of keys.
        for index in members.indices {
            order.append(index)
            var place = start + index
            while place > start, isLess(members[index].key, members[order[place - 1]].key) {
                order[place] = order[place - 1]
                place -= 1
            }
            order[place] = index
        }
    }

    package static func isLess(_ left: String, _ right: String) -> Bool {
        var left = left
        var right = right
        return left.withUTF8 { leftBytes in right.withUTF8 { isLess(leftBytes, $0) } }
    }

    private static func isLess(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let common = min(left.count, right.count)
        var index = 0
        while index < common, left[index] == right[index] { index += 1 }
        guard index < common else { return left.count < right.count }
        let (a, b) = (left[index], right[index])
        guard a < 0x80, b < 0x80 else { return isLessByScalars(left, right) }
        let (aIsLetter, bIsLetter) = (isLetter(a), isLetter(b))
        if aIsLetter, bIsLetter { return a < b }
        if aIsLetter || bIsLetter { return bIsLetter }
        guard isDigit(a) || isDigit(b) else { return a < b }
        // Beyond ASCII there are digits and letters too: take the exact way where the number may go on with them.
        return isLessByScalars(left, right)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The rule itself, on code points.
    private static func isLessByScalars(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let a = Array(String(decoding: left, as: UTF8.self).unicodeScalars)
        let b = Array(String(decoding: right, as: UTF8.self).unicodeScalars)
        let common = min(a.count, b.count)
        guard let index = (0..<common).first(where: { a[$0] != b[$0] }) else { return a.count < b.count }
        let (aIsLetter, bIsLetter) = (isLetter(a[index]), isLetter(b[index]))
        if aIsLetter, bIsLetter { return a[index] < b[index] }
        if aIsLetter || bIsLetter { return bIsLetter }
        // `a01` against `a1`: a zero inside a number counts, a leading one does not.
        let isInside = (a[index] == "0" || b[index] == "0") && hasNonZeroDigit(a, before: index)
        let (aNumber, aEnd) = number(a, from: index, isInside: isInside)
        let (bNumber, bEnd) = number(b, from: index, isInside: isInside)
        if aNumber != bNumber { return aNumber < bNumber }
        if aEnd != bEnd { return aEnd < bEnd }
        return a[index] < b[index]
    }

    private static func hasNonZeroDigit(_ scalars: [Unicode.Scalar], before index: Int) -> Bool {
        for scalar in scalars[..<index].reversed() {
            guard isDigit(scalar) else { return false }
            if scalar != "0" { return true }
        }
        return false
    }

    /// The number that begins here, with the overflow of 64 bits that the original has, and where it ends.
    private static func number(_ scalars: [Unicode.Scalar], from start: Int, isInside: Bool) -> (Int64, Int) {
        var number: Int64 = isInside ? 1 : 0
        var index = start
        while index < scalars.count, isDigit(scalars[index]) {
            number = number &* 10 &+ (Int64(scalars[index].value) - 48)
            index += 1
        }
        return (number, index)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? isDigit(UInt8(scalar.value)) : scalar.properties.generalCategory == .decimalNumber
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isLetter(UInt8(scalar.value)) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }
}
