import Manifests
import Testing

@Suite struct JSONTests {
    static let values: [(String, Value)] = [
        ("null", .null), ("true", true), ("-0", 0), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("1e3", .double(1000)), ("1.5", 1.5),
        (#""a\u00e9\ud83d\ude00\n""#, "aé😀\n"), (#""\ud800""#, "\u{FFFD}"), ("[]", []), ("{}", [:]),
        (#"{"a":[1,{"b":null}]}"#, ["a": [1, ["b": nil]]]), (" \n[1 , 2]\t", [1, 2]), (#"{"a":1,"a":2}"#, ["a": 2]),
    ]

    @Test(arguments: values) func reads(text: String, value: Value) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "01", "1.", "1e", "-", "tru", "\"a", "\"\u{01}\"", "\"\\x\"", "1 2", "{\"a\":1,}", "nul", "1e999",
    ]) func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func namesThePlace() throws {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(Array("{\n  \"a\": x\n}".utf8)) }
        #expect(error?.line == 2)
        #expect(error?.column == 8)
    }

    @Test func refusesDuplicateKeysWhenAsked() {
        #expect(throws: JSONError.self) {
            try JSONParser.parse(Array(#"{"a":1,"a":2}"#.utf8), options: .init(refusesDuplicateKeys: true))
        }
    }

    @Test func handsTheElementsOfAListOverOneByOne() throws {
        var items: [Value] = []
        let text = #"{"kind":"L","items":[{"items":[1]},2, "x"] ,"metadata":{"continue":"t","items":[3]}}"#
        let rest = try JSONParser.parse(Array(text.utf8), elementsOf: "items") { items.append($0) }
        #expect(items == [["items": [1]], 2, "x"])
        #expect(rest == ["kind": "L", "metadata": ["continue": "t", "items": [3]]])
        for (text, left) in [("{}", Value.object(Object())), (#"{"items":[]}"#, [:]), (#"{"items":null}"#, ["items": nil]), ("[1]", [1])] {
            #expect(try JSONParser.parse(Array(text.utf8), elementsOf: "items") { _ in Issue.record("no element") } == left)
        }
        for text in [#"{"items":[1,]}"#, #"{"items":[1}"#, #"{"items":[1]"#, #"{"items":[1],}"#, #"{"items":[1]}x"#, #"{"a":1 "b":2}"#] {
            #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8), elementsOf: "items") { _ in } }
        }
    }

    @Test func refusesBadUTF8() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82]] {
            #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test func boundsDepth() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(deep.utf8)) }
        let allowed = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(throws: Never.self) { try JSONParser.parse(Array(allowed.utf8)) }
    }

    @Test func skipsAKey() throws {
        let text = #"{"a":{"managedFields":[{"x":"]}\""},2],"b":1},"managedFields":null}"#
        let value = try JSONParser.parse(Array(text.utf8), options: .init(skippedKey: "managedFields"))
        #expect(value == ["a": ["b": 1]])
    }

    /// Every prefix of a text is refused or read, never trapped on.
    @Test func survivesTruncation() {
        let bytes = Array(#"{"a":[1,-2.5e+3,true,null,"é\n\u00e9"],"managedFields":{"f:x":["]"]}}"#.utf8)
        for skippedKey in [nil, "managedFields"] {
            for count in 0..<bytes.count {
                #expect(throws: JSONError.self) { try JSONParser.parse(Array(bytes[..<count]), options: .init(skippedKey: skippedKey)) }
            }
        }
    }

    @Test func writesTheCanonicalForm() {
        let value: Value = ["b": [1, 1.5, .double(1e21), .double(1e-7)], "a": "\"\\\u{1}\n/é", "ä": nil]
        #expect(
            String(decoding: JSONWriter.canonical(value), as: UTF8.self)
                == #"{"a":"\"\\\u0001\n/é","b":[1,1.5,1e+21,1e-7],"ä":null}"#)
    }

    @Test func canonicalFormIsThePrettyOneWithoutWhiteSpace() {
        let hostile: Value = [
            "b": [[], [:], [1, [nil, true]], "a b\n\t \" \\ \\\" : , {", ["x": " ", " y": ["": "\u{1}\u{2028} é😀"]]], "a": ["c": 1.5],
            "": "\\",
        ]
        for value in Self.values.map(\.1) + [hostile] {
            #expect(JSONWriter.canonical(ofPretty: JSONWriter.pretty(value)) == JSONWriter.canonical(value))
        }
    }

    @Test func canonicalFormDoesNotDependOnTheOrderOfKeys() {
        #expect(JSONWriter.canonical(["a": 1, "b": 2]) == JSONWriter.canonical(["b": 2, "a": 1]))
    }

    @Test func prettyFormReadsBack() throws {
        let value: Value = ["a": [[:], [], ["x": 1]], "b": "c"]
        #expect(try JSONParser.parse(JSONWriter.pretty(value)) == value)
        #expect(JSONWriter.pretty(value).last == 0x0A)
    }
}
