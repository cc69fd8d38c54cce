import Auditing
import Foundation
import Manifests
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Disks that are full or broken, files that are taken away, processes that are killed.
@Suite struct FailureTests {
    /// A disk with room for so many bytes.
    private static func disk(bytes: Int) -> SystemCalls {
        let room = Room(bytes)
        return SystemCalls(write: { descriptor, bytes in
            let count = room.take(bytes.count)
            guard count > 0 else {
                errno = ENOSPC
                return -1
            }
            return SystemCalls.systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        })
    }

    @Test func losesNothingWhenTheDiskIsFullAtAnyByte() async throws {
        let whole = try await sampleLog(3)
        let ends = lines(whole).reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count + 1) }
        for room in 0..<whole.count {
            let folder = try TemporaryFolder()
            let log = try openLog(folder.log, calls: Self.disk(bytes: room))
            let fitting = ends.lastIndex { $0 <= room } ?? 0
            try await appendChanges(fitting, to: log)
            let error = await #expect(throws: AuditError.self) { try await appendChanges(1, to: log) }
            #expect(error?.kind == .system(errno: ENOSPC))
            log.close()
            #expect(try read(folder.log).count == ends[fitting])
            #expect(try verify(folder.log).fault == nil)
        }
    }

    @Test func saysThatTheDiskIsFullAndTakesNoMoreRecords() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log, calls: Self.disk(bytes: 300))
        try await appendChanges(1, to: log)
        for _ in 0..<3 {
            let error = await #expect(throws: AuditError.self) { try await appendChanges(1, to: log) }
            #expect(
                error?.diagnostic.description == """
                    \(folder.log): cannot write to the audit log: no space left on device
                      make room for the log, or move it to another disk, and run again
                    """)
        }
        #expect(log.head.sequence == 1)
    }

    @Test func takesARecordBackThatCouldNotBeFlushed() async throws {
        let folder = try TemporaryFolder()
        let flushes = Room(2)
        let calls = SystemCalls(synchronize: { descriptor in
            guard flushes.take(1) == 1 else {
                errno = EIO
                return -1
            }
            return SystemCalls.systemSynchronize(descriptor)
        })
        let log = try openLog(folder.log, calls: calls)
        try await appendChanges(2, to: log)
        let error = await #expect(throws: AuditError.self) { try await appendChanges(1, to: log) }
        #expect(error?.message == "cannot flush the audit log to disk: input/output error")
        log.close()
        #expect(try verify(folder.log).records == 2)
    }

    @Test func failsAllAppendersThatWait() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log, calls: Self.disk(bytes: 5000))
        let confirmed = await withTaskGroup(of: Int.self) { group in
            for task in 0..<32 {
                group.addTask { (try? await appendChanges(1, to: log, runID: "r\(task)").count) ?? 0 }
            }
            return await group.reduce(0, +)
        }
        log.close()
        #expect(confirmed < 32)
        #expect(try verify(folder.log).records == confirmed)
    }

    @Test func keepsATornLineWhenThereIsNoRoomToSetItAside() async throws {
        let torn = try await sampleLog(2).dropLast(40)
        let folder = try TemporaryFolder()
        try write(Array(torn), to: folder.log)
        let error = #expect(throws: AuditError.self) { try openLog(folder.log, calls: Self.disk(bytes: 10)) }
        #expect(error?.kind == .system(errno: ENOSPC))
        #expect(try read(folder.log) == Array(torn))
        #expect(folder.names == ["log.jsonl"])
    }

    @Test func noticesThatTheFileWasRemoved() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await appendChanges(1, to: log)
        try FileManager.default.removeItem(atPath: folder.log)
        let error = await #expect(throws: AuditError.self) { try await appendChanges(1, to: log) }
        #expect(error?.kind == .replaced)
        #expect(folder.names.isEmpty)
    }

    @Test func noticesThatTheFileWasReplaced() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await appendChanges(1, to: log)
        let copy = try read(folder.log)
        try write(copy, to: folder.path + "/copy")
        rename(folder.path + "/copy", folder.log)
        let error = await #expect(throws: AuditError.self) { try await appendChanges(1, to: log) }
        #expect(error?.kind == .replaced)
        #expect(error?.message == "the audit log was removed or replaced while it was open")
        #expect(try read(folder.log) == copy)
    }

    @Test func noticesThatTheFileWasShortened() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        try await appendChanges(2, to: log)
        truncate(folder.log, 10)
        let error = await #expect(throws: AuditError.self) { try await appendChanges(1, to: log) }
        #expect(error?.message == "the audit log was shortened while it was open")
    }

    @Test func meetsTheSystemsOwnLimitOfAFilesSize() async throws {
        let folder = try TemporaryFolder()
        let path = folder.log
        await #expect(processExitsWith: .success) { [path = path as String] in
            // The limit holds for the whole process, so this one is a child.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let log = try openLog(path)
            let error = await #expect(throws: AuditError.self) { try await appendChanges(100, to: log) }
            #expect(error?.kind == .system(errno: EFBIG))
            log.close()
        }
        let verification = try verify(path)
        #expect(verification.fault == nil)
        #expect(verification.records > 1)
    }

    /// Each child writes as fast as it can from several tasks, says what was confirmed, and kills itself.
    @Test(arguments: 0..<12) func keepsWhatWasConfirmedWhenKilled(attempt: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.log
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, attempt = attempt as Int] in
            let log = try openLog(path, rotation: attempt % 2 == 0 ? .none : .bytes(20_000))
            let unconfirmed = Room(10)
            let killer = Thread {
                while !unconfirmed.isEmpty { usleep(100) }
                usleep(UInt32(attempt * 3_919))
                kill(getpid(), SIGKILL)
            }
            killer.start()
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        _ = FileManager.default.createFile(atPath: path + "-\(task)", contents: nil)
                        let told = FileHandle(forWritingAtPath: path + "-\(task)")
                        while let receipt = try? await appendChanges(1, to: log, runID: "r\(task)").first {
                            told?.write(Data("\(receipt.sequence) \(receipt.hash)\n".utf8))
                            _ = unconfirmed.take(1)
                        }
                    }
                }
            }
        }
        let log = try openLog(path)
        try await appendChanges(1, to: log, runID: "next")
        log.close()
        let verification = try verify(path)
        #expect(verification.fault == nil)
        var told = 0
        for task in 0..<8 {
            guard let text = try? String(contentsOfFile: path + "-\(task)", encoding: .utf8) else { continue }
            let wholeLines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            told += wholeLines.count
            guard let parts = wholeLines.last?.split(separator: " "), let sequence = Int(parts[0]) else { continue }
            let head = AuditHead(sequence: sequence, hash: String(parts[1]))
            #expect(try AuditVerifier.verify(AuditSource.files(ofLog: path), expectedHead: head).fault == nil)
        }
        #expect(told >= 10)
        #expect(verification.records > told)
    }
}

/// How much is left of something.
private final class Room: Sendable {
    private let left: Mutex<Int>
    init(_ count: Int) { left = Mutex(count) }
    var isEmpty: Bool { left.withLock { $0 == 0 } }
    func take(_ wanted: Int) -> Int {
        left.withLock {
            let count = min($0, wanted)
            $0 -= count
            return count
        }
    }
}
