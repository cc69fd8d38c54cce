import Manifests
import Planning
import Testing

@Suite struct CauseTests {
    /// A live object in which `plumb` owns `/data/ours` and `mallory` owns `/data/theirs`.
    private let live: Value = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": [
            "managedFields": [
                ["manager": "plumb", "operation": "Apply", "apiVersion": "v1", "fieldsV1": ["f:data": ["f:ours": [:]]]],
                [
                    "manager": "mallory", "operation": "Update", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z",
                    "subresource": "scale",
                    "fieldsV1": ["f:data": ["f:theirs": [:]]],
                ],
            ]
        ],
        "data": ["ours": "1", "theirs": "changed"],
    ]

    private func causes(
        _ key: String, previous: Value?, desired: Value, wasApplied: Bool = true
    ) -> CauseFinder.Finding {
        let finder = CauseFinder(desired: desired, previous: previous, live: live, wasApplied: wasApplied, manager: "plumb")
        return finder.causes(
            of: RawDifference(path: [.field("data"), .field(key)], before: live.at("data", key), after: desired.at("data", key)))
    }

    @Test func whatWeOwnDiffersBecauseGitChanged() {
        let found = causes("ours", previous: ["data": ["ours": "1"]], desired: ["data": ["ours": "2"]])
        #expect(found.causes == [.git])
        #expect(found.writer == nil)
    }

    @Test func whatOthersTookOverHasDrifted() {
        let found = causes("theirs", previous: ["data": ["theirs": "1"]], desired: ["data": ["theirs": "1"]])
        #expect(found.causes == [.drift])
        #expect(found.writer == FieldWriter(manager: "mallory", operation: "Update", subresource: "scale", time: "2026-01-01T00:00:00Z"))
    }

    @Test func bothCausesAreNamed() {
        let found = causes("theirs", previous: ["data": ["theirs": "1"]], desired: ["data": ["theirs": "2"]])
        #expect(found.causes == [.drift, .git])
    }

    @Test func aFieldThatGitAddsIsNoDrift() {
        let found = causes("theirs", previous: ["data": [:]], desired: ["data": ["theirs": "1"]])
        #expect(found.causes == [.git])
    }

    @Test func ownershipDecidesWhenThePreviousCommitIsGone() {
        #expect(causes("ours", previous: nil, desired: ["data": ["ours": "2"]]).causes == [.git])
        #expect(causes("theirs", previous: nil, desired: ["data": ["theirs": "1"]]).causes == [.drift])
    }

    @Test func whatWasNeverAppliedIsNew() {
        #expect(causes("theirs", previous: nil, desired: ["data": ["theirs": "1"]], wasApplied: false).causes == [.new])
    }
}
