internal import Manifests

/// Why a plugin's output is no credential; its words go behind the plugin's name.
struct ExecReplyError: Error, Hashable {
    var message: String
}

extension Result where Success == ExecReply, Failure == ExecReplyError {
    /// The reply, or the failure as the diagnostic that `describe` makes of it.
    func get(_ describe: (String) -> Diagnostic) throws(Diagnostic) -> ExecReply {
        switch self {
        case .success(let reply): return reply
        case .failure(let error): throw describe(error.message)
        }
    }
}

extension ExecReply {
    /// Reads the ExecCredential that a plugin printed.
    static func read(_ output: [UInt8], version: ExecPlugin.Version, now: Timestamp) -> Result<ExecReply, ExecReplyError> {
        // The output may hold a credential: no error repeats any of it.
        guard let value = try? JSONParser.parse(output), value.object != nil else { return refuse("printed no JSON object") }
        guard value["kind"]?.string == "ExecCredential" else { return refuse("printed something that is no ExecCredential") }
        let apiVersion = value["apiVersion"]?.string ?? ""
        guard apiVersion == version.rawValue else {
            return refuse("answers in version '\(apiVersion.prefix(80))' and was asked in '\(version.rawValue)'")
        }
        guard let status = value["status"], status.object != nil else { return refuse("printed an ExecCredential without status") }
        let token = status["token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let certificate = status["clientCertificateData"]?.string.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        let key = status["clientKeyData"]?.string.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        guard (certificate == nil) == (key == nil) else { return refuse("handed out only half of a client certificate") }
        guard token != nil || certificate != nil else { return refuse("handed out neither a token nor a client certificate") }
        var reply = ExecReply(token: token, clientCertificate: certificate, clientKey: key)
        if let text = status["expirationTimestamp"]?.string {
            guard let expiry = Timestamp(rfc3339: text) else { return refuse("gave an expirationTimestamp that is no RFC 3339 time") }
            reply.remaining = max(.zero, min(expiry.since(now), .seconds(1_000_000_000)))
        }
        return .success(reply)
    }

    private static func refuse(_ message: String) -> Result<ExecReply, ExecReplyError> { .failure(ExecReplyError(message: message)) }
}
