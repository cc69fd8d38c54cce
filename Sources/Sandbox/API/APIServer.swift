import Manifests

/// The API itself: requests in, answers out, nothing of sockets.
final class APIServer: Sendable {
    let store: ObjectStore
    let clock: Clock
    let allocator: ServiceAllocator
    let policy: AccessPolicy

    init(store: ObjectStore, clock: Clock = .system, policy: AccessPolicy = AccessPolicy(token: "")) {
        self.store = store
        self.clock = clock
        self.policy = policy
        allocator = ServiceAllocator()
    }

    /// Answers one request.
    func respond(to request: APIRequest) -> APIResponse {
        do {
            try policy.authenticate(request)
            return try route(request)
        } catch {
            return Self.response(to: error)
        }
    }

    static func response(to error: APIError) -> APIResponse {
        var response = APIResponse(status: error.code, body: JSONWriter.compact(error.status))
        if let seconds = error.retryAfterSeconds { response.headers.append(("Retry-After", String(seconds))) }
        return response
    }

    private func route(_ request: APIRequest) throws(APIError) -> APIResponse {
        let registry = store.registry
        switch request.segments.first {
        case "api", "apis":
            if let response = try discovery(request, registry) { return response }
            guard let call = Call(request, registry: registry) else {
                try policy.authorizePath(request)
                return .notServed
            }
            try policy.authorize(call)
            return try perform(call)
        case "version" where request.segments.count == 1: return json(200, Self.version)
        case "healthz", "livez", "readyz": return .text("ok")
        default:
            try policy.authorizePath(request)
            return .notServed
        }
    }

    private func perform(_ call: Call) throws(APIError) -> APIResponse {
        guard call.verbs.contains(call.verb) else { throw .methodNotAllowed }
        switch call.verb {
        case "get": return try get(call)
        case "list": return try list(call)
        case "create": return try create(call)
        case "update": return try update(call)
        case "patch": return try patch(call)
        case "delete": return try delete(call)
        case "deletecollection": return try deleteCollection(call)
        default: throw .methodNotAllowed
        }
    }

    func json(_ status: Int, _ value: Value) -> APIResponse {
        APIResponse(status: status, body: JSONWriter.compact(value))
    }

    static let version: Value = [
        "major": "1", "minor": "36", "gitVersion": "v1.36.0+plumb-sandbox", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z", "goVersion": "", "compiler": "swift", "platform": "linux/amd64",
    ]
}
