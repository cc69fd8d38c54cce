import Manifests
import Planning
import Testing

@Suite struct DifferTests {
    private func paths(_ before: Value, _ after: Value) -> [String] {
        Differ.differences(before: before, after: after).map {
            "\($0.path.pointer) \($0.before == nil ? "+" : $0.after == nil ? "-" : "~")"
        }
    }

    @Test func leavesOutWhatTheServerAloneWrites() {
        let before: Value = [
            "metadata": ["name": "a", "generation": 1, "resourceVersion": "1", "managedFields": [[:]], "uid": "u"],
            "status": ["x": 1], "spec": ["a": 1],
        ]
        let after: Value = ["metadata": ["name": "a", "generation": 2, "resourceVersion": "2"], "spec": ["a": 1.0]]
        #expect(paths(before, after).isEmpty)
    }

    @Test func emptyAndMissingAreTheSame() {
        #expect(paths(["a": [:], "b": [], "c": nil], [:]).isEmpty)
        #expect(paths(["a": nil], ["a": [:]]).isEmpty)
        #expect(paths([:], ["a": ["b": ""]]) == ["/a +"])
    }

    @Test func matchesListsByKey() {
        let before: Value = ["c": [["name": "a", "image": "1"], ["name": "b", "image": "1"]]]
        let after: Value = ["c": [["name": "new", "image": "1"], ["name": "b", "image": "2"]]]
        #expect(paths(before, after) == ["/c/0 -", "/c/0 +", "/c/1/image ~"])
    }

    @Test func showsAnotherOrderAsAWhole() {
        let before: Value = ["c": [["name": "a"], ["name": "b"]]]
        let after: Value = ["c": [["name": "b"], ["name": "a"]]]
        #expect(paths(before, after) == ["/c ~"])
    }

    @Test func listsOfScalarsAreWholes() {
        #expect(paths(["args": ["a", "b"]], ["args": ["a", "c"]]) == ["/args ~"])
    }

    @Test func escapesPointers() {
        #expect(paths(["m": ["a/b": "1"]], ["m": ["a/b": "2"]]) == ["/m/a~1b ~"])
    }
}
