internal import Crypto

/// SHA-256 of lines, as the chain writes it.
enum LineHash {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(of line: UnsafeRawBufferPointer) -> String {
        var hasher = SHA256()
        hasher.update(bufferPointer: line)
        let digest = hasher.finalize()
        return String(unsafeUninitializedCapacity: 64) { text in
            var index = 0
            for byte in digest {
                text[index] = digits[Int(byte >> 4)]
                text[index + 1] = digits[Int(byte & 15)]
                index += 2
            }
            return index
        }
    }

    static func text(of line: [UInt8]) -> String { line.withUnsafeBytes { text(of: $0) } }
}
