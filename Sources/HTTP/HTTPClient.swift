/// Sends requests in parallel over few kept-alive connections: HTTP/2 where the server speaks it (over TLS), HTTP/1.1
/// otherwise. libcurl's multi interface runs on a thread of its own, which `shutdown` or the last reference ends.
package final class HTTPClient: Sendable {
    private let loop: TransferLoop

    /// Starts the client's thread. Connects to nothing yet.
    package init(_ configuration: HTTPClientConfiguration) {
        loop = TransferLoop(configuration)
        loop.start()
    }

    deinit { loop.shutdown() }

    /// Sends a request and collects the whole answer. Any number may be under way; callers bound it.
    ///
    /// Cancelling the task ends the transfer at once, without harm to others on the same connection.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let transfer = try Transfer(request, tls: loop.configuration.tls)
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Result<HTTPResponse, HTTPError>, Never>) in
                loop.enqueue(transfer, continuation)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try result.get()
    }

    /// Ends what is under way with `.closed` and waits for the thread to end. Later requests fail with `.closed`.
    package func shutdown() { loop.shutdown() }
}
