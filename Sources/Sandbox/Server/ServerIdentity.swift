internal import Crypto
internal import FoundationEssentials
import Manifests
internal import SwiftASN1
internal import X509

/// What clients know the server by: its authority, its certificate, the token, the port.
struct ServerIdentity: Sendable {
    var authorityPEM: String
    var certificatePEM: String
    var keyPEM: String
    var token: String
    var port: Int

    /// A new authority with a certificate for the loopback names, and a new token.
    ///
    /// - Throws: what the certificate library throws.
    static func make() throws -> ServerIdentity {
        let authorityKey = P256.Signing.PrivateKey()
        let serverKey = P256.Signing.PrivateKey()
        let authorityName = try DistinguishedName { CommonName("plumb sandbox authority") }
        // Ten years: a data folder is kept for as long as someone likes.
        let start = Date().addingTimeInterval(-3600)
        let end = Date().addingTimeInterval(10 * 365 * 86_400)
        let authority = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(authorityKey.publicKey),
            notValidBefore: start, notValidAfter: end, issuer: authorityName, subject: authorityName,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                SubjectKeyIdentifier(hash: .init(authorityKey.publicKey))
            }, issuerPrivateKey: .init(authorityKey))
        let server = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(serverKey.publicKey),
            notValidBefore: start, notValidAfter: end, issuer: authorityName,
            subject: try DistinguishedName { CommonName("plumb sandbox") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: .init(authorityKey.publicKey)).keyIdentifier)
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                    .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
                ])
            }, issuerPrivateKey: .init(authorityKey))
        return ServerIdentity(
            authorityPEM: try authority.serializeAsPEM().pemString, certificatePEM: try server.serializeAsPEM().pemString,
            keyPEM: serverKey.pemRepresentation, token: randomToken(), port: 0)
    }

    private static func randomToken() -> String {
        var bytes: [UInt8] = []
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<4 { withUnsafeBytes(of: generator.next() as UInt64) { bytes += $0 } }
        return Base64.encode(bytes, alphabet: .url)
    }

    // MARK: the data folder

    init(authorityPEM: String, certificatePEM: String, keyPEM: String, token: String, port: Int) {
        self.authorityPEM = authorityPEM
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
        self.token = token
        self.port = port
    }

    /// `nil` when the file's contents are none.
    init?(_ value: Value) {
        guard let authority = value["authority"]?.string, let certificate = value["certificate"]?.string,
            let key = value["key"]?.string, let token = value["token"]?.string, let port = value["port"]?.int
        else { return nil }
        self.init(
            authorityPEM: authority, certificatePEM: certificate, keyPEM: key, token: token, port: Int(port))
    }

    var value: Value {
        [
            "authority": .string(authorityPEM), "certificate": .string(certificatePEM), "key": .string(keyPEM),
            "token": .string(token), "port": .int(Int64(port)),
        ]
    }

    /// A kubeconfig with one context, `sandbox`.
    var kubeconfig: [UInt8] {
        JSONWriter.pretty([
            "apiVersion": "v1", "kind": "Config", "current-context": "sandbox",
            "clusters": [
                [
                    "name": "sandbox",
                    "cluster": [
                        "server": .string("https://127.0.0.1:\(port)"),
                        "certificate-authority-data": .string(Base64.encode(Array(authorityPEM.utf8))),
                    ],
                ]
            ],
            "users": [["name": "sandbox", "user": ["token": .string(token)]]],
            "contexts": [["name": "sandbox", "context": ["cluster": "sandbox", "user": "sandbox"]]],
        ])
    }
}
