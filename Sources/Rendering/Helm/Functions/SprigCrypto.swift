internal import Crypto
internal import CryptoExtras

/// Sprig's functions on keys, certificates and passwords (crypto.go).
enum SprigCrypto {
    static let functions: [GoFunction] = [
        GoFunction("genPrivateKey", [.string]) { evaluator, values in
            evaluator.noteRandomness("genPrivateKey")
            return .string(try PrivateKeyPEM.generate(values[0].argumentText))
        },
        GoFunction("genCA", [.string, .int]) { evaluator, values in
            evaluator.noteRandomness("genCA")
            return try authority(values, key: PrivateKeyPEM.rsa())
        },
        GoFunction("genCAWithKey", [.string, .int, .string]) { evaluator, values in
            evaluator.noteRandomness("genCAWithKey")
            return try authority(values, key: parsed(values[2]))
        },
        GoFunction("genSelfSignedCert", [.string, .list, .list, .int]) { evaluator, values in
            evaluator.noteRandomness("genSelfSignedCert")
            return try selfSigned(values, key: PrivateKeyPEM.rsa())
        },
        GoFunction("genSelfSignedCertWithKey", [.string, .list, .list, .int, .string]) { evaluator, values in
            evaluator.noteRandomness("genSelfSignedCertWithKey")
            return try selfSigned(values, key: parsed(values[4]))
        },
        GoFunction("genSignedCert", [.string, .list, .list, .int, .named("sprig.certificate")]) { evaluator, values in
            evaluator.noteRandomness("genSignedCert")
            return try signed(values, key: PrivateKeyPEM.rsa())
        },
        GoFunction("genSignedCertWithKey", [.string, .list, .list, .int, .named("sprig.certificate"), .string]) { evaluator, values in
            evaluator.noteRandomness("genSignedCertWithKey")
            return try signed(values, key: parsed(values[5]))
        },
        GoFunction("buildCustomCert", [.string, .string]) { _, values in try custom(values) },
        GoFunction("derivePassword", [.int, .string, .string, .string, .string]) { evaluator, values in
            evaluator.meter.spendMuch()
            return .string(
                try DerivedPassword.derive(
                    counter: UInt32(truncatingIfNeeded: values[0].argumentInt), type: values[1].argumentText,
                    password: values[2].argumentText, user: values[3].argumentText, site: values[4].argumentText))
        },
        GoFunction("bcrypt", [.string]) { evaluator, values in
            evaluator.noteRandomness("bcrypt")
            return .string(bcrypt(values[0].argumentBytes))
        },
        GoFunction("htpasswd", [.string, .string]) { evaluator, values in
            evaluator.noteRandomness("htpasswd")
            let user = values[0].argumentText
            if user.utf8.contains(UInt8(ascii: ":")) { return .string("invalid username: \(user)") }
            return .string("\(user):\(bcrypt(values[1].argumentBytes))")
        },
        GoFunction("encryptAES", [.string, .string]) { evaluator, values in
            if values[1].argumentBytes.isEmpty { return .string("") }
            evaluator.noteRandomness("encryptAES")
            let iv = SprigRandom.bytes(16)
            let packed = try AES._CBC.encrypt(values[1].argumentBytes, using: key(values[0]), iv: AES._CBC.IV(ivBytes: iv))
            return .string(GoBase64.encode(iv + packed))
        },
        GoFunction("decryptAES", [.string, .string]) { _, values in
            if values[1].argumentBytes.isEmpty { return .string("") }
            let bytes: [UInt8]
            switch GoBase64.decode(values[1].argumentBytes) {
            case .success(let decoded): bytes = decoded
            case .failure(let error): throw GoError("illegal base64 data at input byte \(error.offset)")
            }
            guard bytes.count >= 32, bytes.count % 16 == 0 else { throw GoError("crypto/cipher: input not full blocks") }
            do {
                let plain = try AES._CBC.decrypt(bytes[16...], using: key(values[0]), iv: AES._CBC.IV(ivBytes: Array(bytes[..<16])))
                return .text(Array(plain))
            } catch {
                throw GoError("the text was encrypted with another password")
            }
        },
    ]

