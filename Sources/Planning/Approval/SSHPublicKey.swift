internal import Crypto
internal import Manifests

/// A public key as SSH signatures and `allowed_signers` files hold it, with its certificate if it has one.
package struct SSHPublicKey: Hashable, Sendable {
    /// Such as `ssh-ed25519`; for a certificate the type of the key that it certifies.
    package let type: String
    /// The key without its certificate, in SSH's binary form.
    package let blob: [UInt8]
    package let certificate: SSHCertificate?

    private static let certificateMark = "-cert-v01@openssh.com"
    /// How many fields follow the type, by the formats of RFC 4253, RFC 5656, RFC 8709 and OpenSSH's PROTOCOL.u2f.
    private static let fieldCounts = [
        "ssh-ed25519": 1, "ssh-rsa": 2, "ecdsa-sha2-nistp256": 2, "ecdsa-sha2-nistp384": 2, "ecdsa-sha2-nistp521": 2,
        "sk-ssh-ed25519@openssh.com": 2, "sk-ecdsa-sha2-nistp256@openssh.com": 3,
    ]

    /// Takes a key's or a certificate's binary form apart; `nil` when it is neither, or of a type that is not known.
    package init?(blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let name = reader.text() else { return nil }
        let isCertificate = name.hasSuffix(Self.certificateMark)
        let plain = isCertificate ? Self.plainType(name) : name
        guard let count = Self.fieldCounts[plain] else { return nil }
        if isCertificate, reader.string() == nil { return nil }  // a nonce
        var key = WireReader.string(Array(plain.utf8))
        for _ in 0..<count {
            guard let field = reader.string() else { return nil }
            key += WireReader.string(field)
        }
        if isCertificate {
            guard let read = SSHCertificate(&reader) else { return nil }
            certificate = read
        } else {
            guard reader.isAtEnd else { return nil }
            certificate = nil
        }
        type = plain
        self.blob = key
    }

    /// `SHA256:` and the digest in Base64 without padding, as `ssh-keygen -l` prints it. A certificate's is its key's.
    package var fingerprint: String { Self.fingerprint(blob) }

    static func fingerprint(_ blob: [UInt8]) -> String {
        "SHA256:" + Base64.encode(Array(SHA256.hash(data: blob))).prefix { $0 != "=" }
    }

    private static func plainType(_ name: String) -> String {
        let base = String(name.dropLast(certificateMark.count))
        return base.hasPrefix("sk-") ? "\(base)@openssh.com" : base
    }
}

/// What of a certificate (OpenSSH's PROTOCOL.certkeys) is looked at here; whether it holds is for `ssh-keygen` to say.
package struct SSHCertificate: Hashable, Sendable {
    /// What its authority calls it.
    package let keyID: String
    package let principals: [String]
    /// The public key of the authority that signed it, in SSH's binary form.
    package let authority: [UInt8]

    private static let principalsMax = 256

    /// Reads what follows the key's own fields.
    init?(_ reader: inout WireReader) {
        guard reader.uint64() != nil, reader.uint32() != nil, let keyID = reader.text(), let names = reader.string(),
            reader.uint64() != nil, reader.uint64() != nil, reader.string() != nil, reader.string() != nil,
            reader.string() != nil, let authority = reader.string()
        else { return nil }
        var principals: [String] = []
        var nameReader = WireReader(names)
        while !nameReader.isAtEnd {
            guard principals.count < Self.principalsMax, let name = nameReader.text() else { return nil }
            principals.append(name)
        }
        self.keyID = keyID
        self.principals = principals
        self.authority = authority
    }
}
