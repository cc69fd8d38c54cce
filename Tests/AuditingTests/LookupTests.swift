import Auditing
import Foundation
import Manifests
import Testing

@Suite struct LookupTests {
    @Test(arguments: [AuditRotation.none, .bytes(2000)]) func everyRecordIsFoundByItsNumber(rotation: AuditRotation) async throws {
        let folder = try TemporaryFolder()
        let (log, _) = try AuditLog.open(path: folder.log, clock: { Timestamp(seconds: 1_800_000_000) }, rotation: rotation)
        var heads: [AuditHead] = []
        for index in 0..<100 {
            // Lines of very different lengths: halves fall anywhere.
            let text = String(repeating: "x", count: index * index % 3000)
            heads.append(try await log.append(.changeFinished, runID: "r", environment: "e", fields: ["message": .string(text)]))
        }
        for head in heads {
            #expect(try LogLookup.find(sequence: head.sequence, inLog: folder.log) == .record(head))
            try log.check(head: head)
        }
        #expect(try LogLookup.find(sequence: 101, inLog: folder.log) == .cutShort(after: 100))
        #expect(try LogLookup.id(ofLog: folder.log, host: "h") == heads[0].hash)
        let other = AuditHead(sequence: 50, hash: heads[0].hash)
        let error = #expect(throws: AuditError.self) { try log.check(head: other) }
        #expect(error?.message.contains("record 50") == true)
        log.close()
    }

    @Test func aLogCutShortIsFound() async throws {
        let folder = try TemporaryFolder()
        let (log, _) = try AuditLog.open(path: folder.log, clock: { Timestamp(seconds: 1_800_000_000) })
        var last = AuditHead.none
        for _ in 0..<20 { last = try await log.append(.changeStarted, runID: "r", environment: "e") }
        log.close()
        let lines = try String(contentsOfFile: folder.log, encoding: .utf8).split(separator: "\n")
        try (lines.prefix(12).joined(separator: "\n") + "\n").write(toFile: folder.log, atomically: true, encoding: .utf8)
        let (cut, _) = try AuditLog.open(path: folder.log, clock: { Timestamp(seconds: 1_800_000_001) })
        let error = #expect(throws: AuditError.self) { try cut.check(head: last) }
        #expect(error?.message.contains("ends with record 12") == true, "\(String(describing: error))")
        cut.close()
    }

    @Test func oldFilesMayBeMovedAway() async throws {
        let folder = try TemporaryFolder()
        let (log, _) = try AuditLog.open(path: folder.log, clock: { Timestamp(seconds: 1_800_000_000) }, rotation: .bytes(1000))
        let first = try await log.append(.changeStarted, runID: "r", environment: "e")
        for _ in 0..<20 { try await log.append(.changeStarted, runID: "r", environment: "e") }
        try FileManager.default.removeItem(atPath: folder.log + ".1")
        #expect(try LogLookup.find(sequence: 1, inLog: folder.log) == .archived)
        try log.check(head: first)
        #expect(try LogLookup.id(ofLog: folder.log, host: "h") == "h:\(folder.log)")
        log.close()
    }

    @Test func anEmptyLogHasNoRecord() throws {
        let folder = try TemporaryFolder()
        #expect(try LogLookup.find(sequence: 1, inLog: folder.log) == .cutShort(after: 0))
        #expect(try LogLookup.id(ofLog: folder.log, host: "h") == nil)
    }
}
