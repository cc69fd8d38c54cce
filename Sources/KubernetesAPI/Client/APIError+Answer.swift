internal import HTTP
internal import Manifests

extension APIError {
    /// Whether the object itself is missing, and not its kind or path: the server answers with a Status of reason `NotFound`.
    var isObjectNotFound: Bool { status == 404 && reason == "NotFound" }

    /// The error of an answer that is no success: the Status object's words where there is one.
    init(response: HTTPResponse, call: APICall, configuration: ClusterConfiguration, isSecure: Bool = true) {
        let value = try? JSONParser.parse(response.body)
        let isStatus = value?["kind"]?.string == "Status"
        let details = isStatus ? value?["details"] : nil
        self.init(
            status: response.status, reason: isStatus ? value?["reason"]?.string ?? "" : "", message: "",
            isStatusObject: isStatus,
            causes: (details?["causes"]?.array ?? []).map { cause in
                Cause(
                    reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "", field: cause["field"]?.string ?? "")
            },
            kind: details?["kind"]?.string ?? "", name: details?["name"]?.string ?? "",
            retryAfter: Self.retryAfter(header: response.headers["Retry-After"], details: details), verb: call.verb.rawValue,
            path: call.path)
        if status == 429 { flowSchema = response.headers["X-Kubernetes-PF-FlowSchema-UID"] }
        let words = isStatus ? value?["message"]?.string ?? "" : Self.text(of: response)
        message = words.isEmpty ? "\(call.verb.rawValue) \(call.path): the server answered with status \(status)" : words
        if !isStatus, !words.isEmpty { message = "\(call.verb.rawValue) \(call.path): status \(status): \(words)" }
        mayHaveHappened =
            call.verb.isWrite && !isRefusedWithoutReason
            && (status == 500 || status == 502 || status == 504 || (status == 503 && retryAfter == nil))
        advice = Self.advice(self, configuration: configuration, isSecure: isSecure)
    }

    /// The error of a call that got no answer.
    init(transport: HTTPError, call: APICall, configuration: ClusterConfiguration) {
        self.init(
            status: 0, message: transport.description, verb: call.verb.rawValue, path: call.path, transport: transport,
            mayHaveHappened: call.verb.isWrite && transport.mayHaveReachedServer)
        advice = Self.advice(transport, configuration: configuration)
    }

    /// Seconds of the header, else of the Status' details; a date is not used by API servers.
    private static func retryAfter(header: String?, details: Value?) -> Duration? {
        if let header, let seconds = Int(header), seconds >= 0 { return .seconds(min(seconds, 86_400)) }
        guard let seconds = details?["retryAfterSeconds"]?.int, seconds > 0 else { return nil }
        return .seconds(min(seconds, 86_400))
    }

    /// The beginning of an answer that is no Status: plain text in one line, nothing of a web page.
    private static func text(of response: HTTPResponse) -> String {
        let text = String(decoding: response.body.prefix(300), as: UTF8.self)
        guard !text.contains("<"), !text.hasPrefix("{") else { return "" }
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
