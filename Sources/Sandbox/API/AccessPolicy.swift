import Manifests

/// Who may do what: one token, and those that hold for a while, may do everything but what is denied by rule; without a token,
/// nobody.
struct AccessPolicy: Sendable {
    /// A denied right: `VERB:GROUP/RESOURCE`, each part `*` for any; the core group is empty (`create:/secrets`).
    struct Denial: Sendable {
        var verb: String
        var group: String
        var resource: String

        init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let halves = parts[1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            verb = String(parts[0])
            group = halves.count == 2 ? String(halves[0]) : ""
            resource = String(halves[halves.count - 1])
            if verb.isEmpty || resource.isEmpty { return nil }
        }

        func matches(_ call: Call) -> Bool {
            (verb == "*" || verb == call.verb) && (group == "*" || group == call.resource.group)
                && (resource == "*" || resource == call.resource.plural)
        }
    }

    var token: String
    var denials: [Denial] = []
    var user = "sandbox-admin"
    let sessions = SessionTokens()

    func isAnonymous(_ request: APIRequest) -> Bool { (request.headers["authorization"] ?? "").isEmpty }

    func isAuthenticated(_ request: APIRequest) -> Bool {
        let header = request.headers["authorization"] ?? ""
        let expected = "Bearer \(token)"
        guard header.utf8.count == expected.utf8.count else { return false }
        // Every byte is compared, so that time tells nothing about the token.
        return zip(header.utf8, expected.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    func authenticate(_ request: APIRequest) throws(APIError) {
        if isAnonymous(request) || isAuthenticated(request) { return }
        let header = request.headers["authorization"] ?? ""
        guard header.hasPrefix("Bearer "), sessions.use(header.dropFirst("Bearer ".count)) else { throw .unauthorized }
    }

    func authorizePath(_ request: APIRequest) throws(APIError) {
        guard isAnonymous(request) else { return }
        throw APIError(
            code: 403, reason: "Forbidden",
            message: "forbidden: User \"system:anonymous\" cannot \(request.method.lowercased()) path \"\(request.path)\"",
            details: [:])
    }

    func authorize(_ call: Call) throws(APIError) {
        if isAnonymous(call.request) { throw refusal(call, user: "system:anonymous") }
        if denials.contains(where: { $0.matches(call) }) { throw refusal(call, user: user) }
    }

    private func refusal(_ call: Call, user: String) -> APIError {
        let resource = call.subresource.isEmpty ? call.resource.plural : "\(call.resource.plural)/\(call.subresource)"
        var text = "User \"\(user)\" cannot \(call.verb) resource \"\(resource)\" in API group \"\(call.resource.group)\""
        // A namespace is looked up in itself.
        let namespace = call.resource.plural == "namespaces" && call.resource.group.isEmpty ? call.name : call.namespace
        text += namespace.isEmpty ? " at the cluster scope" : " in the namespace \"\(namespace)\""
        return .forbidden(call.resource, call.name, text)
    }
}