    /// The password's first 32 bytes, filled up with zeros.
    private static func key(_ password: GoValue) -> SymmetricKey {
        let bytes = password.argumentBytes.prefix(32)
        return SymmetricKey(data: Array(bytes) + [UInt8](repeating: 0, count: 32 - bytes.count))
    }

    private static func bcrypt(_ password: [UInt8]) -> String {
        if password.count > 72 { return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes" }
        return Bcrypt.hash(password, salt: SprigRandom.bytes(16), cost: 10)
    }

    // MARK: Certificates

    private static func parsed(_ pem: GoValue) throws -> PrivateKeyPEM {
        do {
            return try PrivateKeyPEM(pem.argumentText)
        } catch let error as GoError {
            throw GoError("parsing private key: \(error.message)")
        }
    }

    private static func certificate(_ pem: String, _ key: String) -> GoValue {
        .object(StructObject("sprig.certificate", [("Cert", .string(pem)), ("Key", .string(key))]))
    }

    private static func authority(_ values: [GoValue], key: PrivateKeyPEM) throws -> GoValue {
        let request = CertificateRequest(commonName: values[0].argumentText, days: values[1].argumentInt, isAuthority: true)
        return certificate(try request.signed(publicKey: key, by: key, issuer: nil), key.pem)
    }

    private static func request(_ values: [GoValue]) throws -> CertificateRequest {
        var request = CertificateRequest(commonName: values[0].argumentText, days: values[3].argumentInt)
        for ip in values[1].elements ?? [] {
            guard let text = ip.text else { throw GoError("error parsing ip: \(GoFormatter.verb(ip)) is not a string") }
            guard let bytes = IPAddressText.bytes(text) else { throw GoError("error parsing ip: \(text)") }
            request.addresses.append(bytes)
        }
        for name in values[2].elements ?? [] {
            guard let text = name.text else {
                throw GoError("error processing alternate dns name: \(GoFormatter.verb(name)) is not a string")
            }
            request.names.append(text)
        }
        return request
    }

    private static func selfSigned(_ values: [GoValue], key: PrivateKeyPEM) throws -> GoValue {
        certificate(try request(values).signed(publicKey: key, by: key, issuer: nil), key.pem)
    }

    private static func signed(_ values: [GoValue], key: PrivateKeyPEM) throws -> GoValue {
        guard case .object(let authority) = values[4], let pem = authority.field("Cert")?.text, let keyPEM = authority.field("Key")?.text
        else {
            throw GoError("unable to decode certificate")
        }
        guard let der = PEMText.decode(pem) else { throw GoError("unable to decode certificate") }
        let issuer = try IssuerCertificate(der)
        let signer: PrivateKeyPEM
        do {
            signer = try PrivateKeyPEM(keyPEM)
        } catch let error as GoError {
            throw GoError("error parsing private key: \(error.message)")
        }
        return certificate(try request(values).signed(publicKey: key, by: signer, issuer: issuer), key.pem)
    }

    private static func custom(_ values: [GoValue]) throws -> GoValue {
        guard case .success(let cert) = GoBase64.decode(values[0].argumentBytes) else {
            throw GoError("unable to decode base64 certificate")
        }
        guard case .success(let key) = GoBase64.decode(values[1].argumentBytes) else {
            throw GoError("unable to decode base64 private key")
        }
        guard let der = PEMText.decode(String(decoding: cert, as: UTF8.self)) else { throw GoError("unable to decode certificate") }
        _ = try IssuerCertificate(der)
        do {
            _ = try PrivateKeyPEM(String(decoding: key, as: UTF8.self))
        } catch let error as GoError {
            throw GoError("error parsing private key: \(error.message)")
        }
        return certificate(String(decoding: cert, as: UTF8.self), String(decoding: key, as: UTF8.self))
    }
}
