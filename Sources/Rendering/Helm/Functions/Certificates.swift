internal import Crypto
internal import CryptoExtras

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A private key with the PEM text that charts see.
struct PrivateKeyPEM {
    private enum Key {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    private let key: Key
    let pem: String

    /// A new RSA key of 2048 bits, as sprig makes for certificates.
    static func rsa() throws -> PrivateKeyPEM {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        return PrivateKeyPEM(key: .rsa(key), pem: PEMText.encode(Array(key.derRepresentation), type: "RSA PRIVATE KEY"))
    }

    private init(key: Key, pem: String) {
        self.key = key
        self.pem = pem
    }

    /// - Throws: `GoError` for what is no key, and for DSA keys.
    init(_ text: String) throws {
        guard let type = PEMText.type(text), let der = PEMText.decode(text) else { throw GoError("no PEM data in input") }
        do {
            switch type {
            case "RSA PRIVATE KEY": key = .rsa(try _RSA.Signing.PrivateKey(derRepresentation: der))
            case "EC PRIVATE KEY": key = .p256(try P256.Signing.PrivateKey(pemRepresentation: text))
            case "PRIVATE KEY":
                if let rsa = try? _RSA.Signing.PrivateKey(derRepresentation: der) {
                    key = .rsa(rsa)
                } else if let elliptic = try? P256.Signing.PrivateKey(pemRepresentation: text) {
                    key = .p256(elliptic)
                } else {
                    // RFC 8410: the last 32 bytes are the key.
                    key = .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32)))
                }
            case _ where type.hasSuffix(" PRIVATE KEY"): throw GoError("invalid private key type \(type.dropLast(12))")
            default: throw GoError("no private key data in PEM block of type \(type)")
            }
        } catch let error as GoError {
            throw error
        } catch {
            throw GoError("parsing \(type) from PEM: the key is malformed or of a kind that is not known here")
        }
        pem = text
    }

    /// `genPrivateKey`.
    static func generate(_ type: String) throws -> String {
        switch type {
        case "", "rsa":
            return PEMText.encode(Array(try _RSA.Signing.PrivateKey(keySize: .bits4096).derRepresentation), type: "RSA PRIVATE KEY")
        case "ecdsa":
            let key = P256.Signing.PrivateKey()
            let point = Array(key.publicKey.x963Representation)
            let der = DERWriter.sequence([
                DERWriter.integer([1]), DERWriter.octetString(Array(key.rawRepresentation)),
                DERWriter.element(0xA0, DERWriter.identifier([1, 2, 840, 10045, 3, 1, 7])),
                DERWriter.element(0xA1, DERWriter.bitString(point)),
            ])
            return PEMText.encode(der, type: "EC PRIVATE KEY")
        case "ed25519":
            let key = Curve25519.Signing.PrivateKey()
            let der = DERWriter.sequence([
                DERWriter.integer([0]), DERWriter.sequence([DERWriter.identifier([1, 3, 101, 112])]),
                DERWriter.octetString(DERWriter.octetString(Array(key.rawRepresentation))),
            ])
            return PEMText.encode(der, type: "PRIVATE KEY")
        case "dsa": throw GoError("DSA keys are not made here: nothing accepts them any more")
        default: return "Unknown type " + type
        }
    }

    /// The public key's SubjectPublicKeyInfo.
    var publicKeyInfo: [UInt8] {
        switch key {
        case .rsa(let key): return Array(key.publicKey.derRepresentation)
        case .p256(let key): return Array(key.publicKey.derRepresentation)
        case .ed25519(let key):
            return DERWriter.sequence([
                DERWriter.sequence([DERWriter.identifier([1, 3, 101, 112])]), DERWriter.bitString(Array(key.publicKey.rawRepresentation)),
            ])
        }
    }

    var algorithm: [UInt8] {
        switch key {
        case .rsa: DERWriter.sequence([DERWriter.identifier([1, 2, 840, 113549, 1, 1, 11]), DERWriter.null])
        case .p256: DERWriter.sequence([DERWriter.identifier([1, 2, 840, 10045, 4, 3, 2])])
        case .ed25519: DERWriter.sequence([DERWriter.identifier([1, 3, 101, 112])])
        }
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        switch key {
        case .rsa(let key): Array(try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation)
        case .p256(let key): Array(try key.signature(for: bytes).derRepresentation)
        case .ed25519(let key): Array(try key.signature(for: bytes))
        }
    }
}

/// What is taken from the certificate of an authority: its name and the identifier of its key.
struct IssuerCertificate {
    let subject: [UInt8]
    let keyIdentifier: [UInt8]?

