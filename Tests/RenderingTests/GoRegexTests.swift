import Rendering
import Testing

/// Expressions whose results were taken from Go's own `regexp`.
@Suite struct GoRegexTests {
    struct Case: CustomTestStringConvertible {
        var pattern: String
        var text: String
        var first: [Int]?
        var all: [String]
        var testDescription: String { "/\(pattern)/ in '\(text)'" }
    }

    static let cases: [Case] = [
        Case(pattern: "a", text: "bab", first: [1, 2], all: ["a"]),
        Case(pattern: "a*", text: "abcd", first: [0, 1], all: ["a", "", "", ""]),
        Case(pattern: "(a|ab)(c|bcd)(d*)", text: "abcd", first: [0, 4, 0, 1, 1, 4, 4, 4], all: ["abcd"]),
        Case(pattern: "x{2,}?", text: "xxxxx", first: [0, 2], all: ["xx", "xx"]),
        Case(pattern: "(x+x+)+y", text: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", first: nil, all: []),
        Case(pattern: "(?m)^b$", text: "a\nb\nc", first: [2, 3], all: ["b"]),
        Case(pattern: "(|a)+", text: "aa", first: [0, 0, 0, 0], all: ["", "", ""]),
        Case(pattern: "(a*)+", text: "aa", first: [0, 2, 0, 2], all: ["aa"]),
        Case(pattern: "(?i)straße|K", text: "STRAßE \u{212A}", first: [0, 7], all: ["STRAßE", "\u{212A}"]),
        Case(pattern: "\\p{Lu}+", text: "aÄB", first: [1, 4], all: ["ÄB"]),
        Case(pattern: "[[:^alpha:]-]+", text: "a1-b", first: [1, 3], all: ["1-"]),
        Case(pattern: "\\Qa.b\\E+", text: "a.bb", first: [0, 4], all: ["a.bb"]),
        Case(pattern: "", text: "ab", first: [0, 0], all: ["", "", ""]),
        Case(pattern: "a{,2}", text: "a{,2}", first: [0, 5], all: ["a{,2}"]),
    ]

    @Test(arguments: cases) func matches(_ testCase: Case) throws {
        let regex = try GoRegex(testCase.pattern)
        #expect(regex.firstMatch(Array(testCase.text.utf8)) == testCase.first)
        #expect(regex.findAll(testCase.text) == testCase.all)
    }

    @Test(arguments: [
        ("a(?=b)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(", "missing closing ): `(`"),
        (")", "unexpected ): `)`"),
        ("[a", "missing closing ]: `[a`"),
        ("[b-a]", "invalid character class range: `b-a`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("\\8", "invalid escape sequence: `\\8`"),
        ("(a{100}){100}", "invalid repeat count: `{100}`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
    ])
    func refuses(_ pattern: String, _ message: String) {
        #expect(throws: GoRegexError.self) { try GoRegex(pattern) }
        do {
            _ = try GoRegex(pattern)
        } catch {
            #expect("\(error)" == "error parsing regexp: \(message)")
        }
    }

    @Test func replaces() throws {
        #expect(try GoRegex("a(x*)b").replaceAll("-ab-axxb-", with: "${1}W") == "-W-xxW-")
        #expect(try GoRegex("a(x*)b").replaceAll("-ab-axxb-", with: "$1W") == "---")
        #expect(try GoRegex("a(?P<m>x*)b").replaceAll("-axxb-", with: "$$$m.") == "-$xx.-")
        #expect(try GoRegex("a*").replaceAll("baac", with: "-") == "-b-c-")
        #expect(try GoRegex("a").replaceAllLiteral("bab", with: "$0") == "b$0b")
    }

    @Test func splits() throws {
        #expect(try GoRegex("a").split("banana") == ["b", "n", "n", ""])
        #expect(try GoRegex("a").split("banana", limit: 2) == ["b", "nana"])
        #expect(try GoRegex("z+").split("pizza") == ["pi", "a"])
        #expect(try GoRegex("").split("abc") == ["a", "b", "c"])
        #expect(try GoRegex("a").split("") == [""])
        #expect(try GoRegex("a").split("a", limit: 0) == [])
    }

    @Test func nestingIsBounded() {
        #expect(throws: GoRegexError.self) { try GoRegex(String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000)) }
        #expect(throws: GoRegexError.self) { try GoRegex("((a{10}){10}){10}b{1000}(c{900}){2}") }
    }

    @Test func quotes() {
        #expect(GoRegex.quoteMeta("a.b[c]$") == "a\\.b\\[c\\]\\$")
    }
}
