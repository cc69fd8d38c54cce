/// bcrypt's hash of a password (Provos and Mazières, 1999): Blowfish with an expensive key schedule.
enum Bcrypt {
    private static let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// `$2a$10$` with salt and hash. The salt has 16 bytes, the password at most 72 that count.
    static func hash(_ password: [UInt8], salt: [UInt8], cost: Int) -> String {
        var cipher = Blowfish()
        let key = password + [0]
        cipher.expand(key: key, salt: salt)
        for _ in 0..<(1 << cost) {
            cipher.expand(key: key, salt: [])
            cipher.expand(key: salt, salt: [])
        }
        var words = Array("OrpheanBeholderScryDoubt".utf8).chunked
        for index in stride(from: 0, to: words.count, by: 2) {
            var (left, right) = (words[index], words[index + 1])
            for _ in 0..<64 { (left, right) = cipher.encrypt(left, right) }
            (words[index], words[index + 1]) = (left, right)
        }
        let bytes = words.flatMap { [UInt8($0 >> 24), UInt8($0 >> 16 & 0xFF), UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF)] }
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return "$2a$\(digits)$" + encode(salt) + encode(Array(bytes.prefix(23)))
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for index in stride(from: 0, to: bytes.count, by: 3) {
            let a = bytes[index]
            let b = index + 1 < bytes.count ? bytes[index + 1] : 0
            let c = index + 2 < bytes.count ? bytes[index + 2] : 0
            result.append(alphabet[Int(a >> 2)])
            result.append(alphabet[Int((a & 3) << 4 | b >> 4)])
            if index + 1 < bytes.count { result.append(alphabet[Int((b & 15) << 2 | c >> 6)]) }
            if index + 2 < bytes.count { result.append(alphabet[Int(c & 63)]) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Words of four bytes each, the most significant first.
    fileprivate var chunked: [UInt32] {
        stride(from: 0, to: count, by: 4).map { start in (0..<4).reduce(0) { $0 << 8 | UInt32(self[start + $1]) } }
    }
}

/// Blowfish, as far as bcrypt needs it. Its tables are the digits of pi, which are counted out on first use.
struct Blowfish {
    private var keys: [UInt32]
    private var boxes: [UInt32]

    private static let digits = PiDigits.words(18 + 1024)

    init() {
        keys = Array(Self.digits[..<18])
        boxes = Array(Self.digits[18...])
    }

    func encrypt(_ left: UInt32, _ right: UInt32) -> (UInt32, UInt32) {
        var (left, right) = (left, right)
        keys.withUnsafeBufferPointer { keys in
            boxes.withUnsafeBufferPointer { boxes in
                left ^= keys[0]
                for round in stride(from: 1, to: 17, by: 2) {
                    right ^= Self.mix(boxes, left) ^ keys[round]
                    left ^= Self.mix(boxes, right) ^ keys[round + 1]
                }
                right ^= keys[17]
            }
        }
        return (right, left)
    }

    private static func mix(_ boxes: UnsafeBufferPointer<UInt32>, _ value: UInt32) -> UInt32 {
        let sum = boxes[Int(value >> 24)] &+ boxes[256 + Int(value >> 16 & 0xFF)]
        return (sum ^ boxes[512 + Int(value >> 8 & 0xFF)]) &+ boxes[768 + Int(value & 0xFF)]
    }

    /// The key schedule; with a salt the one that bcrypt begins with.
    mutating func expand(key: [UInt8], salt: [UInt8]) {
        var place = 0
        for index in keys.indices {
            var word: UInt32 = 0
            for _ in 0..<4 {
                word = word << 8 | UInt32(key[place])
                place = (place + 1) % key.count
            }
            keys[index] ^= word
        }
        let words = salt.chunked
        var saltPlace = 0
        var (left, right): (UInt32, UInt32) = (0, 0)
        func next() -> UInt32 {
            guard !words.isEmpty else { return 0 }
            defer { saltPlace = (saltPlace + 1) % words.count }
            return words[saltPlace]
        }
        for index in stride(from: 0, to: keys.count, by: 2) {
            left ^= next()
            right ^= next()
            (left, right) = encrypt(left, right)
            (keys[index], keys[index + 1]) = (left, right)
        }
        for index in stride(from: 0, to: boxes.count, by: 2) {
            left ^= next()
            right ^= next()
            (left, right) = encrypt(left, right)
            (boxes[index], boxes[index + 1]) = (left, right)
        }
    }
}

/// The binary digits of pi after the point, by Machin's formula: π = 16·arctan(1/5) − 4·arctan(1/239).
enum PiDigits {
    /// The first words of 32 digits each.
    static func words(_ count: Int) -> [UInt32] {
        // The first word is what stands before the point; two at the end take the errors.
        let length = count + 3
        var sum = [UInt32](repeating: 0, count: length)
        add(16, 5, to: &sum, isPositive: true)
        add(4, 239, to: &sum, isPositive: false)
        return Array(sum[1...count])
    }

    /// factor · arctan(1/x), term by term.
    private static func add(_ factor: UInt32, _ x: UInt32, to sum: inout [UInt32], isPositive: Bool) {
        var power = [UInt32](repeating: 0, count: sum.count)
        power[0] = factor
        divide(&power, by: x)
        var isPositive = isPositive
        var number: UInt32 = 1
        while power.contains(where: { $0 != 0 }) {
            var term = power
            divide(&term, by: number)
            if isPositive { addWords(term, to: &sum) } else { subtractWords(term, from: &sum) }
            isPositive.toggle()
            number += 2
            divide(&power, by: x * x)
        }
    }

    private static func divide(_ words: inout [UInt32], by divisor: UInt32) {
        var remainder: UInt64 = 0
        for index in words.indices {
            let value = remainder << 32 | UInt64(words[index])
            words[index] = UInt32(truncatingIfNeeded: value / UInt64(divisor))
            remainder = value % UInt64(divisor)
        }
    }

    private static func addWords(_ term: [UInt32], to sum: inout [UInt32]) {
        var carry: UInt64 = 0
        for index in sum.indices.reversed() {
            let value = UInt64(sum[index]) + UInt64(term[index]) + carry
            sum[index] = UInt32(truncatingIfNeeded: value)
            carry = value >> 32
        }
    }

    private static func subtractWords(_ term: [UInt32], from sum: inout [UInt32]) {
        var borrow: Int64 = 0
        for index in sum.indices.reversed() {
            let value = Int64(sum[index]) - Int64(term[index]) - borrow
            sum[index] = UInt32(truncatingIfNeeded: value)
            borrow = value < 0 ? 1 : 0
        }
    }
}
