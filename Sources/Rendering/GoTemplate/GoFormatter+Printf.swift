extension GoFormatter {
    /// The largest width and precision, as in Go.
    private static let sizeMax = 1_000_000

    /// `fmt.Sprintf`.
    package static func printf(_ format: [UInt8], _ arguments: [GoValue]) -> [UInt8] {
        var formatter = GoFormatter()
        formatter.output.reserveCapacity(format.count + 16)
        formatter.run(format, arguments)
        return formatter.output
    }

    private struct Cursor {
        var format: [UInt8]
        var index = 0
        var argument = 0
        var reordered = false
        var goodIndex = true
        /// Whether an index stood right before the verb or width.
        var afterIndex = false

        var peek: UInt8? { index < format.count ? format[index] : nil }
    }

    private mutating func run(_ format: [UInt8], _ arguments: [GoValue]) {
        var cursor = Cursor(format: format)
        var reorderedEver = false
        while cursor.index < format.count {
            let start = cursor.index
            while cursor.index < format.count, format[cursor.index] != UInt8(ascii: "%") { cursor.index += 1 }
            output.append(contentsOf: format[start..<cursor.index])
            guard cursor.index < format.count else { break }
            cursor.index += 1
            flags = Flags()
            cursor.goodIndex = true
            cursor.reordered = false
            cursor.afterIndex = false
            readFlags(&cursor)
            argumentNumber(&cursor, arguments.count)
            readWidth(&cursor, arguments)
            readPrecision(&cursor, arguments)
            if !cursor.afterIndex { argumentNumber(&cursor, arguments.count) }
            reorderedEver = reorderedEver || cursor.reordered
            guard cursor.index < format.count else {
                write("%!(NOVERB)")
                break
            }
            let (scalar, length) = format.withUnsafeBufferPointer { RegexMachine.decode($0, at: cursor.index) }
            cursor.index += length
            apply(Unicode.Scalar(scalar ?? 0xFFFD) ?? "\u{FFFD}", &cursor, arguments)
        }
        if !reorderedEver, cursor.argument < arguments.count { extra(arguments[cursor.argument...]) }
    }

    private mutating func apply(_ verb: Unicode.Scalar, _ cursor: inout Cursor, _ arguments: [GoValue]) {
        if verb == "%" {
            write("%")
        } else if !cursor.goodIndex {
            write("%!\(verb)(BADINDEX)")
        } else if cursor.argument >= arguments.count {
            write("%!\(verb)(MISSING)")
        } else {
            if verb == "w" {
                badVerb(arguments[cursor.argument], verb)
                cursor.argument += 1
                return
            }
            if verb == "v" {
                if flags.sharp { (flags.sharp, flags.sharpV) = (false, true) }
                if flags.plus { (flags.plus, flags.plusV) = (false, true) }
            }
            argument(arguments[cursor.argument], verb)
            cursor.argument += 1
        }
    }

    private mutating func extra(_ arguments: ArraySlice<GoValue>) {
        flags = Flags()
        write("%!(EXTRA ")
        for (index, value) in arguments.enumerated() {
            if index > 0 { write(", ") }
            if value.isNil, value.asMap == nil {
                write("<nil>")
            } else {
                write(value.typeName + "=")
                argument(value, "v")
            }
        }
        write(")")
    }

    private mutating func readFlags(_ cursor: inout Cursor) {
        while let byte = cursor.peek {
            switch byte {
            case UInt8(ascii: "#"): flags.sharp = true
            case UInt8(ascii: "0"): flags.zero = true
            case UInt8(ascii: "+"): flags.plus = true
            case UInt8(ascii: "-"): flags.minus = true
            case UInt8(ascii: " "): flags.space = true
            default: return
            }
            cursor.index += 1
        }
    }

    private mutating func readWidth(_ cursor: inout Cursor, _ arguments: [GoValue]) {
        if cursor.peek == UInt8(ascii: "*") {
            cursor.index += 1
            if let width = starArgument(&cursor, arguments) {
                if width < 0 { flags.minus = true }
                flags.width = abs(width)
                if width < 0 { flags.zero = false }
            } else {
                write("%!(BADWIDTH)")
            }
            cursor.afterIndex = false
        } else {
            flags.width = number(&cursor)
            if cursor.afterIndex, flags.width != nil { cursor.goodIndex = false }
        }
    }

    private mutating func readPrecision(_ cursor: inout Cursor, _ arguments: [GoValue]) {
        guard cursor.peek == UInt8(ascii: ".") else { return }
        cursor.index += 1
        if cursor.afterIndex { cursor.goodIndex = false }
        argumentNumber(&cursor, arguments.count)
        if cursor.peek == UInt8(ascii: "*") {
            cursor.index += 1
            if let precision = starArgument(&cursor, arguments), precision >= 0 {
                flags.precision = precision
            } else {
                write("%!(BADPREC)")
            }
            cursor.afterIndex = false
        } else {
            flags.precision = number(&cursor) ?? 0
        }
    }

    private func starArgument(_ cursor: inout Cursor, _ arguments: [GoValue]) -> Int? {
        guard cursor.argument < arguments.count else { return nil }
        defer { cursor.argument += 1 }
        guard case .integer(let integer, _) = arguments[cursor.argument], abs(integer) <= Int64(Self.sizeMax) else { return nil }
        return Int(integer)
    }

    private func number(_ cursor: inout Cursor) -> Int? {
        var number: Int?
        while let byte = cursor.peek, byte >= 0x30, byte <= 0x39 {
            // Too large a number ends the format, as in Go.
            if number ?? 0 > Self.sizeMax {
                cursor.index = cursor.format.count
                return nil
            }
            number = (number ?? 0) * 10 + Int(byte - 0x30)
            cursor.index += 1
        }
        return number
    }

    /// `[n]`: the number of the next argument, from 1.
    private func argumentNumber(_ cursor: inout Cursor, _ count: Int) {
        guard cursor.peek == UInt8(ascii: "[") else {
            cursor.afterIndex = false
            return
        }
        cursor.reordered = true
        guard let close = cursor.format[cursor.index...].firstIndex(of: UInt8(ascii: "]")) else {
            cursor.goodIndex = false
            cursor.index += 1
            return
        }
        let text = String(decoding: cursor.format[(cursor.index + 1)..<close], as: UTF8.self)
        cursor.index = close + 1
        if let number = Int(text), number >= 1, number <= count {
            cursor.argument = number - 1
            cursor.afterIndex = true
        } else {
            cursor.goodIndex = false
        }
    }
}
