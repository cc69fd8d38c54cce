internal import CLibcurl

/// Sets an easy handle's options for a transfer.
///
/// Owns the bytes of certificates and keys, which libcurl reads in place: it must outlive every handle.
final class TransferOptions {
    private let configuration: HTTPClientConfiguration
    private let certificateAuthority: UnsafeMutableRawBufferPointer?
    private let clientCertificate: UnsafeMutableRawBufferPointer?
    private let clientKey: UnsafeMutableRawBufferPointer?
    private let proxyURL: String
    /// Four times libcurl's own. Larger ones are no faster.
    private static let largeBufferBytes = 64 << 10

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        certificateAuthority = Self.copy(configuration.tls.certificateAuthority)
        clientCertificate = Self.copy(configuration.tls.clientCertificate)
        clientKey = Self.copy(configuration.tls.clientKey)
        // The name is resolved by the proxy, as Go's clients do; libcurl calls that socks5h.
        var proxy = configuration.proxyURL ?? ""
        if proxy.lowercased().hasPrefix("socks5://") { proxy = "socks5h://" + proxy.dropFirst("socks5://".count) }
        proxyURL = proxy
    }

    deinit {
        certificateAuthority?.deallocate()
        clientCertificate?.deallocate()
        if let clientKey {
            clientKey.initializeMemory(as: UInt8.self, repeating: 0)
            clientKey.deallocate()
        }
    }

    private static func copy(_ bytes: [UInt8]?) -> UnsafeMutableRawBufferPointer? {
        guard let bytes, !bytes.isEmpty else { return nil }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        return copy
    }

    /// Returns libcurl's code when an option was refused, `nil` when all is set.
    func apply(to handle: UnsafeMutableRawPointer, for transfer: Transfer) -> CURLcode? {
        var setter = OptionSetter(handle: handle)
        setter.pointer(CURLOPT_PRIVATE, Unmanaged.passUnretained(transfer).toOpaque())
        setter.pointer(CURLOPT_ERRORBUFFER, transfer.errorText)
        setter.string(CURLOPT_URL, transfer.askedURL)
        setter.string(CURLOPT_PROTOCOLS_STR, "http,https")
        setter.long(CURLOPT_NOSIGNAL, 1)
        setter.long(CURLOPT_PATH_AS_IS, 1)
        setter.long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        setter.long(CURLOPT_PIPEWAIT, 1)
        setter.long(CURLOPT_TCP_KEEPALIVE, 1)
        if transfer.request.needsFreshConnection { setter.long(CURLOPT_FRESH_CONNECT, 1) }
        // Only a new handle takes a buffer of another size.
        if transfer.request.expectsLargeAnswer { setter.long(CURLOPT_BUFFERSIZE, Self.largeBufferBytes) }
        setTimeouts(&setter, transfer)
        setProxy(&setter)
        transfer.hasProxy = !proxyURL.isEmpty
        setTLS(&setter)
        setCallbacks(&setter, transfer)
        setMethod(&setter, transfer)
        setHeaders(&setter, transfer)
        return setter.failure
    }

    private func setTimeouts(_ setter: inout OptionSetter, _ transfer: Transfer) {
        setter.long(CURLOPT_TIMEOUT_MS, max(1, transfer.request.timeout.wholeMilliseconds))
        setter.long(CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.wholeMilliseconds))
        let stall = max(1000, configuration.stallTimeout.wholeMilliseconds)
        setter.long(CURLOPT_LOW_SPEED_LIMIT, 1)
        setter.long(CURLOPT_LOW_SPEED_TIME, stall / 1000)
        setter.result(plumb_curl_set_unacknowledged(setter.handle, UInt(min(stall, 1_000_000))))
    }

    private func setProxy(_ setter: inout OptionSetter) {
        // Empty text keeps libcurl from looking at the environment.
        setter.string(CURLOPT_PROXY, proxyURL)
        setter.string(CURLOPT_NOPROXY, configuration.noProxy)
        setter.long(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func setTLS(_ setter: inout OptionSetter) {
        let tls = configuration.tls
        if let certificateAuthority {
            setter.blob(CURLOPT_CAINFO_BLOB, certificateAuthority)
            // The system's folder of authorities would be trusted besides.
            setter.nothing(CURLOPT_CAPATH)
        }
        if let clientCertificate {
            setter.string(CURLOPT_SSLCERTTYPE, "PEM")
            setter.blob(CURLOPT_SSLCERT_BLOB, clientCertificate)
        }
        if let clientKey {
            setter.string(CURLOPT_SSLKEYTYPE, "PEM")
            setter.blob(CURLOPT_SSLKEY_BLOB, clientKey)
        }
        setter.long(CURLOPT_SSL_VERIFYPEER, tls.isInsecure ? 0 : 1)
        setter.long(CURLOPT_SSL_VERIFYHOST, tls.isInsecure ? 0 : 2)
    }

    private func setCallbacks(_ setter: inout OptionSetter, _ transfer: Transfer) {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        transfer.bodyBytesMax = configuration.bodyBytesMax
        setter.function(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            let goesOn = bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) {
                transfer.receive(body: UnsafeBufferPointer(start: $0, count: size * count))
            }
            return goesOn ? size * count : 0
        }
        setter.pointer(CURLOPT_WRITEDATA, context)
        setter.function(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) {
                transfer.receive(headerLine: UnsafeBufferPointer(start: $0, count: size * count))
            }
            return size * count
        }
        setter.pointer(CURLOPT_HEADERDATA, context)
    }

    private func setMethod(_ setter: inout OptionSetter, _ transfer: Transfer) {
        let request = transfer.request
        guard let body = request.body else {
            if request.method == "HEAD" { setter.long(CURLOPT_NOBODY, 1) }
            if request.method != "GET" { setter.string(CURLOPT_CUSTOMREQUEST, request.method) }
            return
        }
        if request.isIdempotent {
            body.withUnsafeBytes { bytes in
                setter.off(CURLOPT_POSTFIELDSIZE_LARGE, bytes.count)
                setter.bytes(CURLOPT_COPYPOSTFIELDS, bytes)
            }
        } else {
            // Read through a callback that cannot be rewound, so that libcurl cannot send the body a second time.
            setter.long(CURLOPT_UPLOAD, 1)
            setter.off(CURLOPT_INFILESIZE_LARGE, body.count)
            setter.function(CURLOPT_READFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            }
            setter.pointer(CURLOPT_READDATA, Unmanaged.passUnretained(transfer).toOpaque())
        }
        setter.string(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ setter: inout OptionSetter, _ transfer: Transfer) {
        setter.string(CURLOPT_USERAGENT, configuration.userAgent)
        if configuration.acceptsGzip { setter.string(CURLOPT_ACCEPT_ENCODING, "gzip") }
        var list: UnsafeMutablePointer<curl_slist>?
        // A pause of a second before larger bodies, for a server that never refuses them by the header alone.
        list = curl_slist_append(list, "Expect:")
        if let connectTo = transfer.connectTo {
            list = curl_slist_append(list, "Host: \(transfer.url.authority)")
            transfer.connectList = curl_slist_append(nil, connectTo)
            setter.pointer(CURLOPT_CONNECT_TO, transfer.connectList)
        }
        for (name, value) in transfer.request.headers {
            // libcurl drops a header without a value unless it ends in a semicolon.
            let line = value.isEmpty ? "\(name);" : "\(name): \(value)"
            guard !line.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
                setter.result(CURLE_BAD_FUNCTION_ARGUMENT)
                continue
            }
            list = curl_slist_append(list, line)
        }
        transfer.headerList = list
        setter.pointer(CURLOPT_HTTPHEADER, list)
    }
}

