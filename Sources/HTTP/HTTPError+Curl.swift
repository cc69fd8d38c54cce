internal import CLibcurl

extension HTTPError {
    /// What a failed transfer's code means.
    init(_ code: CURLcode, transfer: Transfer, wasSent: Bool) {
        var text = String(cString: transfer.errorText)
        if text.isEmpty { text = String(cString: curl_easy_strerror(code)) }
        self.init(
            Self.kind(code, transfer: transfer, text: text, wasSent: wasSent), Self.message(text), host: transfer.url.authority,
            mayHaveReachedServer: wasSent)
        if transfer.isTooLarge { message = "more than \(transfer.bodyBytesMax) bytes" }
    }

    private static func kind(_ code: CURLcode, transfer: Transfer, text: String, wasSent: Bool) -> Kind {
        if transfer.isTooLarge { return .tooLarge }
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: return .badURL
        // Also for an answer that is no HTTP at all.
        case CURLE_UNSUPPORTED_PROTOCOL: return wasSent ? .reset : .badURL
        case CURLE_COULDNT_RESOLVE_HOST: return .couldNotResolve
        case CURLE_COULDNT_CONNECT: return isProxyMeant(transfer, text) ? .proxy : .couldNotConnect
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy
        case CURLE_PEER_FAILED_VERIFICATION: return verification(transfer)
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE: return .badCredentials
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_FILESIZE_EXCEEDED: return .tooLarge
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_USE_SSL_FAILED, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CLIENTCERT:
            return isCertificateAlert(text) ? .clientCertificateRefused : .tls
        // With TLS 1.3 the server looks at our certificate after our side of the handshake is done.
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            if isCertificateAlert(text) { return .clientCertificateRefused }
            return isProxyRefusal(text) ? .proxy : .reset
        default: return .reset
        }
    }

    /// OpenSSL says why it refused the chain; libcurl leaves the value at 1 when the chain is good and the name is not.
    private static func verification(_ transfer: Transfer) -> Kind {
        var result = 1
        if let handle = transfer.handle { _ = plumb_curl_get_long(handle, CURLINFO_SSL_VERIFYRESULT, &result) }
        return result <= 1 ? .nameMismatch : .untrustedCertificate
    }

    /// An alert of the server about our certificate has no code of its own in libcurl, only OpenSSL's text.
    private static func isCertificateAlert(_ text: String) -> Bool {
        text.contains("alert") && (text.contains("certificate") || text.contains("unknown ca"))
    }

    /// libcurl tells by words alone whether it was the proxy that it could not connect to.
    private static func isProxyMeant(_ transfer: Transfer, _ text: String) -> Bool {
        transfer.hasProxy && !text.contains("\(transfer.url.host) port \(transfer.url.effectivePort)")
    }

    private static func isProxyRefusal(_ text: String) -> Bool { text.contains("CONNECT") }

    /// One line, beginning in lower case unless it begins with an acronym.
    private static func message(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
        let trimmed = line.hasSuffix(".") ? String(line.dropLast()) : line
        let second = trimmed.dropFirst().first
        guard let first = trimmed.first, first.isUppercase, second?.isLowercase == true else { return trimmed }
        return first.lowercased() + trimmed.dropFirst()
    }
}
