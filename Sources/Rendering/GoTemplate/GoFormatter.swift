internal import Manifests

/// Values as Go's `fmt` prints them.
package struct GoFormatter {
    /// How deep values are printed; a map that contains itself has no end.
    static let depthMax = 1000

    struct Flags {
        var width: Int?
        var precision: Int?
        var minus = false
        var plus = false
        var sharp = false
        var space = false
        var zero = false
        var plusV = false
        var sharpV = false
    }

    var output: [UInt8] = []
    var flags = Flags()

    // MARK: Without a format

    /// The value as `%v` prints it.
    package static func verb(_ value: GoValue) -> String {
        if case .string(let text) = value { return text }
        var formatter = GoFormatter()
        formatter.argument(value, "v")
        return String(decoding: formatter.output, as: UTF8.self)
    }

    static func append(_ value: GoValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text): output.append(contentsOf: text.utf8)
        case .raw(let bytes): output.append(contentsOf: bytes)
        case .integer(let integer, let type) where type.rawValue <= GoInteger.int64.rawValue:
            output.append(contentsOf: String(integer).utf8)
        case .bool(let bool): output.append(contentsOf: (bool ? "true" : "false").utf8)
        default:
            var formatter = GoFormatter()
            swap(&formatter.output, &output)
            formatter.argument(value, "v")
            swap(&formatter.output, &output)
        }
    }

    /// `fmt.Sprint`: spaces between operands when neither is a string.
    package static func print(_ values: [GoValue]) -> [UInt8] {
        var output: [UInt8] = []
        var previousIsText = true
        for (index, value) in values.enumerated() {
            let isText = value.textBytes != nil
            if index > 0, !isText, !previousIsText { output.append(UInt8(ascii: " ")) }
            append(value, to: &output)
            previousIsText = isText
        }
        return output
    }

    /// `fmt.Sprintln`.
    package static func printLine(_ values: [GoValue]) -> [UInt8] {
        var output: [UInt8] = []
        for (index, value) in values.enumerated() {
            if index > 0 { output.append(UInt8(ascii: " ")) }
            append(value, to: &output)
        }
        output.append(0x0A)
        return output
    }

    // MARK: One operand

    /// Prints an operand under a verb with the flags that are set.
    mutating func argument(_ value: GoValue, _ verb: Unicode.Scalar) {
        if value.isNil, value.asMap == nil {
            switch verb {
            case "T", "v": pad(Array("<nil>".utf8))
            default: badVerb(value, verb)
            }
            return
        }
        if verb == "T" {
            text(Array(value.typeName.utf8), "s", quotes: false)
            return
        }
        if verb == "p" {
            badVerb(value, verb)
            return
        }
        print(value, verb, depth: 0)
    }

    private mutating func print(_ value: GoValue, _ verb: Unicode.Scalar, depth: Int) {
        guard depth < Self.depthMax else {
            write("...")
            return
        }
        switch value {
        case .invalid, .null: depth > 0 && verb == "v" ? write("<nil>") : badVerb(value, verb)
        case .bool(let bool):
            guard verb == "t" || verb == "v" else { return badVerb(value, verb) }
            pad(Array((bool ? "true" : "false").utf8))
        case .integer(let integer, let type):
            if let name = GoTime.name(of: value), verb == "v" || verb == "s" || verb == "q" || verb == "x" || verb == "X", !flags.sharpV {
                return text(Array(name.utf8), verb, quotes: verb == "q")
            }
            self.integer(integer, type, verb, value)
        case .float(let float): self.float(float, verb, value)
        case .string(let string): text(Array(string.utf8), verb, value)
        case .raw(let bytes): text(bytes, verb, value)
        case .bytes(let bytes):
            switch verb {
            case "v", "d": list(bytes.map { .integer(Int64($0), .uint8) }, depth == 0 ? "[]byte" : "[]uint8", verb, depth)
            default: text(bytes, verb, value)
            }
        case .list(let elements): list(elements, "[]interface {}", verb, depth)
        case .typedList(let elements, let type): list(elements, type, verb, depth)
        case .map(let map): self.map(map, verb, depth)
        case .object(let object): self.object(object, verb, depth)
        case .function: write("0x0")
        }
    }

    private mutating func list(_ elements: [GoValue], _ type: String, _ verb: Unicode.Scalar, _ depth: Int) {
        if flags.sharpV {
            write(type + "{")
        } else {
            write("[")
        }
        let meter = WorkMeter.current
        for (index, element) in elements.enumerated() {
            guard goesOn(meter) else { return }
            if index > 0 { write(flags.sharpV ? ", " : " ") }
            nested(element, verb, depth)
        }
        write(flags.sharpV ? "}" : "]")
    }

    /// Whether there is room for another element. One list can stand in itself so often that its text has no end.
    private func goesOn(_ meter: WorkMeter?) -> Bool {
        guard let meter else { return true }
        if output.count > meter.outputBytesMax { meter.stop("a list or map prints as too long a text") }
        return meter.spend(1)
    }

    private mutating func map(_ map: GoMap, _ verb: Unicode.Scalar, _ depth: Int) {
        write(flags.sharpV ? "\(map.type.rawValue){" : "map[")
        let meter = WorkMeter.current
        for (index, member) in map.members.enumerated() {
            guard goesOn(meter) else { return }
            if index > 0 { write(flags.sharpV ? ", " : " ") }
            print(.string(member.key), verb, depth: depth + 1)
            write(":")
            nested(member.value, verb, depth)
        }
        write(flags.sharpV ? "}" : "]")
    }

    /// An element of a list or map; nil prints as such, or with its verb as a mistake.
    private mutating func nested(_ value: GoValue, _ verb: Unicode.Scalar, _ depth: Int) {
        if value.isNil, value.asMap == nil {
            write(flags.sharpV ? "interface {}(nil)" : "<nil>")
            return
        }
        print(value, verb, depth: depth + 1)
    }

    private mutating func object(_ object: any GoObject, _ verb: Unicode.Scalar, _ depth: Int) {
        if let string = object.string, verb == "v" || verb == "s" || verb == "q" || verb == "x" || verb == "X" {
            text(Array(string.utf8), verb, quotes: verb == "q")
            return
        }
        guard let fields = object.structFields else { return print(object.underlying, verb, depth: depth + 1) }
        if flags.sharpV { write(object.typeName) }
        write(object.kind == "ptr" && depth == 0 && !flags.sharpV ? "&{" : "{")
        for (index, field) in fields.enumerated() {
            if index > 0 { write(flags.sharpV ? ", " : " ") }
            if flags.plusV || flags.sharpV { write(field.name + ":") }
            nested(field.value, verb, depth)
        }
        write("}")
    }

    // MARK: Texts

    private mutating func text(_ bytes: [UInt8], _ verb: Unicode.Scalar, _ value: GoValue) {
        switch verb {
        case "v": text(bytes, verb, quotes: flags.sharpV)
        case "s": text(bytes, verb, quotes: false)
        case "q": text(bytes, verb, quotes: true)
        case "x", "X": text(bytes, verb, quotes: false)
        default: badVerb(value, verb)
        }
    }

    mutating func text(_ bytes: [UInt8], _ verb: Unicode.Scalar, quotes: Bool) {
        var bytes = bytes
        if verb == "x" || verb == "X" {
            if let precision = flags.precision { bytes = Array(bytes.prefix(precision)) }
            return pad(Self.hex(bytes, upper: verb == "X", flags: flags))
        }
        if let precision = flags.precision { bytes = Self.truncate(bytes, precision) }
        guard quotes else { return pad(bytes) }
        if flags.sharp, !bytes.contains(UInt8(ascii: "`")), !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            return pad([UInt8(ascii: "`")] + bytes + [UInt8(ascii: "`")])
        }
        pad(Array(GoQuote.quote(bytes, asciiOnly: flags.plus).utf8))
    }

    /// The first characters of a text.
    private static func truncate(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            var taken = 0
            while index < buffer.count, taken < count {
                index += RegexMachine.decode(buffer, at: index).1
                taken += 1
            }
            return Array(buffer[..<index])
        }
    }

    private static func hex(_ bytes: [UInt8], upper: Bool, flags: Flags) -> [UInt8] {
        let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        var result: [UInt8] = []
        let prefix = upper ? "0X" : "0x"
        for (index, byte) in bytes.enumerated() {
            if flags.space, index > 0 { result.append(UInt8(ascii: " ")) }
            if flags.sharp, flags.space || index == 0 { result.append(contentsOf: prefix.utf8) }
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return result
    }

    // MARK: Helpers

    mutating func badVerb(_ value: GoValue, _ verb: Unicode.Scalar) {
        write("%!\(verb)(")
        if value.isNil, value.asMap == nil {
            write("<nil>")
        } else {
            write(value.typeName + "=")
            print(value, "v", depth: 0)
        }
        write(")")
    }

    mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }

    /// Writes a text within the width; the width counts characters.
    mutating func pad(_ bytes: [UInt8]) {
        guard let width = flags.width else {
            output.append(contentsOf: bytes)
            return
        }
        let count = bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        let filling = max(0, width - count)
        let filler = flags.zero && !flags.minus ? UInt8(ascii: "0") : UInt8(ascii: " ")
        if flags.minus {
            output.append(contentsOf: bytes)
            output.append(contentsOf: repeatElement(filler, count: filling))
        } else {
            output.append(contentsOf: repeatElement(filler, count: filling))
            output.append(contentsOf: bytes)
        }
    }
}
