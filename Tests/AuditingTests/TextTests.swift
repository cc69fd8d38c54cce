import Auditing
import Manifests
import Testing

@Suite struct TextTests {
    private func text(isColored: Bool = false, _ narrow: (inout AuditFilter) -> Void = { _ in }) async throws -> [String] {
        var filter = AuditFilter()
        narrow(&filter)
        var text = AuditText(filter: filter, isColored: isColored)
        var made: [String] = []
        _ = try AuditReader.read([.bytes(try await sampleRuns(), name: "log")]) { record, _ in
            if let line = text.line(record) { made.append(line) }
        }
        return made + text.unfinished()
    }

    @Test func tellsWhoChangedWhat() async throws {
        #expect(
            try await text().joined(separator: "\n") == #"""
                2026-01-01T00:00:00Z production run r1 started by alice on ci-7, job build/12, commit 0123456789ab, plan sha256:aabbccddeeff, approved by bob@example.com
                2026-01-01T00:00:00Z production apps/Deployment/shop/web update succeeded in 12 ms, status 200, version 10 → 11 by alice
                2026-01-01T00:00:00Z production apps/Deployment/shop/web wait succeeded in 1500 ms by alice
                2026-01-01T00:00:00Z production inventory updated: objects 1 by alice
                2026-01-01T00:00:00Z production run r1 succeeded: 1 succeeded, exit code 0 by alice
                2026-01-01T00:00:00Z staging run s1 started by carol
                2026-01-01T00:00:00Z staging run s1 refused, exit code 3, stale by carol
                2026-01-01T00:00:00Z production run r2 started by dave
                2026-01-01T00:00:00Z production ConfigMap/shop/web create failed, status 422: denied:\u{a}\u{1b}[31mred\u{202e} by dave
                2026-01-01T00:00:00Z production run r2 failed: 1 failed, 2 skipped, exit code 5 by dave
                2026-01-01T00:00:00Z production run r3 started by alice
                2026-01-01T00:00:00Z production ConfigMap/shop/a create succeeded by alice
                2026-01-01T00:00:00Z production ConfigMap/shop/b delete began, no end is recorded by alice
                """#)
    }

    @Test func filters() async throws {
        #expect(try await text { $0.environment = "staging" }.count == 2)
        #expect(try await text { $0.object = "web" }.count == 3)
        #expect(try await text { $0.object = "Deployment/shop/web" }.count == 2)
        #expect(try await text { $0.object = "eb" }.isEmpty)
        #expect(try await text { $0.object = "ConfigMap/shop/b" }.count == 1)
        #expect(try await text { $0.run = "r" }.count == 11)
        #expect(try await text { $0.run = "r2" }.count == 3)
        #expect(try await text { $0.result = "failed" }.count == 2)
        #expect(try await text { $0.result = "refused" }.count == 1)
        #expect(try await text { $0.types = [.changeStarted] }.count == 2)
        let middle = Timestamp(seconds: 1_767_225_600, nanoseconds: 9_000_000)
        #expect(try await text { $0.since = middle }.count == 6)
        #expect(try await text { $0.until = middle }.count == 7)
        // The actor is known although the record that names it is dropped.
        #expect(try await text { $0.result = "failed" }.allSatisfy { $0.hasSuffix(" by dave") })
    }

    @Test func coloursOnlyWhenAsked() async throws {
        #expect(try await text().allSatisfy { !$0.contains("\u{1B}") })
        let colored = try await text(isColored: true) { $0.result = "failed" }
        #expect(colored[0].contains("\u{1B}[31mfailed\u{1B}[0m"))
        #expect(colored[0].contains("\u{1B}[1mConfigMap/shop/web\u{1B}[0m"))
        // What the server said steers nothing.
        #expect(colored[0].contains(#"\u{1b}[31mred"#))
    }

    @Test(
        arguments: [
            ("2026-01-31T09:05:00Z", 1_769_850_300), ("2026-01-31", 1_769_817_600), ("90s", 999_910), ("30m", 998_200),
            ("2h", 992_800), ("7d", 395_200), ("1h30m", 994_600), ("", nil), ("h", nil), ("3", nil), ("3w", nil), ("-3h", nil),
            ("99999999999999999999d", nil), ("400000000000s", nil), ("9999999999d9999999999d", nil),
        ] as [(String, Int64?)])
    func readsMoments(text: String, seconds: Int64?) {
        #expect(AuditMoment.parse(text, now: Timestamp(seconds: 1_000_000))?.seconds == seconds)
    }
}
