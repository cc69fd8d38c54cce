import Auditing
import Manifests
import Testing

/// A log of four runs: one that went well, one of another environment, one that failed, one that was killed.
func sampleRuns() async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let log = try openLog(folder.log)
    func append(_ type: AuditRecordType, _ run: String, _ fields: Object, environment: String = "production") async throws {
        try await log.append(type, runID: run, environment: environment, fields: fields)
    }
    try await append(
        .runStarted, "r1",
        [
            "actor": "alice", "host": "ci-7", "ciJob": "build/12", "commit": "0123456789abcdef0123456789abcdef01234567",
            "planDigest": "sha256:aabbccddeeff0011", "approvals": ["bob@example.com"],
        ])
    try await append(.changeStarted, "r1", ["object": "apps/Deployment/shop/web", "action": "update"])
    try await append(
        .changeFinished, "r1",
        [
            "object": "apps/Deployment/shop/web", "action": "update", "result": "succeeded", "httpStatus": 200,
            "resourceVersionBefore": "10", "resourceVersionAfter": "11", "durationMilliseconds": 12,
        ])
    try await append(
        .waitFinished, "r1", ["object": "apps/Deployment/shop/web", "result": "succeeded", "message": "", "durationMilliseconds": 1500])
    try await append(.inventoryUpdated, "r1", ["objects": 1])
    try await append(.runFinished, "r1", ["counts": ["succeeded": 1], "exitCode": 0])
    try await append(.runStarted, "s1", ["actor": "carol"], environment: "staging")
    try await append(.runFinished, "s1", ["counts": ["failed": 0], "exitCode": 3, "error": "stale"], environment: "staging")
    try await append(.runStarted, "r2", ["actor": "dave"])
    try await append(
        .changeFinished, "r2",
        [
            "object": "ConfigMap/shop/web", "action": "create", "result": "failed", "httpStatus": 422,
            "resourceVersionBefore": "", "resourceVersionAfter": "",
            "error": "denied:\n\u{1B}[31mred\u{202E}",
        ])
    try await append(.runFinished, "r2", ["counts": ["skipped": 2, "failed": 1], "exitCode": 5])
    try await append(.runStarted, "r3", ["actor": "alice"])
    try await append(.changeFinished, "r3", ["object": "ConfigMap/shop/a", "action": "create", "result": "succeeded"])
    try await append(.changeStarted, "r3", ["object": "ConfigMap/shop/b", "action": "delete"])
    log.close()
    return try read(folder.log)
}

@Suite struct HistoryTests {
    @Test func tellsTheAppliesOfAnEnvironment() async throws {
        let history = try AuditHistory.read([.bytes(try await sampleRuns(), name: "log")], environment: "production")
        #expect(history.notes.isEmpty)
        #expect(history.runs.map(\.runID) == ["r1", "r2", "r3"])
        #expect(history.runs.map(\.result) == [.succeeded, .failed, .interrupted])
        #expect(history.runs.map(\.exitCode) == [0, 5, nil])
        let first = try #require(history.runs.first)
        #expect(first.actor == "alice")
        #expect(first.host == "ci-7")
        #expect(first.commit == "0123456789abcdef0123456789abcdef01234567")
        #expect(first.startedAt < first.finishedAt ?? first.startedAt)
        #expect(history.runs[1].counts.map { "\($0.count) \($0.result)" } == ["1 failed", "2 skipped"])
        // The killed run never counted: what it recorded is counted.
        #expect(history.runs[2].counts.map { "\($0.count) \($0.result)" } == ["1 succeeded"])
        #expect(
            String(decoding: JSONWriter.canonical(history.runs[2].value), as: UTF8.self) == """
                {"actor":"alice","counts":{"succeeded":1},"environment":"production","result":"interrupted",\
                "runID":"r3","startedAt":"2026-01-01T00:00:00.012000Z"}
                """)
    }

    @Test func tellsAllEnvironments() async throws {
        let history = try AuditHistory.read([.bytes(try await sampleRuns(), name: "log")])
        #expect(history.runs.map(\.runID) == ["r1", "s1", "r2", "r3"])
        #expect(history.runs[1].result == .refused)
    }

    @Test func passesOverDamagedLines() async throws {
        var records = lines(try await sampleRuns())
        records[2] = Array("gone".utf8)
        let history = try AuditHistory.read([.bytes(Array(joined(records).dropLast(9)), name: "log")])
        #expect(history.runs.count == 4)
        #expect(
            history.notes.map(\.description) == [
                """
                log:3: 2 lines that are no records were passed over
                  'plumb audit verify log' says what is wrong
                """
            ])
    }
}
