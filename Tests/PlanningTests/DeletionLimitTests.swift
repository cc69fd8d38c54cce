import Planning
import Testing

@Suite struct DeletionLimitTests {
    @Test(arguments: [("10", 100, 10), ("10%", 100, 10), ("10%", 5, 0), ("0", 9, 0), ("100%", 7, 7)])
    func counts(text: String, count: Int, maximum: Int) throws {
        #expect(try #require(DeletionLimit(text)).maximum(of: count) == maximum)
    }

    @Test(arguments: [(0, 5), (9, 5), (12, 6), (1000, 500)]) func theStandardIsHalfAndNeverFewerThanFive(count: Int, maximum: Int) {
        #expect(DeletionLimit.standard.maximum(of: count) == maximum)
    }

    @Test(arguments: ["", "-1", "101%", "x", "1.5"]) func refuses(text: String) {
        #expect(DeletionLimit(text) == nil)
    }
}
