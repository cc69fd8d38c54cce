internal import Manifests
internal import Synchronization

/// What a request says of who sends it.
struct RequestCredential: Sendable {
    /// The value of the `Authorization` header.
    var authorization: String?
    var clientCertificate: [UInt8]?
    var clientKey: [UInt8]?
    /// Which renewal this is: tells a refused credential from one that was renewed meanwhile.
    var generation = 0
}

/// Hands out the credential for each request, renewing it when it is due, one renewal at a time.
actor CredentialSource {
    let configuration: ClusterConfiguration
    let options: ClientOptions
    private let isSecure: Bool
    private var cached: RequestCredential?
    /// What a token file held when it could last be read.
    private(set) var lastToken: String?
    private var expiry: ContinuousClock.Instant?
    private var generation = 0
    private var renewal: Task<Result<RequestCredential, Diagnostic>, Never>?

    /// Issuers rotate a token file well before its old content expires; client-go looks as often.
    static let tokenFilePeriod = Duration.seconds(60)

    init(_ configuration: ClusterConfiguration, options: ClientOptions, isSecure: Bool) {
        self.configuration = configuration
        self.options = options
        self.isSecure = isSecure
    }

    /// The credential to use now.
    func current(for call: APICall) async throws(APIError) -> RequestCredential {
        // Never in the clear: anybody on the way could act as this user.
        guard isSecure else { return RequestCredential() }
        if let cached, expiry.map({ ContinuousClock.now < $0 }) ?? true { return cached }
        return try await renewed(for: call)
    }

    /// Renews a credential that the server refused, unless that has happened meanwhile; `false` when it cannot be renewed.
    func refresh(after used: RequestCredential, call: APICall) async throws(APIError) -> Bool {
        guard isSecure else { return false }
        switch configuration.credential {
        case .none, .token, .basic: return false
        case .exec, .tokenFile: break
        }
        if used.generation == generation {
            cached = nil
            let renewed = try await renewed(for: call)
            // A token file that still holds what was refused.
            return renewed.authorization != used.authorization || renewed.clientCertificate != used.clientCertificate
        }
        return true
    }

    private func renewed(for call: APICall) async throws(APIError) -> RequestCredential {
        let task: Task<Result<RequestCredential, Diagnostic>, Never>
        if let renewal {
            task = renewal
        } else {
            task = Task { await self.renew() }
            renewal = task
        }
        switch await task.value {
        case .success(let credential): return credential
        case .failure(let diagnostic):
            throw APIError(
                status: 0, reason: "Credential", message: diagnostic.message, verb: call.verb.rawValue, path: call.path,
                advice: diagnostic.advice)
        }
    }

    private func renew() async -> Result<RequestCredential, Diagnostic> {
        let result = await make()
        renewal = nil
        guard case .success(var made) = result else { return result.map(\.credential) }
        generation += 1
        made.credential.generation = generation
        cached = made.credential
        expiry = made.expiry
        if let authorization = made.credential.authorization, authorization.hasPrefix("Bearer ") {
            lastToken = String(authorization.dropFirst("Bearer ".count))
        }
        return .success(made.credential)
    }
}
