import Manifests
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] as [(Int64, String)]) func printsAndReads(seconds: Int64, text: String)
    {
        #expect(Timestamp(seconds: seconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds))
    }

    @Test func readsFractionsAndOffsets() {
        let time = Timestamp(rfc3339: "2026-11-21T02:00:00.25+02:00")
        #expect(time?.rfc3339Microseconds == "2026-11-21T00:00:00.250000Z")
        #expect(Timestamp(rfc3339: "2026-11-20T22:00:00-02:00")?.rfc3339 == "2026-11-21T00:00:00Z")
    }

    @Test(arguments: ["", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "yesterday", "2026-01-01T25:00:00Z"])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func addsAndSubtracts() {
        let start = Timestamp(seconds: 10, nanoseconds: 900_000_000)
        let end = start.adding(.milliseconds(200))
        #expect(end == Timestamp(seconds: 11, nanoseconds: 100_000_000))
        #expect(end.since(start) == .milliseconds(200))
    }
}
