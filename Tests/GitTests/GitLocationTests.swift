import Git
import Manifests
import Testing

@Suite struct GitLocationTests {
    @Test(arguments: [
        ("https://Example.org/a/b.git", GitLocation.Kind.https, "https://example.org/a/b.git", "example.org"),
        ("https://me:s3cret@example.org:8443/a/", .https, "https://example.org:8443/a", "example.org"),
        ("https://example.org:443/a", .https, "https://example.org/a", "example.org"),
        ("http://[::1]:80/a", .http, "http://[::1]/a", "::1"),
        ("ssh://git@example.org:22/~/a", .ssh, "ssh://git@example.org/~/a", "example.org"),
        ("ssh://git@example.org:2222/a", .ssh, "ssh://git@example.org:2222/a", "example.org"),
        ("git@example.org:a/b.git", .ssh, "git@example.org:a/b.git", "example.org"),
        ("example.org:a/b", .ssh, "example.org:a/b", "example.org"),
        ("git@[::1]:a", .ssh, "git@[::1]:a", "::1"),
        ("file:///tmp/a%20b/", .file, "file:///tmp/a%20b", ""),
        ("/tmp/a/", .local, "/tmp/a", ""),
        ("a/b:c", .local, "/srv/a/b:c", ""),
        ("./a:b", .local, "/srv/./a:b", ""),
        (".", .local, "/srv/.", ""),
    ])
    func wellFormed(text: String, kind: GitLocation.Kind, url: String, host: String) throws {
        let location = try GitLocation(parsing: text, relativeTo: "/srv")
        #expect(location.kind == kind)
        #expect(location.description == url)
        #expect(location.url == url)
        #expect(location.host == host)
    }

    @Test(arguments: [
        "", "-x", "--upload-pack=touch /tmp/x", "ext::sh -c id", "fd::17", "git://example.org/a", "ftp://example.org/a", "https://",
        "https:///a", "https://example.org", "https://example.org/", "https://-x/a", "ssh://-oProxyCommand=id/a", "ssh://-x@h/a",
        "ssh://me:s3cret@h/a", "git@-x:a", "-x@h:a", "h:-x", "h:", "user:s3cret@host:path", "https://h/a?token=s3cret", "https://h/a b",
        "https://me:s3cret%zz@h/a", "https://h:0/a", "https://h:99999/a", "https://h:8x/a", "file://host/a", "file://", "a\nb", "a\u{0}b",
        "[::1:a", "git@[::1:a", "https://[::1/a", "https://h\\evil/a", "https://me%0a:s3cret@h/a", "file:///a%00b", "ssh://h/",
    ])
    func refused(text: String) throws {
        let error = #expect(throws: Diagnostic.self) { try GitLocation(parsing: text, relativeTo: "/srv") }
        #expect(error?.description.contains("s3cret") == false)
    }

    /// Any text gives a location or a diagnostic, and neither shows what stands where a password does.
    @Test func randomText() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "https://", "ssh://", "file://", "http://", "ext::", ":", "@", "/", "[", "]", "-", "%", "%41", "?", "#", " ", "host", "s3cret",
            "user", ".", "..", "~", "\u{0}", "é", "::1", "443", "\\", "'", "\"", "$(id)", "\n",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let location = try? GitLocation(parsing: text, relativeTo: "/srv") else { continue }
            #expect(!location.url.hasPrefix("-"))
            #expect(!location.host.hasPrefix("-"))
            #expect(!location.url.utf8.contains(0))
            guard location.kind == .https || location.kind == .http else { continue }
            let authority = location.url.split(separator: "/", omittingEmptySubsequences: false)[2]
            #expect(!authority.contains("@"), "\(text)")
        }
    }
}
