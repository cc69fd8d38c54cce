import Auditing
import Foundation
import Manifests
import Testing

@Suite struct AppendTests {
    @Test func writesCanonicalLinesThatNameTheHashOfTheLineBefore() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        let first = try await log.append(.runStarted, runID: "r1", environment: "production", fields: ["actor": "alice"])
        let second = try await log.append(.runFinished, runID: "r1", environment: "production", fields: ["exitCode": 0])
        log.close()
        let text = String(decoding: try read(folder.log), as: UTF8.self)
        let zeros = String(repeating: "0", count: 64)
        #expect(
            text == """
                {"actor":"alice","environment":"production","previous":"\(zeros)","runID":"r1","sequence":1,\
                "time":"2026-01-01T00:00:00.001000Z","type":"run-started"}
                {"environment":"production","exitCode":0,"previous":"\(first.hash)","runID":"r1","sequence":2,\
                "time":"2026-01-01T00:00:00.002000Z","type":"run-finished"}

                """)
        // echo -n '<the first line>' | sha256sum
        #expect(first.hash == "be2c0df37a6696be3f5ecc8ec91a04db1098994f1c9860438d9d900bbdf49534")
        #expect(log.head == second)
        #expect(second.sequence == 2)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.log)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func carriesOnWhereTheLogEnds() async throws {
        let folder = try TemporaryFolder()
        for run in 1...3 {
            let (log, notes) = try AuditLog.open(path: folder.log, clock: tickingClock())
            #expect(notes.isEmpty)
            #expect(log.head.sequence == (run - 1) * 5)
            try await appendChanges(5, to: log, runID: "r\(run)")
            log.close()
        }
        let verification = try verify(folder.log)
        #expect(verification.fault == nil)
        #expect(verification.records == 15)
        #expect(verification.runs == 3)
    }

    @Test func dropsFieldsNamedAsWhatEveryRecordHas() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await log.append(.runStarted, runID: "r1", environment: "e", fields: ["sequence": 9, "previous": "x", "actor": "a"])
        log.close()
        #expect(try verify(folder.log).fault == nil)
        #expect(String(decoding: try read(folder.log), as: UTF8.self).contains(#""sequence":1"#))
    }

    @Test func keepsRecordsOfOneCallTogether() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask {
                    let entries = (0..<5).map { _ in AuditEntry(.changeStarted, runID: "r\(task)", environment: "e") }
                    let receipts = try await log.append(entries)
                    #expect(zip(receipts, receipts.dropFirst()).allSatisfy { $1.sequence == $0.sequence + 1 })
                    #expect(receipts.count == 5)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await log.append([]).isEmpty)
        log.close()
        let verification = try verify(folder.log)
        #expect(verification.fault == nil)
        #expect(verification.records == 100)
        #expect(verification.runs == 20)
    }

    @Test func takesManyAppendersAtOnce() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<32 {
                group.addTask { try await appendChanges(25, to: log, runID: "r\(task)") }
            }
            try await group.waitForAll()
        }
        let head = log.head
        log.close()
        let verification = try verify(folder.log)
        #expect(verification.fault == nil)
        #expect(verification.records == 800)
        #expect(verification.head == head)
    }

    @Test func letsTwoLogsOnOneFileInterleave() async throws {
        let folder = try TemporaryFolder()
        let logs = [try openLog(folder.log), try openLog(folder.log)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, log) in logs.enumerated() {
                for task in 0..<4 {
                    group.addTask { try await appendChanges(125, to: log, runID: "r\(index)-\(task)") }
                }
            }
            try await group.waitForAll()
        }
        logs.forEach { $0.close() }
        let verification = try verify(folder.log)
        #expect(verification.fault == nil)
        #expect(verification.records == 1000)
        #expect(verification.runs == 8)
        #expect(folder.names == ["log.jsonl"])
    }

    @Test func refusesAppendsAfterClose() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        log.close()
        log.close()
        let error = await #expect(throws: AuditError.self) { try await log.append(.runStarted, runID: "r", environment: "e") }
        #expect(error?.kind == .closed)
    }

    @Test func followsALinkToTheLog() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/disk", withIntermediateDirectories: true)
        try write([], to: folder.path + "/disk/real.jsonl")
        try FileManager.default.createSymbolicLink(atPath: folder.log, withDestinationPath: "disk/real.jsonl")
        let log = try openLog(folder.log, rotation: .bytes(600))
        try await appendChanges(5, to: log)
        log.close()
        #expect(folder.names == ["disk", "log.jsonl"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/disk").count > 1)
        #expect(try verify(folder.path + "/disk/real.jsonl").records == 5)
    }

    @Test(arguments: [
        ("{\"a\": 1}\n", "its last line is no record"), ("{\"a\": 1}", "its first line is no record"),
        ("# A read-me\n\nwith words\n", "its last line is no record"), ("words", "its first line is no record"),
        ("words\nwithout an end", "its last line is no record"), ("\n", "its last line is no record"),
    ])
    func leavesAFileThatIsNoLogAsItIs(content: String, message: String) throws {
        let folder = try TemporaryFolder()
        try write(Array(content.utf8), to: folder.log)
        let error = #expect(throws: AuditError.self) { try openLog(folder.log) }
        #expect(error?.kind == .notALog)
        #expect(error?.message == "this is no audit log: \(message)")
        #expect(try read(folder.log) == Array(content.utf8))
        #expect(folder.names == ["log.jsonl"])
    }

    @Test func saysWhyAFileCannotBeOpened() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: AuditError.self) { try openLog(folder.path + "/none/log.jsonl") }
        #expect(
            missing?.diagnostic.description == """
                \(folder.path)/none/log.jsonl: cannot open the audit log: no such file or directory
                  correct the path, or create the folder first
                """)
        let isFolder = #expect(throws: AuditError.self) { try openLog(folder.path) }
        #expect(isFolder?.message == "cannot open the audit log: is a directory")
        let device = #expect(throws: AuditError.self) { try openLog("/dev/null") }
        #expect(device?.message == "the audit log must be a regular file")
    }
}
