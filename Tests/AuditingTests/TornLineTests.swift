import Auditing
import Foundation
import Manifests
import Testing

/// What a power cut, a kill or a full disk leaves at the end of the file.
@Suite struct TornLineTests {
    @Test func setsAsideALastLineTornAtAnyByte() async throws {
        let whole = try await sampleLog(3)
        let records = lines(whole)
        let kept = joined(Array(records[..<2]))
        for cut in (kept.count + 1)..<whole.count {
            let folder = try TemporaryFolder()
            try write(Array(whole[..<cut]), to: folder.log)
            #expect(try verify(folder.log).fault?.kind == .torn)
            let (log, notes) = try AuditLog.open(path: folder.log, clock: tickingClock())
            #expect(notes.count == 1)
            #expect(notes.first?.message.contains("its \(cut - kept.count) bytes were set aside") == true)
            #expect(log.head.sequence == 2)
            try await appendChanges(1, to: log)
            log.close()
            let verification = try verify(folder.log)
            #expect(verification.fault == nil)
            #expect(verification.records == 3)
            let torn = try #require(folder.names.first { $0.hasPrefix("log.jsonl.torn-") })
            #expect(try read(folder.path + "/" + torn) == Array(whole[kept.count..<cut]))
        }
    }

    @Test func setsAsideAFirstLineTornAtAnyByte() async throws {
        let whole = try await sampleLog(1)
        for cut in 1..<whole.count {
            let folder = try TemporaryFolder()
            try write(Array(whole[..<cut]), to: folder.log)
            let (log, notes) = try AuditLog.open(path: folder.log, clock: tickingClock())
            #expect(notes.count == 1)
            try await appendChanges(1, to: log)
            log.close()
            #expect(try verify(folder.log).records == 1)
        }
    }

    @Test func setsAsideBlocksThatNeverReachedTheDisk() async throws {
        let whole = try await sampleLog(6)
        let start = joined(Array(lines(whole)[..<3])).count
        var damaged = whole
        for index in (start + 20)..<(start + 200) { damaged[index] = 0 }
        let folder = try TemporaryFolder()
        try write(damaged, to: folder.log)
        let (log, notes) = try AuditLog.open(path: folder.log, clock: tickingClock())
        #expect(notes.count == 1)
        #expect(log.head.sequence == 3)
        try await appendChanges(2, to: log)
        log.close()
        #expect(try verify(folder.log).records == 5)
    }

    @Test func setsAsideZerosAtTheEnd() async throws {
        let whole = try await sampleLog(2)
        let folder = try TemporaryFolder()
        try write(whole + [UInt8](repeating: 0, count: 4096), to: folder.log)
        let log = try openLog(folder.log)
        #expect(log.notes.count == 1)
        #expect(log.head.sequence == 2)
        log.close()
        #expect(try read(folder.log) == whole)
    }

    @Test func setsAsideWhatAnotherProcessTore() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await appendChanges(2, to: log)
        let whole = try read(folder.log)
        let handle = try #require(FileHandle(forWritingAtPath: folder.log))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"action":"upd"#.utf8))
        try handle.close()
        try await appendChanges(1, to: log)
        #expect(log.notes.count == 1)
        log.close()
        #expect(try read(folder.log).starts(with: whole))
        #expect(try verify(folder.log).records == 3)
    }

    @Test func findsALastLineOfMegabytes() async throws {
        let folder = try TemporaryFolder()
        var log = try openLog(folder.log)
        try await appendChanges(1, to: log)
        let error = String(repeating: "x", count: 3 << 20)
        try await log.append(.changeFinished, runID: "r", environment: "e", fields: ["error": .string(error)])
        log.close()
        log = try openLog(folder.log)
        try await appendChanges(1, to: log)
        log.close()
        #expect(try verify(folder.log).records == 3)
    }
}
