import Auditing
import Foundation
import Manifests
import Testing

@Suite struct RotationTests {
    @Test func carriesTheChainOver() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log, rotation: .bytes(2000))
        try await appendChanges(100, to: log)
        log.close()
        #expect(folder.names.contains("log.jsonl.1"))
        #expect(folder.names.contains("log.jsonl.10"))
        for name in folder.names { #expect(try read(folder.path + "/" + name).count <= 2000) }
        let verification = try verify(folder.log)
        #expect(verification.fault == nil)
        #expect(verification.records == 100)
        #expect(verification.head == log.head)
        // Any of the files stands for the whole log.
        #expect(try verify(folder.log + ".3") == verification)
    }

    @Test func carriesOnInALaterRun() async throws {
        let folder = try TemporaryFolder()
        for _ in 0..<20 {
            let log = try openLog(folder.log, rotation: .bytes(1000))
            try await appendChanges(3, to: log)
            log.close()
        }
        #expect(try verify(folder.log).records == 60)
    }

    @Test func carriesOnAfterAKillBetweenTheTwoFiles() async throws {
        for leavesEmptyFile in [false, true] {
            let folder = try TemporaryFolder()
            var log = try openLog(folder.log)
            try await appendChanges(3, to: log)
            log.close()
            try FileManager.default.moveItem(atPath: folder.log, toPath: folder.log + ".1")
            if leavesEmptyFile { try write([], to: folder.log) }
            log = try openLog(folder.log)
            #expect(log.head.sequence == 3)
            try await appendChanges(2, to: log)
            log.close()
            #expect(try verify(folder.log).records == 5)
        }
    }

    @Test func letsTwoLogsRotateOneFile() async throws {
        let folder = try TemporaryFolder()
        let logs = try (0..<3).map { _ in try openLog(folder.log, rotation: .bytes(3000)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, log) in logs.enumerated() {
                group.addTask { try await appendChanges(100, to: log, runID: "r\(index)") }
            }
            try await group.waitForAll()
        }
        logs.forEach { $0.close() }
        let verification = try verify(folder.log)
        #expect(verification.fault == nil)
        #expect(verification.records == 300)
        #expect(folder.names.count > 20)
    }

    @Test func namesWhatIsMissingWhenARotatedFileIsGone() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log, rotation: .bytes(1000))
        try await appendChanges(20, to: log)
        log.close()
        let second = lines(try read(folder.log + ".2")).count
        try FileManager.default.removeItem(atPath: folder.log + ".2")
        let fault = try #require(try verify(folder.log).fault)
        #expect(fault.kind == .missing)
        #expect(fault.file == folder.log + ".3")
        #expect(fault.line == 1)
        try FileManager.default.removeItem(atPath: folder.log + ".1")
        #expect(try verify(folder.log).fault?.kind == .missing)
        let rest = try AuditVerifier.verify(AuditSource.files(ofLog: folder.log), allowsMissingStart: true)
        #expect(rest.fault == nil)
        #expect(rest.records < 20 - second)
    }
}
