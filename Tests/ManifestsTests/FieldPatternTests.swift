import Manifests
import Testing

@Suite struct FieldPatternTests {
    static let paths: [(String, [FieldPattern.Step])] = [
        ("spec.replicas", [.field("spec"), .field("replicas")]),
        (".spec.replicas", [.field("spec"), .field("replicas")]),
        (
            "spec.containers[name=web].image",
            [.field("spec"), .field("containers"), .items([.init(path: ["name"], value: "web")]), .field("image")]
        ),
        (
            "spec.ports[port=80,protocol=TCP]",
            [.field("spec"), .field("ports"), .items([.init(path: ["port"], value: 80), .init(path: ["protocol"], value: "TCP")])]
        ),
        (".webhooks[].clientConfig.caBundle", [.field("webhooks"), .items([]), .field("clientConfig"), .field("caBundle")]),
        (".spec.list[0]", [.field("spec"), .field("list"), .index(0)]),
        (".spec.list.[]", [.field("spec"), .field("list"), .items([])]),
        (
            #".spec.containers[] | select(.name == "web") | .resources"#,
            [.field("spec"), .field("containers"), .items([.init(path: ["name"], value: "web")]), .field("resources")]
        ),
        (
            #".spec.rules[]|select(.a.b == 3 and .c == true).d"#,
            [.field("spec"), .field("rules"), .items([.init(path: ["a", "b"], value: 3), .init(path: ["c"], value: true)]), .field("d")]
        ),
        (#".metadata.annotations."example.com/a""#, [.field("metadata"), .field("annotations"), .field("example.com/a")]),
        (#".metadata.annotations["example.com/a"]"#, [.field("metadata"), .field("annotations"), .field("example.com/a")]),
        (#"metadata.annotations.example\.com/a"#, [.field("metadata"), .field("annotations"), .field("example.com/a")]),
    ]

    @Test(arguments: paths) func reads(text: String, steps: [FieldPattern.Step]) throws {
        #expect(try FieldPattern(path: text).steps == steps)
    }

    @Test(arguments: [
        "", "   ", ".", "a..b", "a[", "a[b", "a[b]", "a[=b]", ".a | length", ".a[] | select(.b > 1)", ".a[] | select(.b == )",
        ".a | select(.b == 1)",
        ".a?", "a]b", ".a[] | select(.b == \"x", "\"", ".a[] |", "map(.a)", ".a[-1]", "a b",
    ])
    func refuses(text: String) {
        let error = #expect(throws: Diagnostic.self) { try FieldPattern(path: text) }
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test func readsJSONPointers() {
        #expect(FieldPattern(jsonPointer: "/spec/a~1b")?.steps == [.field("spec"), .field("a/b")])
        #expect(FieldPattern(jsonPointer: "spec") == nil)
        #expect(FieldPattern(jsonPointer: "") == nil)
    }
}
