internal import Crypto
package import Manifests

/// Digests over the canonical form of values.
package enum Digest {
    /// `sha256:` and 64 hexadecimal digits.
    package static func sha256(of value: Value) -> String { sha256(of: JSONWriter.canonical(value)) }

    package static func sha256(of bytes: [UInt8]) -> String { text(SHA256.hash(data: bytes)) }

    static func text(_ hash: SHA256Digest) -> String { hexadecimal(hash, after: "sha256:") }

    /// Two digits a byte.
    static func hexadecimal(_ bytes: some Sequence<UInt8>, after prefix: StaticString = "") -> String {
        func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
        return String(unsafeUninitializedCapacity: prefix.utf8CodeUnitCount + 2 * SHA256.byteCount) { text in
            var end = prefix.withUTF8Buffer { text.initialize(fromContentsOf: $0) }
            for byte in bytes {
                text[end] = digit(byte >> 4)
                text[end + 1] = digit(byte & 15)
                end += 2
            }
            return end
        }
    }
}
