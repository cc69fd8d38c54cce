/// Sprig's functions without a fixed result.
enum SprigRandom {
    private static let lower = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    private static let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let digits = Array("0123456789".utf8)

    static let functions: [GoFunction] = [
        text("randAlphaNum", lower + upper + digits), text("randAlpha", lower + upper), text("randNumeric", digits),
        text("randAscii", (UInt8(32)...126).map { $0 }),
        GoFunction("randBytes", [.int]) { evaluator, values in
            evaluator.noteRandomness("randBytes")
            return .string(GoBase64.encode(bytes(try count(values[0], evaluator))))
        },
        GoFunction("randInt", [.int, .int]) { evaluator, values in
            evaluator.noteRandomness("randInt")
            let (low, high) = (values[0].argumentInt, values[1].argumentInt)
            guard low < high else { throw GoError("invalid argument to Intn") }
            return .int(Int.random(in: low..<high))
        },
        GoFunction("shuffle", [.string]) { evaluator, values in
            evaluator.noteRandomness("shuffle")
            return .string(String(String.UnicodeScalarView(values[0].argumentText.unicodeScalars.shuffled())))
        },
        GoFunction("uuidv4", []) { evaluator, _ in
            evaluator.noteRandomness("uuidv4")
            var uuid = bytes(16)
            uuid[6] = uuid[6] & 0x0F | 0x40
            uuid[8] = uuid[8] & 0x3F | 0x80
            let hex = Array(SprigEncoding.hex(uuid).utf8)
            let parts = [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20..<32]]
            return .string(parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-"))
        },
    ]

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }

    private static func count(_ value: GoValue, _ evaluator: Evaluator) throws -> Int {
        let count = value.argumentInt
        guard count >= 0 else { throw GoError("runtime error: makeslice: len out of range") }
        guard count <= evaluator.limits.textBytesMax else { throw GoError("a text of more than \(evaluator.limits.textBytesMax) bytes") }
        return count
    }

    private static func text(_ name: String, _ alphabet: [UInt8]) -> GoFunction {
        GoFunction(name, [.int]) { evaluator, values in
            evaluator.noteRandomness(name)
            // A negative count gives nothing: the original swallows its error.
            guard values[0].argumentInt > 0 else { return .string("") }
            let characters = try (0..<count(values[0], evaluator)).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] }
            return .string(String(decoding: characters, as: UTF8.self))
        }
    }
}
