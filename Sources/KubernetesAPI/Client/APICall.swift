/// One request as this layer thinks of it.
struct APICall: Sendable {
    /// What it is counted as, and called in errors.
    enum Verb: String, Sendable {
        case discovery = "DISCOVERY"
        case get = "GET"
        case list = "LIST"
        case dryRun = "DRY-RUN"
        case apply = "APPLY"
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"

        /// Whether the server may be another afterwards.
        var isWrite: Bool {
            switch self {
            case .discovery, .get, .list, .dryRun: false
            case .apply, .create, .update, .delete: true
            }
        }
    }

    var verb: Verb
    var method: String
    /// Below the server's URL, escaped.
    var path: String
    var query: [(String, String)] = []
    var accept = "application/json"
    var contentType: String?
    var body: [UInt8]?
    /// Whether it may be sent again although it may have been acted on.
    var isIdempotent = true

    init(_ verb: Verb, method: String = "GET", path: String) {
        self.verb = verb
        self.method = method
        self.path = path
    }
}

extension RequestStatistics {
    mutating func count(_ verb: APICall.Verb) {
        switch verb {
        case .discovery: discovery += 1
        case .get: get += 1
        case .list: list += 1
        case .dryRun: dryRun += 1
        case .apply: apply += 1
        case .create: create += 1
        case .update: update += 1
        case .delete: delete += 1
        }
    }
}
