/// One request: what to ask, of whom, and how long to wait.
package struct HTTPRequest: Sendable {
    /// The method in capitals: `GET`, `PATCH`.
    package var method: String
    /// An absolute `http` or `https` URL, already percent-encoded.
    package var url: String
    /// The same, taken apart already, for whoever asks one server many times.
    package var parsedURL: HTTPURL?
    /// Sent as they are, in this order. `User-Agent`, `Accept-Encoding`, `Content-Length` and `Host` are the client's.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// For the whole exchange: waiting for a connection, sending, and reading the last byte of the answer.
    package var timeout: Duration
    /// Whether the request may be sent a second time without harm. libcurl repeats a request by itself when a
    /// kept-alive connection turns out to be dead; one that is not idempotent is repeated only if no byte of its body left.
    package var isIdempotent: Bool
    /// Opens a connection of its own: after a time-out the kept one may be dead without knowing it.
    package var needsFreshConnection: Bool
    /// Reads the answer in larger pieces, which takes more memory meanwhile.
    package var expectsLargeAnswer: Bool

    package init(
        method: String = "GET", url: String, parsedURL: HTTPURL? = nil, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(30), isIdempotent: Bool = true, needsFreshConnection: Bool = false, expectsLargeAnswer: Bool = false
    ) {
        self.method = method
        self.url = url
        self.parsedURL = parsedURL
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.isIdempotent = isIdempotent
        self.needsFreshConnection = needsFreshConnection
        self.expectsLargeAnswer = expectsLargeAnswer
    }
}
