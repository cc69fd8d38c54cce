import Manifests
import Testing

@Suite struct ValueTests {
    @Test func objectsAreEqualInAnyOrder() {
        let left: Value = ["a": 1, "b": ["c": 2]]
        let right: Value = ["b": ["c": 2], "a": 1]
        #expect(left == right)
        #expect(Set([left, right]).count == 1)
        #expect(left != ["a": 1])
    }

    @Test func changesInPlace() {
        var value: Value = ["metadata": ["labels": ["a": "1"]]]
        value["kind"] = "Pod"
        var metadata = value["metadata"]
        metadata?["labels"] = nil
        value["metadata"] = metadata
        #expect(value == ["metadata": [:], "kind": "Pod"])
    }

    @Test(arguments: [
        (1.0, "1"), (1e3, "1000"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (0.000001, "0.000001"), (1e-7, "1e-7"),
        (123456789.123456789, "123456789.12345679"), (-0.5, "-0.5"), (1e-10, "1e-10"),
    ]) func printsNumbersAsGoJSON(number: Double, text: String) {
        #expect(NumberText.json(number) == text)
    }

    @Test(
        arguments: [
            (1.0, "1"), (100000, "100000"), (1e6, "1e+06"), (1234567, "1.234567e+06"), (123456789.123456789, "1.2345678912345679e+08"),
            (0.0001, "0.0001"), (0.00001, "1e-05"), (.infinity, "+Inf"), (2.5, "2.5"),
        ] as [(Double, String)]) func printsNumbersAsGoYAML(number: Double, text: String)
    {
        #expect(NumberText.general(number) == text)
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"]) func base64ReadsBack(text: String) {
        #expect(Base64.decode(Base64.encode(Array(text.utf8))) == Array(text.utf8))
    }

    @Test func base64MatchesTheStandardsExamples() {
        #expect(Base64.encode(Array("foobar".utf8)) == "Zm9vYmFy")
        #expect(Base64.encode(Array("fooba".utf8)) == "Zm9vYmE=")
        #expect(Base64.encode(Array("foob".utf8)) == "Zm9vYg==")
        for bad in ["Zg", "Zg=", "Z", "Zg===", "=Zg=", "Z!==", "Zg==Zg=="] { #expect(Base64.decode(bad) == nil) }
        #expect(Base64.decode("Zm9v\nYmFy") == Array("foobar".utf8))
    }

    /// Whole groups are read at once, and what follows them one by one: breaks and faults in any place are the same to both.
    @Test func base64IsReadWhereverItIsBroken() {
        let bytes = (0..<50).map { UInt8(truncatingIfNeeded: $0 &* 181) }
        let text = Base64.encode(bytes)
        for place in 0...text.count {
            let index = text.index(text.startIndex, offsetBy: place)
            #expect(Base64.decode(text[..<index] + "\r\n" + text[index...]) == bytes)
            #expect(Base64.decode(text[..<index] + "." + text[index...]) == nil)
            #expect(Base64.decode(text[..<index] + "\u{C4}" + text[index...]) == nil)
        }
    }

    @Test func pointersEscape() {
        #expect(JSONPointer.text(["a/b", "c~d"]) == "/a~1b/c~0d")
        #expect(JSONPointer.tokens("/a~1b/c~0d/~01") == ["a/b", "c~d", "~1"])
        #expect(JSONPointer.tokens("") == [])
        #expect(JSONPointer.tokens("a") == nil)
    }

    @Test(
        arguments: [
            ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000), ("250ms", 250), ("0s", 0), ("", nil), ("5", nil), ("m", nil),
            ("-5s", nil),
            ("5d", nil), ("99999999999999h", nil),
        ] as [(String, Int?)]) func readsDurations(text: String, milliseconds: Int?)
    {
        #expect(DurationText.duration(text) == milliseconds.map { .milliseconds($0) })
    }

    @Test func findsNearMatches() {
        #expect(NearMatch.candidates(for: "prodution", among: ["staging", "production"]) == ["production"])
        #expect(NearMatch.candidates(for: "xyz", among: ["staging", "production"]).isEmpty)
    }
}
