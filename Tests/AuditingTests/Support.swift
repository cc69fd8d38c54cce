import Auditing
import Foundation
import Manifests
import Synchronization
import Testing

/// A folder of its own for one test, removed at the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/audit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var log: String { path + "/log.jsonl" }

    /// The names in the folder, sorted.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// A clock that goes on by a millisecond each time it is asked.
func tickingClock() -> @Sendable () -> Timestamp {
    let ticks = Ticks()
    return { Timestamp(seconds: 1_767_225_600).adding(.milliseconds(ticks.next())) }
}

private final class Ticks: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

func openLog(
    _ path: String, rotation: AuditRotation = .none, calls: SystemCalls = SystemCalls()
) throws -> AuditLog {
    try AuditLog.open(path: path, clock: tickingClock(), rotation: rotation, calls: calls).log
}

/// Appends `count` changes one after the other, each with its number.
@discardableResult
func appendChanges(_ count: Int, to log: AuditLog, runID: String = "r1") async throws -> [AuditReceipt] {
    var receipts: [AuditReceipt] = []
    for number in 0..<count {
        receipts.append(
            try await log.append(
                .changeFinished, runID: runID, environment: "production",
                fields: [
                    "object": .string("apps/Deployment/shop/web-\(number)"), "action": "update", "result": "succeeded",
                ]))
    }
    return receipts
}

/// The bytes of a log of `count` records.
func sampleLog(_ count: Int) async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let log = try openLog(folder.log)
    try await appendChanges(count, to: log)
    log.close()
    return try read(folder.log)
}

func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0x0A).map { Array($0) }
}

func joined(_ lines: [[UInt8]]) -> [UInt8] {
    lines.flatMap { $0 + [0x0A] }
}

func verify(_ path: String) throws -> AuditVerification {
    try AuditVerifier.verify(AuditSource.files(ofLog: path))
}
