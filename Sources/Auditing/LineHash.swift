internal import Crypto

/// SHA-256 of lines, as the chain writes it.
enum LineHash {
    private static let digits = Array("0123456789abcdef".utf8)

    static func bytes(of line: UnsafeRawBufferPointer) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(bufferPointer: line)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in hasher.finalize() {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }

    static func text(of line: [UInt8]) -> String {
        line.withUnsafeBytes { String(decoding: bytes(of: $0), as: UTF8.self) }
    }
}
