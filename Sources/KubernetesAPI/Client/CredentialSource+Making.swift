internal import Manifests

extension CredentialSource {
    /// A credential and until when it holds; `nil` for as long as the server takes it.
    struct Made {
        var credential: RequestCredential
        var expiry: ContinuousClock.Instant?
    }

    func make() async -> Result<Made, Diagnostic> {
        switch configuration.credential {
        case .none: return .success(Made(credential: RequestCredential()))
        case .token(let token): return bearer(token, source: "the token of user '\(configuration.userName)'", expiry: nil)
        case .basic(let user, let password):
            return .success(Made(credential: RequestCredential(authorization: "Basic " + Base64.encode(Array("\(user):\(password)".utf8)))))
        case .tokenFile(let path, let fallback): return tokenFile(path, fallback: fallback)
        case .exec(let plugin):
            do throws(Diagnostic) {
                let reply = try await ExecRunner(plugin: plugin, configuration: configuration, options: options).run()
                return made(of: reply, plugin: plugin)
            } catch {
                return .failure(error)
            }
        }
    }

    private func made(of reply: ExecReply, plugin: ExecPlugin) -> Result<Made, Diagnostic> {
        var made = Made(credential: RequestCredential(), expiry: reply.remaining.map { ContinuousClock.now + $0 })
        if let token = reply.token {
            switch bearer(token, source: "the token of the credential plugin '\(plugin.command)'", expiry: made.expiry) {
            case .success(let bearer): made = bearer
            case .failure(let diagnostic): return .failure(diagnostic)
            }
        }
        made.credential.clientCertificate = reply.clientCertificate
        made.credential.clientKey = reply.clientKey
        return .success(made)
    }

    private func tokenFile(_ path: String, fallback: String?) -> Result<Made, Diagnostic> {
        let expiry = ContinuousClock.now + Self.tokenFilePeriod
        do throws(FileBytes.Failure) {
            let token = String(decoding: try FileBytes.read(path), as: UTF8.self)
            return bearer(token, source: "the token file '\(path)'", expiry: expiry)
        } catch {
            // The last content that could be read is as good as it was.
            if let last = lastToken ?? fallback { return bearer(last, source: "the token", expiry: expiry) }
            return .failure(Diagnostic("the token file '\(path)' cannot be read: \(error.message)"))
        }
    }

    private func bearer(_ token: String, source: String, expiry: ContinuousClock.Instant?) -> Result<Made, Diagnostic> {
        var text = Substring(token)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .failure(Diagnostic("\(source) is empty or holds characters that no token has"))
        }
        return .success(Made(credential: RequestCredential(authorization: "Bearer \(text)"), expiry: expiry))
    }
}
