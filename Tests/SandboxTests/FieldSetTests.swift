import Manifests
import Testing

@testable import Sandbox

struct FieldSetTests {
    static let written: Value = [
        "f:data": [".": [:], "f:a": [:], "f:b": [:]],
        "f:spec": ["f:containers": [#"k:{"name":"x"}"#: [".": [:], "f:image": [:]]]],
    ]

    @Test func readsWhatItWrites() {
        #expect(FieldSet(fieldsV1: Self.written).fieldsV1 == Self.written)
    }

    @Test func subtractsAndIntersects() {
        let all = FieldSet(fieldsV1: Self.written)
        let part = FieldSet(fieldsV1: ["f:data": ["f:a": [:]]])
        #expect(part.isSubset(of: all))
        #expect(!all.isSubset(of: part))
        #expect(all.intersection(part) == part)
        #expect(all.subtracting(part).union(part) == all)
        #expect(all.subtracting(all).isEmpty)
    }

    @Test func namesPathsAsConflictsDo() {
        let set = FieldSet(fieldsV1: ["f:spec": [#"k:{"containerPort":80,"protocol":"TCP"}"#: ["f:x": [:]], #"v:"a""#: [:]]])
        #expect(set.paths() == [#".spec[containerPort=80,protocol="TCP"].x"#, #".spec[="a"]"#])
    }
}

struct QuantityTests {
    @Test(arguments: [
        ("0.1", "100m"), ("1000m", "1"), ("1024Mi", "1Gi"), ("0.5Gi", "512Mi"), ("1e3", "1e3"), ("1000k", "1M"), ("0", "0"),
        ("100n", "100n"), ("1.5", "1500m"), ("128974848", "128974848"), ("1500Mi", "1500Mi"), ("0.1Mi", "104857600m"),
    ])
    func canonical(_ text: String, _ expected: String) {
        #expect(Quantity.canonical(text) == expected)
    }

    @Test(arguments: ["", "x", "1x", "1.2.3", "Mi"])
    func refused(_ text: String) { #expect(!Quantity.isValid(text)) }
}

struct FaultRuleTests {
    @Test func readsRules() throws {
        let rule = try FaultRule(parsing: "PATCH /apis/apps/.*: 503 x3 retry-after=1 after=2 p=0.5 delay=200ms")
        #expect(rule.action == .status(503))
        #expect(rule.times == 3 && rule.skipped == 2 && rule.retryAfterSeconds == 1)
        #expect(rule.probability == 0.5 && rule.delay == .milliseconds(200))
    }

    @Test(arguments: ["", "GET: 503", "GET .*: 200", "GET .*: x3", "GET [: 503", "GET .*: reset maybe"])
    func refusesNonsense(_ text: String) {
        #expect(throws: Diagnostic.self) { try FaultRule(parsing: text) }
    }

    @Test func firesAsOftenAsItSays() throws {
        let faults = FaultInjector(rules: [try FaultRule(parsing: "GET /a.*: 503 x2 after=1")], seed: 1)
        let actions = (0..<5).map { _ in faults.decide(method: "GET", target: "/a?x=1", path: "/a").action }
        #expect(actions == [.pass, .status(503), .status(503), .pass, .pass])
        #expect(faults.decide(method: "PATCH", target: "/a", path: "/a").action == .pass)
    }
}
