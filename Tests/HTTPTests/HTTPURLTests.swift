import HTTP
import Testing

@Suite("URLs")
struct HTTPURLTests {
    @Test(
        "taken apart",
        arguments: [
            ("https://example.org", "https", "example.org", nil, ""),
            ("HTTPS://example.org:6443/", "https", "example.org", 6443, "/"),
            ("https://a.b/apis/x/v1/control-plane", "https", "a.b", nil, "/apis/x/v1/control-plane"),
            ("http://[::1]:8080/x?y=1#z", "http", "::1", 8080, "/x?y=1"),
            ("https://user:p%40ss@host?x", "https", "host", nil, "/?x"),
        ] as [(String, String, String, Int?, String)])
    func good(text: String, scheme: String, host: String, port: Int?, path: String) throws {
        let url = try HTTPURL(text)
        #expect(url.scheme == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(!url.description.contains("p%40ss"))
    }

    @Test(
        "refused",
        arguments: [
            "", "example.org", "ftp://x", "https://", "https://:80", "https://a b", "https://h:99999", "https://h:x", "https://[::1",
            "https://::1", "https://[::1]x", "https:// ", "://x", "https://h\n",
        ])
    func bad(text: String) {
        #expect { try HTTPURL(text) } throws: { ($0 as? HTTPError)?.kind == .badURL }
    }
}
