internal import CLibcurl

/// The C library that requests are made with.
package enum HTTPLibrary {
    /// Loads and sets up the library, which the first request would have to wait for otherwise.
    package static func prepare() { TransferLoop.prepare() }

    /// As the library tells it, with the libraries it uses itself: `libcurl/7.88.1 OpenSSL/3.0.19 nghttp2/1.52.0 …`.
    package static var version: String { curl_version().map { String(cString: $0) } ?? "unknown" }
}
