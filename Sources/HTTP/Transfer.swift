internal import CLibcurl

/// One request on its way.
///
/// Unchecked, because what changes does so on one thread alone, the loop's (the fields below that mark), and `isCancelled` under the
/// loop's lock; libcurl's callbacks, which the compiler does not see, run on that thread too.
final class Transfer: @unchecked Sendable {
    let request: HTTPRequest
    let url: HTTPURL
    /// What libcurl is asked for: with a TLS server name, that name stands in the host's place.
    let askedURL: String
    /// `::host:port` for `CURLOPT_CONNECT_TO`, when the host asked for is not the one to connect to.
    let connectTo: String?

    /// Guarded by the loop's lock: a cancellation may come before the transfer was queued.
    var isCancelled = false

    // The loop's thread alone.
    var continuation: UnsafeContinuation<Result<HTTPResponse, HTTPError>, Never>?
    var handle: UnsafeMutableRawPointer?
    var headerList: UnsafeMutablePointer<curl_slist>?
    var connectList: UnsafeMutablePointer<curl_slist>?
    var bodySent = 0
    var response = HTTPResponse(status: 0)
    var bodyBytesMax = 0
    var isTooLarge = false
    /// Since the loop looked last.
    var hasReceived = false
    var hasProxy = false
    /// libcurl writes its words on a failure here.
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(_ request: HTTPRequest, tls: HTTPTLSConfiguration) throws(HTTPError) {
        self.request = request
        if let parsed = request.parsedURL { url = parsed } else { url = try HTTPURL(request.url) }
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        if let name = tls.serverName, !name.isEmpty, url.scheme == "https", name != url.host {
            let bracketed = name.contains(":") ? "[\(name)]" : name
            askedURL = "https://\(bracketed):\(url.effectivePort)\(url.path.isEmpty ? "/" : url.path)"
            connectTo = "::\(url.bracketedHost):\(url.effectivePort)"
        } else {
            // Without user and password, which are in a header.
            askedURL = request.parsedURL == nil ? url.description : request.url
            connectTo = nil
        }
    }

    deinit {
        errorText.deallocate()
        curl_slist_free_all(headerList)
        curl_slist_free_all(connectList)
    }

    /// Ends the caller's wait. Once only.
    func finish(_ result: Result<HTTPResponse, HTTPError>) {
        continuation?.resume(returning: result)
        continuation = nil
    }

    /// Takes a header line with its line end. A new status line starts over: `100 Continue` comes before the real answer.
    func receive(headerLine line: UnsafeBufferPointer<UInt8>) {
        var line = line[...]
        while let last = line.last, last == 0x0D || last == 0x0A || last == 0x20 { line = line.dropLast() }
        if line.starts(with: "HTTP/".utf8) {
            response.headers = HTTPHeaders()
            response.body = []
            return
        }
        hasReceived = true
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return }
        let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        response.headers.fields.append(
            (name: String(decoding: line[..<colon], as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
    }

    /// Takes a piece of the body; says whether there may be more.
    func receive(body bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard response.body.count + bytes.count <= bodyBytesMax else {
            isTooLarge = true
            return false
        }
        hasReceived = true
        response.body.append(contentsOf: bytes)
        return true
    }

    /// Puts the next piece of the request's body into libcurl's buffer.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = request.body else { return 0 }
        let count = min(buffer.count, body.count - bodySent)
        body.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[bodySent..<(bodySent + count)])) }
        bodySent += count
        return count
    }
}
