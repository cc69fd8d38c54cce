internal import HTTPTypes
internal import Hummingbird
internal import Manifests
internal import NIOCore

/// The connection that a request came by: faults close it.
struct SandboxContext: InitializableFromSource, Sendable {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }

    /// Ends the connection without a word; over HTTP/2 all of its streams.
    func cut() {
        // A stream's parent is its connection; a connection's parent is the listening socket, which stays open.
        let connection = channel.parent?.parent == nil ? channel : channel.parent ?? channel
        connection.close(mode: .all, promise: nil)
    }
}

/// Between the HTTP library and the API.
struct SandboxResponder: HTTPResponder {
    typealias Context = SandboxContext

    /// The size of a request's body is bounded as the API server bounds it.
    static let bodyBytesMax = 3 * 1024 * 1024

    let server: APIServer
    let faults: FaultInjector

    struct ConnectionCut: Error {}

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: Self.bodyBytesMax) } catch {
            let tooLarge = APIError(
                code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: limit is \(Self.bodyBytesMax)")
            return Self.response(APIServer.response(to: tooLarge))
        }
        let call = Self.call(request, body)
        let isAdministration = call.segments.first == "_sandbox"
        if isAdministration { return Self.response(administrate(call)) }
        let decision = faults.decide(method: call.method, target: request.head.path ?? call.path, path: call.path)
        if decision.delay > .zero { try await Task.sleep(for: decision.delay) }
        switch decision.action {
        case .pass: return Self.response(server.respond(to: call))
        case .status(let code): return Self.response(Self.failure(code, decision.retryAfterSeconds))
        case .reset:
            context.cut()
            throw ConnectionCut()
        case .resetAfter:
            _ = server.respond(to: call)
            context.cut()
            throw ConnectionCut()
        case .half: return Self.half(server.respond(to: call), context)
        }
    }

    private func administrate(_ call: APIRequest) -> APIResponse {
        guard server.policy.isAuthenticated(call) else { return APIServer.response(to: .unauthorized) }
        if call.method == "POST", call.segments == ["_sandbox", "tokens"] {
            do throws(APIError) {
                try server.policy.sessions.add(String(decoding: call.body, as: UTF8.self))
                return APIResponse(status: 200, body: Array("{}".utf8))
            } catch { return APIServer.response(to: error) }
        }
        return faults.administrate(call) ?? .notServed
    }

    private static func call(_ request: Request, _ body: ByteBuffer) -> APIRequest {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        return APIRequest(
            method: request.method.rawValue, target: request.head.path ?? "/", headers: headers,
            body: Array(body.readableBytesView))
    }

    private static func response(_ answer: APIResponse) -> Response {
        Response(
            status: .init(code: answer.status), headers: headers(answer),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private static func headers(_ answer: APIResponse) -> HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = answer.contentType
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }

    private static func half(_ answer: APIResponse, _ context: SandboxContext) -> Response {
        let bytes = Array(answer.body.prefix(answer.body.count / 2))
        let body = ResponseBody(contentLength: answer.body.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes))
            // Let the half reach the other side before the connection goes.
            try await Task.sleep(for: .milliseconds(20))
            context.cut()
            throw ConnectionCut()
        }
        return Response(status: .init(code: answer.status), headers: headers(answer), body: body)
    }

    private static func failure(_ code: Int, _ retryAfterSeconds: Int?) -> APIResponse {
        let known: [Int: (reason: String, message: String)] = [
            429: ("TooManyRequests", "too many requests, please try again later"),
            500: ("InternalError", "an error on the server has prevented the request from succeeding"),
            503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
            504: ("Timeout", "the request did not complete within the allotted timeout"),
            410: ("Expired", "the provided continue parameter is too old"), 401: ("Unauthorized", "Unauthorized"),
            403: ("Forbidden", "forbidden by a fault rule"),
        ]
        let words = known[code] ?? ("Unknown", "fault injected by the sandbox")
        var error = APIError(code: code, reason: words.reason, message: words.message, details: [:])
        error.retryAfterSeconds = retryAfterSeconds
        if let retryAfterSeconds { error.details?["retryAfterSeconds"] = .int(Int64(retryAfterSeconds)) }
        return APIServer.response(to: error)
    }
}
