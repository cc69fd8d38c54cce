internal import Crypto
internal import Manifests

/// Digests of what was fetched.
enum ChartDigest {
    /// `sha256:` and the digest in hexadecimal.
    static func text(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        for byte in SHA256.hash(data: bytes) {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return "sha256:" + String(decoding: hex, as: UTF8.self)
    }

    /// - Throws: `Diagnostic` when the bytes have another digest than they must have.
    static func check(_ bytes: [UInt8], is expected: String, _ what: String) throws(Diagnostic) {
        let wanted = expected.hasPrefix("sha256:") ? expected : "sha256:" + expected
        let found = text(of: bytes)
        guard wanted.lowercased() == found else {
            throw Diagnostic(
                "\(what) has the digest \(found), and \(wanted) was named: it was altered on the way or replaced since",
                advice: "find out which of the two is right before anything is rendered from it")
        }
    }
}
