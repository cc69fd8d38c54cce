internal import Manifests

/// Finds what the chain needs in a line without building its values: sequence, previous hash and run out of the members at
/// the top. Everything else is only checked for being JSON.
struct ChainScanner {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private(set) var sequence: Int64?
    /// Ranges of the contents of strings in the line; `nil` when there is none, or it holds an escape.
    private(set) var previous: Range<Int>?
    private(set) var runID: Range<Int>?

    private static let depthMax = 128

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// `nil` when the line is no JSON object of the plain form that the log writes: then it is for the parser to say what
    /// it is.
    static func scan(_ bytes: UnsafeRawBufferPointer) -> ChainScanner? {
        var scanner = ChainScanner(bytes)
        guard scanner.top(), scanner.index == bytes.count, UTF8Check.firstInvalidOffset(in: bytes.bindMemory(to: UInt8.self)) == nil
        else { return nil }
        return scanner
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func top() -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if take(UInt8(ascii: "}")) { return true }
        var isFirst = true
        while isFirst || take(UInt8(ascii: ",")) {
            isFirst = false
            guard let key = string(), take(UInt8(ascii: ":")) else { return false }
            let start = index
            if isName(key, "sequence") {
                guard sequence == nil, skipValue(1), let number = number(start..<index) else { return false }
                sequence = number
            } else if isName(key, "previous") {
                guard previous == nil, let text = string() else { return false }
                previous = text
            } else if isName(key, "runID") {
                guard runID == nil, let text = string() else { return false }
                runID = text
            } else if !skipValue(1) {
                return false
            }
        }
        return take(UInt8(ascii: "}"))
    }

    private func isName(_ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != name.utf8Start[offset] { return false }
        return true
    }

    /// Digits alone, as the log writes its numbers.
    private func number(_ range: Range<Int>) -> Int64? {
        guard (1...16).contains(range.count) else { return nil }
        var value: Int64 = 0
        for index in range {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    /// The contents of a string without escapes; `nil` for one with escapes, or none at all.
    private mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return start..<(index - 1)
            }
            guard byte >= 0x20, byte != UInt8(ascii: "\\") else { return nil }
            index += 1
        }
        return nil
    }
}

extension ChainScanner {
    private mutating func skipValue(_ depth: Int) -> Bool {
        guard index < bytes.count, depth < Self.depthMax else { return false }
        switch bytes[index] {
        case UInt8(ascii: "\""): return skipString()
        case UInt8(ascii: "{"): return skipObject(depth)
        case UInt8(ascii: "["): return skipArray(depth)
        case UInt8(ascii: "t"): return skipWord("true")
        case UInt8(ascii: "f"): return skipWord("false")
        case UInt8(ascii: "n"): return skipWord("null")
        default: return skipNumber()
        }
    }

    private mutating func skipString() -> Bool {
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte < 0x20 { return false }
            if byte == UInt8(ascii: "\\"), !skipEscape() { return false }
        }
        return false
    }

    private mutating func skipEscape() -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        index += 1
        guard byte == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(byte) }
        for _ in 0..<4 {
            guard index < bytes.count, Self.isHex(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    private mutating func skipObject(_ depth: Int) -> Bool {
        index += 1
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\""), skipString(), take(UInt8(ascii: ":")), skipValue(depth + 1)
            else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func skipArray(_ depth: Int) -> Bool {
        index += 1
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard skipValue(depth + 1) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func skipWord(_ word: StaticString) -> Bool {
        for offset in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[offset]) { return false }
        return true
    }

    private mutating func skipDigits() -> Bool {
        let start = index
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        return index > start
    }

    private mutating func skipNumber() -> Bool {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), !skipDigits() { return false }
        if take(UInt8(ascii: ".")), !skipDigits() { return false }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            return skipDigits()
        }
        return true
    }
}
