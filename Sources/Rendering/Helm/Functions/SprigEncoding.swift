internal import Crypto

/// Sprig's encodings and digests (strings.go, crypto.go).
enum SprigEncoding {
    static let functions: [GoFunction] = [
        GoFunction("b64enc", [.string]) { _, values in .string(GoBase64.encode(values[0].argumentBytes)) },
        GoFunction("b64dec", [.string]) { _, values in
            switch GoBase64.decode(values[0].argumentBytes) {
            case .success(let bytes): .text(bytes)
            case .failure(let error): .string("illegal base64 data at input byte \(error.offset)")
            }
        },
        GoFunction("b32enc", [.string]) { _, values in .string(Base32.encode(values[0].argumentBytes)) },
        GoFunction("b32dec", [.string]) { _, values in
            switch Base32.decode(values[0].argumentBytes) {
            case .success(let bytes): .text(bytes)
            case .failure(let error): .string("illegal base32 data at input byte \(error.offset)")
            }
        },
        GoFunction("sha1sum", [.string]) { _, values in .string(hex(Insecure.SHA1.hash(data: values[0].argumentBytes))) },
        GoFunction("sha256sum", [.string]) { _, values in .string(hex(SHA256.hash(data: values[0].argumentBytes))) },
        GoFunction("sha512sum", [.string]) { _, values in .string(hex(SHA512.hash(data: values[0].argumentBytes))) },
        GoFunction("adler32sum", [.string]) { _, values in
            var (a, b): (UInt32, UInt32) = (1, 0)
            for byte in values[0].argumentBytes {
                a = (a + UInt32(byte)) % 65521
                b = (b + a) % 65521
            }
            return .string(String(b << 16 | a))
        },
    ]

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return String(decoding: result, as: UTF8.self)
    }
}
