/// What is wrong with a JSON text, and where (byte offset, line and column counted from 1).
package struct JSONError: Error, Hashable, Sendable {
    package var message: String
    package var offset: Int
    package var line: Int
    package var column: Int
}

extension JSONError: CustomStringConvertible {
    package var description: String { "line \(line), column \(column): \(message)" }
}

/// Reads JSON (RFC 8259) into a `Value`.
///
/// A struct with mutating methods over the bytes, which is twenty times faster than Foundation's reader. UTF-8 is
/// checked once over the whole buffer; collections nest at most `depthMax` deep.
package struct JSONParser: ~Copyable {
    package struct Options: Sendable {
        /// Objects below this key are skipped without being built (`managedFields` are half of a list's bytes).
        package var skippedKey: String?
        /// Refuses an object that names a key twice; otherwise the last one counts, as in Go.
        package var refusesDuplicateKeys: Bool

        package init(skippedKey: String? = nil, refusesDuplicateKeys: Bool = false) {
            self.skippedKey = skippedKey
            self.refusesDuplicateKeys = refusesDuplicateKeys
        }
    }

    /// How deep objects and lists may nest: what a server sends is far below, and recursion stays within any stack.
    package static let depthMax = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private let options: Options
    private let skippedKey: [UInt8]?
    private var members = ScratchStack<Member>()
    private var values = ScratchStack<Value>()
    private var pool: StringPool
    private var unescaped: [UInt8] = []

    /// Reads one JSON text.
    package static func parse(_ bytes: some Sequence<UInt8>, options: Options = Options()) throws(JSONError) -> Value {
        var result: Result<Value, JSONError>?
        let parsed: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            result = Result { () throws(JSONError) in try parse(buffer: buffer, options: options) }
        }
        if parsed == nil {
            Array(bytes).withUnsafeBufferPointer { buffer in
                result = Result { () throws(JSONError) in try parse(buffer: buffer, options: options) }
            }
        }
        return try result!.get()
    }

    private static func parse(buffer: UnsafeBufferPointer<UInt8>, options: Options) throws(JSONError) -> Value {
        var parser = JSONParser(bytes: buffer, options: options)
        if let bad = UTF8Check.firstInvalidOffset(in: buffer) {
            throw parser.error("not valid UTF-8", at: bad)
        }
        return try parser.document()
    }

    /// Reads one JSON text whose top is an object, and hands the elements of one of its lists over as they are read, so that
    /// they never stand in memory together.
    /// - Parameter key: The list's; a value of another kind under it stays in the result.
    /// - Returns: The object without that list.
    package static func parse(
        _ bytes: [UInt8], options: Options = Options(), elementsOf key: String, each: (Value) -> Void
    ) throws(JSONError) -> Value {
        var result: Result<Value, JSONError>?
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(JSONError) in
                var parser = JSONParser(bytes: buffer, options: options)
                if let bad = UTF8Check.firstInvalidOffset(in: buffer) { throw parser.error("not valid UTF-8", at: bad) }
                return try parser.document(elementsOf: key, each: each)
            }
        }
        return try result!.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, options: Options) {
        self.bytes = bytes
        self.options = options
        pool = StringPool(textBytes: bytes.count)
        skippedKey = options.skippedKey.map { Array($0.utf8) }
    }

    private mutating func document() throws(JSONError) -> Value {
        skipStart()
        let value = try value(depth: 0)
        try end()
        return value
    }

    private mutating func document(elementsOf streamed: String, each: (Value) -> Void) throws(JSONError) -> Value {
        skipStart()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { return try document() }
        position += 1
        var object = Object()
        skipSpace()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                let key = try key()
                if key == streamed, position < bytes.count, bytes[position] == UInt8(ascii: "[") {
                    try elements(depth: 2) { each($0) }
                } else {
                    object[key] = try value(depth: 1)
                }
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw error("',' or '}' is expected") }
        }
        try end()
        return .object(object)
    }

    private mutating func skipStart() {
        // A byte order mark is no JSON, but files carry one.
        if position == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        skipSpace()
    }

    private mutating func end() throws(JSONError) {
        skipSpace()
        if position < bytes.count { throw error("text after the end of the value") }
    }

    /// A member's key and the colon behind it.
    private mutating func key() throws(JSONError) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw error("a key in quotes is expected") }
        let key = try string()
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw error("':' is expected after a key") }
        skipSpace()
        return key
    }

    private mutating func value(depth: Int) throws(JSONError) -> Value {
        guard position < bytes.count else { throw error("the text ends where a value is expected") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try list(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("a value is expected here")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> Value {
        guard depth <= Self.depthMax else { throw error("nested deeper than \(Self.depthMax) levels") }
        position += 1
        let start = members.count
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(Object()) }
        while true {
            let keyStart = position
            let key = try key()
            if let skippedKey, isKey(skippedKey, from: keyStart) {
                try skipValue()
            } else {
                let value = try value(depth: depth)
                if members.contains(from: start, where: { $0.key == key }) {
                    if options.refusesDuplicateKeys { throw error("key '\(key)' stands here twice", at: keyStart) }
                    var kept = Object(members.take(from: start))
                    kept[key] = value
                    for member in kept.members { members.push(member) }
                } else {
                    members.push(Member(key: key, value: value))
                }
            }
            skipSpace()
            if take(UInt8(ascii: ",")) {
                skipSpace()
                continue
            }
            guard take(UInt8(ascii: "}")) else { throw error("',' or '}' is expected") }
            return .object(Object(members.take(from: start)))
        }
    }

    private mutating func list(depth: Int) throws(JSONError) -> Value {
        guard depth <= Self.depthMax else { throw error("nested deeper than \(Self.depthMax) levels") }
        position += 1
        let start = values.count
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            let element = try value(depth: depth)
            values.push(element)
            if try isListEnd() { return .array(values.take(from: start)) }
        }
    }

    /// The elements of a list, one by one.
    private mutating func elements(depth: Int, each: (Value) -> Void) throws(JSONError) {
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return }
        repeat { each(try value(depth: depth)) } while try !isListEnd()
    }

    private mutating func isListEnd() throws(JSONError) -> Bool {
        skipSpace()
        if take(UInt8(ascii: ",")) {
            skipSpace()
            return false
        }
        guard take(UInt8(ascii: "]")) else { throw error("',' or ']' is expected") }
        return true
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        position = TextBytes.firstEscaped(in: bytes, from: start)
        guard position < bytes.count else { throw error("a string does not end") }
        switch bytes[position] {
        case UInt8(ascii: "\""):
            let made = pool.string(UnsafeBufferPointer(rebasing: bytes[start..<position]))
            position += 1
            return made
        case UInt8(ascii: "\\"): return try escapedString(from: start)
        default: throw error("a control character in a string")
        }
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return unescaped.withUnsafeBufferPointer { pool.string($0) }
            case UInt8(ascii: "\\"):
                try escape()
            case 0..<0x20:
                throw error("a control character in a string", at: position - 1)
            default:
                unescaped.append(byte)
            }
        }
        throw error("a string does not end")
    }

    private mutating func escape() throws(JSONError) {
        guard position < bytes.count else { throw error("a string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let low = try hexadecimal()
                if (0xDC00..<0xE000).contains(low) {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    position = mark
                }
            }
            // A lone surrogate becomes U+FFFD, as in Go.
            let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
            unescaped.append(contentsOf: String(scalar).utf8)
        default:
            throw error("an unknown escape in a string", at: position - 1)
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("a string does not end") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw error("four hexadecimal digits are expected after \\u")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private mutating func number() throws(JSONError) -> Value {
        let start = position
        var isNegative = false
        if bytes[position] == UInt8(ascii: "-") {
            isNegative = true
            position += 1
        }
        let digitsStart = position
        var magnitude: UInt64 = 0
        var overflows = false
        while let digit = digit() {
            let (product, first) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, second) = product.addingReportingOverflow(UInt64(digit))
            if first || second { overflows = true }
            magnitude = sum
        }
        let digits = position - digitsStart
        if digits == 0 || digits > 1 && bytes[digitsStart] == UInt8(ascii: "0") { throw error("not a number", at: start) }
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard digit() != nil else { throw error("not a number", at: start) }
            while digit() != nil {}
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            guard digit() != nil else { throw error("not a number", at: start) }
            while digit() != nil {}
        }
        if isInteger && !overflows {
            if isNegative, magnitude <= UInt64(Int64.max) + 1 { return .int(Int64(truncatingIfNeeded: 0 &- magnitude)) }
            if !isNegative, magnitude <= UInt64(Int64.max) { return .int(Int64(magnitude)) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let double = Double(text), double.isFinite else { throw error("number \(text) is out of range", at: start) }
        return .double(double)
    }

    private mutating func digit() -> UInt8? {
        guard position < bytes.count else { return nil }
        let digit = bytes[position] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        position += 1
        return digit
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard position + index < bytes.count, bytes[position + index] == word.utf8Start[index] else {
                throw error("a value is expected here")
            }
        }
        position += word.utf8CodeUnitCount
    }

    private func isKey(_ key: [UInt8], from start: Int) -> Bool {
        guard start + key.count + 1 < bytes.count, bytes[start + key.count + 1] == UInt8(ascii: "\"") else { return false }
        for index in key.indices where bytes[start + 1 + index] != key[index] { return false }
        return true
    }

    /// Passes over a value without building it: brackets are balanced, strings are passed whole.
    private mutating func skipValue() throws(JSONError) {
        var depth = 0
        repeat {
            skipSpace()
            guard position < bytes.count else { throw error("the text ends inside a value") }
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: "\""):
                position += 1
                while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                position += 1
            default:
                scalars: while position < bytes.count {
                    switch bytes[position] {
                    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), 0x09, 0x0A, 0x0D: break scalars
                    default: position += 1
                    }
                }
            }
        } while depth > 0
        if position > bytes.count { throw error("the text ends inside a value", at: bytes.count) }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func error(_ message: String, at offset: Int? = nil) -> JSONError {
        let offset = min(offset ?? position, bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<offset where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONError(message: message, offset: offset, line: line, column: offset - lineStart + 1)
    }
}
