/// Unpacks deflate and gzip (RFC 1951, RFC 1952) into memory, never more than it is told.
struct Inflate {
    private let input: [UInt8]
    private var index: Int
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    private var output: [UInt8] = []
    private let outputMax: Int

    /// What is wrong with packed bytes.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The content of a gzip file, of all its members one after another.
    /// - Throws: `Failure` when it is malformed or unpacks to more than `outputMax` bytes.
    static func gunzip(_ bytes: [UInt8], outputMax: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        repeat {
            let header = try gzipHeader(bytes, start)
            var inflate = Inflate(input: bytes, index: header, outputMax: outputMax - result.count)
            try inflate.run()
            let trailer = inflate.index
            guard trailer + 8 <= bytes.count else { throw Failure(description: "gzip: unexpected end of file") }
            let length = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[trailer + 4 + $1]) << UInt32(8 * $1) }
            guard length == UInt32(truncatingIfNeeded: inflate.output.count) else { throw Failure(description: "gzip: invalid checksum") }
            let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[trailer + $1]) << UInt32(8 * $1) }
            guard sum == crc(inflate.output) else { throw Failure(description: "gzip: invalid checksum") }
            result = result.isEmpty ? inflate.output : result + inflate.output
            start = trailer + 8
        } while start + 10 < bytes.count && bytes[start] == 0x1F && bytes[start + 1] == 0x8B
        return result
    }

    private static func gzipHeader(_ bytes: [UInt8], _ start: Int) throws -> Int {
        guard start + 10 <= bytes.count, bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8 else {
            throw Failure(description: "gzip: invalid header")
        }
        let flags = bytes[start + 3]
        var index = start + 10
        if flags & 4 != 0 {
            guard index + 2 <= bytes.count else { throw Failure(description: "gzip: invalid header") }
            index += 2 + Int(bytes[index]) + Int(bytes[index + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            // A name or comment, ended by zero.
            while index < bytes.count, bytes[index] != 0 { index += 1 }
            index += 1
        }
        if flags & 2 != 0 { index += 2 }
        guard index <= bytes.count else { throw Failure(description: "gzip: invalid header") }
        return index
    }

    private static let crcTable: [UInt32] = (0..<256).map { value in
        (0..<8).reduce(UInt32(value)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        let table = crcTable
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
        return ~sum
    }

    private init(input: [UInt8], index: Int, outputMax: Int) {
        self.input = input
        self.index = index
        self.outputMax = outputMax
    }

    private mutating func run() throws {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try block(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let (literals, distances) = try dynamicTables()
                try block(literals, distances)
            default: throw Failure(description: "flate: corrupt input before offset \(index)")
            }
        }
        // Whole bytes that were read ahead go back.
        index -= Int(bitCount / 8)
    }

    private mutating func need(_ count: UInt32) throws {
        while bitCount < count {
            guard index < input.count else { throw Failure(description: "gzip: unexpected end of file") }
            bits |= UInt32(input[index]) << bitCount
            index += 1
            bitCount += 8
        }
    }

    private mutating func take(_ count: UInt32) throws -> Int {
        if count == 0 { return 0 }
        try need(count)
        let value = bits & ((1 << count) - 1)
        bits >>= count
        bitCount -= count
        return Int(value)
    }

    private mutating func append(_ count: Int) throws {
        guard output.count + count <= outputMax else { throw Failure(description: "the archive unpacks to more than it may") }
    }

    private mutating func stored() throws {
        index -= Int(bitCount / 8)
        bits = 0
        bitCount = 0
        guard index + 4 <= input.count else { throw Failure(description: "gzip: unexpected end of file") }
        let length = Int(input[index]) | Int(input[index + 1]) << 8
        let inverse = Int(input[index + 2]) | Int(input[index + 3]) << 8
        guard length == ~inverse & 0xFFFF else { throw Failure(description: "flate: corrupt input before offset \(index)") }
        index += 4
        guard index + length <= input.count else { throw Failure(description: "gzip: unexpected end of file") }
        try append(length)
        output.append(contentsOf: input[index..<(index + length)])
        index += length
    }

    // MARK: Huffman codes

    /// Codes by length: how many there are of each, and their symbols in order.
    private struct Table {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(_ lengths: [Int]) {
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            var offsets = [Int](repeating: 0, count: 17)
            for length in 1...15 { offsets[length + 1] = offsets[length] + counts[length] }
            symbols = [Int](repeating: 0, count: lengths.count)
            for (symbol, length) in lengths.enumerated() where length > 0 {
                symbols[offsets[length]] = symbol
                offsets[length] += 1
            }
        }
    }

    private static let fixedLiterals = Table(
        [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))
    private static let fixedDistances = Table([Int](repeating: 5, count: 30))

    private mutating func symbol(_ table: Table) throws -> Int {
        var code = 0
        var first = 0
        var start = 0
        for length in 1...15 {
            code |= try take(1)
            let count = table.counts[length]
            if code - count < first { return table.symbols[start + code - first] }
            start += count
            first = (first + count) << 1
            code <<= 1
        }
        throw Failure(description: "flate: corrupt input before offset \(index)")
    }

    private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func dynamicTables() throws -> (Table, Table) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let codeCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw Failure(description: "flate: corrupt input before offset \(index)") }
        var codeLengths = [Int](repeating: 0, count: 19)
        for place in 0..<codeCount { codeLengths[Self.lengthOrder[place]] = try take(3) }
        let codes = Table(codeLengths)
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try symbol(codes)
            switch symbol {
            case 0..<16: lengths.append(symbol)
            case 16:
                guard let last = lengths.last else { throw Failure(description: "flate: corrupt input before offset \(index)") }
                lengths += [Int](repeating: last, count: try take(2) + 3)
            case 17: lengths += [Int](repeating: 0, count: try take(3) + 3)
            default: lengths += [Int](repeating: 0, count: try take(7) + 11)
            }
        }
        guard lengths.count == literalCount + distanceCount else {
            throw Failure(description: "flate: corrupt input before offset \(index)")
        }
        return (Table(Array(lengths[..<literalCount])), Table(Array(lengths[literalCount...])))
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    private static let lengthExtras: [UInt32] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
        16385, 24577,
    ]
    private static let distanceExtras: [UInt32] = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private mutating func block(_ literals: Table, _ distances: Table) throws {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                try append(1)
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol <= 285 else { throw Failure(description: "flate: corrupt input before offset \(index)") }
            let length = try Self.lengthBases[symbol - 257] + take(Self.lengthExtras[symbol - 257])
            let code = try self.symbol(distances)
            guard code < 30 else { throw Failure(description: "flate: corrupt input before offset \(index)") }
            let distance = try Self.distanceBases[code] + take(Self.distanceExtras[code])
            guard distance <= output.count else { throw Failure(description: "flate: corrupt input before offset \(index)") }
            try append(length)
            var from = output.count - distance
            for _ in 0..<length {
                output.append(output[from])
                from += 1
            }
        }
    }
}