/// Typed setters that remember the first refusal.
struct OptionSetter {
    let handle: UnsafeMutableRawPointer
    private(set) var failure: CURLcode?

    init(handle: UnsafeMutableRawPointer) { self.handle = handle }

    mutating func result(_ code: CURLcode) {
        if code != CURLE_OK, failure == nil { failure = code }
    }
    mutating func long(_ option: CURLoption, _ value: Int) { result(plumb_curl_set_long(handle, option, value)) }
    mutating func off(_ option: CURLoption, _ value: Int) { result(plumb_curl_set_off(handle, option, curl_off_t(value))) }
    mutating func string(_ option: CURLoption, _ value: String) { result(plumb_curl_set_string(handle, option, value)) }
    mutating func nothing(_ option: CURLoption) { result(plumb_curl_set_string(handle, option, nil)) }
    mutating func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        result(plumb_curl_set_pointer(handle, option, value))
    }
    mutating func function(_ option: CURLoption, _ value: @escaping plumb_curl_write_function) {
        result(plumb_curl_set_write(handle, option, value))
    }
    /// Bytes that libcurl copies.
    mutating func bytes(_ option: CURLoption, _ value: UnsafeRawBufferPointer) {
        // libcurl takes no address for "no body", but an empty text.
        guard let base = value.baseAddress else { return string(option, "") }
        result(plumb_curl_set_pointer(handle, option, UnsafeMutableRawPointer(mutating: base)))
    }
    /// Bytes that stay where they are while the handle lives.
    mutating func blob(_ option: CURLoption, _ value: UnsafeMutableRawBufferPointer) {
        var blob = curl_blob(data: value.baseAddress, len: value.count, flags: UInt32(CURL_BLOB_NOCOPY))
        result(plumb_curl_set_blob(handle, option, &blob))
    }
}

extension Duration {
    /// Milliseconds, at most some 24 days, which is what libcurl's timers hold.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let bounded = max(0, min(seconds, 2_000_000))
        return Int(bounded) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
