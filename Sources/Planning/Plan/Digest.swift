internal import Crypto
package import Manifests

/// Digests over the canonical form of values.
package enum Digest {
    /// `sha256:` and 64 hexadecimal digits.
    package static func sha256(of value: Value) -> String { sha256(of: JSONWriter.canonical(value)) }

    package static func sha256(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("sha256:".utf8)
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
