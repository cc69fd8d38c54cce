internal import Manifests

/// An SSH signature (OpenSSH's PROTOCOL.sshsig): what it says of itself, not yet whether it is true.
package struct SSHSignature: Hashable, Sendable {
    /// What the signature was made for, so that one made for something else cannot be passed off as an approval.
    package let namespace: String
    package let key: SSHPublicKey
    /// The binary form.
    let blob: [UInt8]

    static let begin = "-----BEGIN SSH SIGNATURE-----"
    static let end = "-----END SSH SIGNATURE-----"
    private static let magic = Array("SSHSIG".utf8)
    private static let columns = 70

    /// Takes the binary form apart; `nil` when it is none, of an unknown version, or by an unknown type of key.
    init?(blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let magic = reader.take(Self.magic.count), Array(magic) == Self.magic, reader.uint32() == 1,
            let keyBlob = reader.string(), let key = SSHPublicKey(blob: keyBlob),
            let namespace = reader.text(), !namespace.isEmpty,
            reader.string() != nil, reader.string() != nil, reader.string() != nil, reader.isAtEnd
        else { return nil }
        self.namespace = namespace
        self.key = key
        self.blob = blob
    }

    /// The form in which `ssh-keygen` writes and reads signatures, with a newline at the end.
    package var armored: [UInt8] {
        var text = Self.begin + "\n"
        var rest = Base64.encode(blob)[...]
        while !rest.isEmpty {
            text += rest.prefix(Self.columns) + "\n"
            rest = rest.dropFirst(Self.columns)
        }
        return Array("\(text)\(Self.end)\n".utf8)
    }
}
