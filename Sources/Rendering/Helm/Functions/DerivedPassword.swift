internal import Crypto
internal import CryptoExtras

/// `derivePassword`: the Master Password algorithm, the same for the same input.
enum DerivedPassword {
    private static let seed = "com.lyndir.masterpassword"

    private static let templates: [String: [String]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno", "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv",
            "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"], "short": ["Cvcn"], "basic": ["aaanaaan", "aannaaan", "aaannaaa"], "pin": ["nnnn"],
    ]

    private static let characters: [Character: String] = [
        "V": "AEIOU", "C": "BCDFGHJKLMNPQRSTVWXYZ", "v": "aeiou", "c": "bcdfghjklmnpqrstvwxyz", "A": "AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        "a": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz", "n": "0123456789", "o": "@&%?,=[]_:-+*$#!'^~;()/.",
        "x": "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    ]

    static func derive(counter: UInt32, type: String, password: String, user: String, site: String) throws -> String {
        guard let templates = templates[type] else { return "cannot find password template \(type)" }
        func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
        let salt = Array(seed.utf8) + bytes(UInt32(truncatingIfNeeded: user.utf8.count)) + Array(user.utf8)
        let key: SymmetricKey
        do {
            key = try KDF.Scrypt.deriveKey(
                from: Array(password.utf8), salt: salt, outputByteCount: 64, rounds: 32768, blockSize: 8, parallelism: 2,
                maxMemory: 128 << 20)
        } catch {
            return "failed to derive password: \(error)"
        }
        let message = Array(seed.utf8) + bytes(UInt32(truncatingIfNeeded: site.utf8.count)) + Array(site.utf8) + bytes(counter)
        let digest = Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        let template = templates[Int(digest[0]) % templates.count]
        var result = ""
        for (index, element) in template.enumerated() {
            let choices = Array(characters[element] ?? "")
            guard !choices.isEmpty, index + 1 < digest.count else { continue }
            result.append(choices[Int(digest[index + 1]) % choices.count])
        }
        return result
    }
}
