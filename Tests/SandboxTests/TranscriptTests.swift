import Foundation
import Manifests
import Testing

@testable import Sandbox

/// Recorded answers of a real API server.
struct TranscriptTests {
    /// Steps of the large transcript that the sandbox knowingly does not match: the status that the deployment controller
    /// wrote in between, with the hashed names of replica sets; the sandbox makes none.
    static let knownDifferences: Set<Int> = [21, 22, 23]

    static let transcriptPath = ProcessInfo.processInfo.environment["PLUMB_TRANSCRIPT"].flatMap { $0.isEmpty ? nil : $0 }

    @Test(.enabled(if: transcriptPath != nil, "PLUMB_TRANSCRIPT names no transcript"))
    func matchesTranscript() async throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.transcriptPath ?? ""))
        let steps = try #require(try JSONParser.parse(bytes)["steps"]?.array)
        #expect(steps.count > 60)
        let mismatches = try await Self.replay(steps)
        for mismatch in mismatches where !Self.knownDifferences.contains(mismatch.index) { Issue.record("\(mismatch)") }
        #expect(Set(mismatches.map(\.index)).isSuperset(of: Self.knownDifferences), "a known difference is gone: strike it off")
    }

    static let cases = [
        "workload-defaults", "other-defaults", "ownership", "refusals", "immutable", "definitions", "deletion",
    ]

    /// Changing the families of a headless service is refused in other words.
    static let knownCaseDifferences: [String: Set<Int>] = ["immutable": [4]]

    @Test(arguments: cases)
    func matchesCase(_ name: String) async throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("testdata/sandbox/\(name).json")
        let steps = try #require(try JSONParser.parse(try Data(contentsOf: url))["steps"]?.array)
        #expect(!steps.isEmpty)
        let namespace: Value = [
            "name": "namespace",
            "request": [
                "method": "POST", "path": "/api/v1/namespaces", "contentType": "application/json",
                "body": ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "cases"]],
            ], "response": [:],
        ]
        let mismatches = try await Self.replay([namespace] + steps)
        for mismatch in mismatches.dropFirst() where Self.knownCaseDifferences[name]?.contains(mismatch.index - 1) != true {
            Issue.record("\(name) \(mismatch)")
        }
    }

    private static func replay(_ steps: [Value]) async throws -> [Replay.Mismatch] {
        var replay = Replay()
        let background = Background(server: replay.server, controllers: nil)
        let task = Task { await background.run() }
        defer { task.cancel() }
        return await replay.run(steps)
    }
}