    init(_ der: [UInt8]) throws {
        let malformed = GoError("error parsing certificate: decodedCert.Bytes: x509: malformed certificate")
        guard let whole = DERWriter.read(der[...]), var fields = whole.children?.first?.children, fields.count > 5 else { throw malformed }
        if fields[0].tag == 0xA0 { fields.removeFirst() }
        guard fields.count > 5 else { throw malformed }
        subject = Array(fields[4].whole)
        var identifier: [UInt8]?
        for field in fields where field.tag == 0xA3 {
            for extension_ in field.children?.first?.children ?? [] {
                guard let parts = extension_.children, let name = parts.first, let value = parts.last else { continue }
                if Array(name.whole) == DERWriter.identifier([2, 5, 29, 14]) {
                    identifier = DERWriter.read(value.content).map { Array($0.content) }
                }
            }
        }
        keyIdentifier = identifier
    }
}

/// A certificate to be made.
struct CertificateRequest {
    var commonName: String
    var days: Int
    var isAuthority = false
    var addresses: [[UInt8]] = []
    var names: [String] = []

    init(commonName: String, days: Int, isAuthority: Bool = false) {
        self.commonName = commonName
        self.days = days
        self.isAuthority = isAuthority
    }

    /// The certificate in PEM; without an issuer it is signed by itself.
    func signed(publicKey: PrivateKeyPEM, by signer: PrivateKeyPEM, issuer: IssuerCertificate?) throws -> String {
        let common = DERWriter.sequence([DERWriter.identifier([2, 5, 4, 3]), DERWriter.text(commonName)])
        let subject = DERWriter.sequence(commonName.isEmpty ? [] : [DERWriter.set([common])])
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        let now = Int64(clock.tv_sec)
        // A century and more is still a date that every reader knows.
        let end = now + Int64(max(min(days, 2_900_000), -10_000)) * 86_400
        var serial = SprigRandom.bytes(16)
        serial[0] &= 0x7F
        let info = publicKey.publicKeyInfo
        let body = DERWriter.sequence([
            DERWriter.element(0xA0, DERWriter.integer([2])), DERWriter.integer(serial), signer.algorithm, issuer?.subject ?? subject,
            DERWriter.sequence([DERWriter.time(now), DERWriter.time(end)]), subject, info,
            DERWriter.element(0xA3, DERWriter.sequence(extensions(info, issuer))),
        ])
        let certificate = DERWriter.sequence([body, signer.algorithm, DERWriter.bitString(try signer.sign(body))])
        return PEMText.encode(certificate, type: "CERTIFICATE")
    }

    private func extensions(_ info: [UInt8], _ issuer: IssuerCertificate?) -> [[UInt8]] {
        func make(_ number: UInt32, critical: Bool, _ value: [UInt8]) -> [UInt8] {
            DERWriter.sequence(
                [DERWriter.identifier([2, 5, 29, number])] + (critical ? [DERWriter.yes] : []) + [DERWriter.octetString(value)])
        }
        var result = [
            // Digital signature and key encipherment; an authority also signs certificates.
            make(15, critical: true, isAuthority ? DERWriter.bitString([0xA4], unused: 2) : DERWriter.bitString([0xA0], unused: 5)),
            make(
                37, critical: false,
                DERWriter.sequence([DERWriter.identifier([1, 3, 6, 1, 5, 5, 7, 3, 1]), DERWriter.identifier([1, 3, 6, 1, 5, 5, 7, 3, 2])])),
            make(19, critical: true, DERWriter.sequence(isAuthority ? [DERWriter.yes] : [])),
        ]
        if isAuthority {
            let key = DERWriter.read(info[...])?.children?.last.map { Array($0.content.dropFirst()) } ?? []
            result.append(make(14, critical: false, DERWriter.octetString(Array(SHA256.hash(data: key).prefix(20)))))
        }
        if let identifier = issuer?.keyIdentifier {
            result.append(make(35, critical: false, DERWriter.sequence([DERWriter.element(0x80, identifier)])))
        }
        if !names.isEmpty || !addresses.isEmpty {
            let alternatives = names.map { DERWriter.element(0x82, Array($0.utf8)) } + addresses.map { DERWriter.element(0x87, $0) }
            result.append(make(17, critical: commonName.isEmpty, DERWriter.sequence(alternatives)))
        }
        return result
    }
}

/// Addresses as certificates hold them: 4 or 16 bytes.
enum IPAddressText {
    static func bytes(_ text: String) -> [UInt8]? {
        var version4 = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &version4) == 1 { return version4 }
        var version6 = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, text, &version6) == 1 ? version6 : nil
    }
}
