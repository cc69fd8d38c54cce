import Auditing
import Foundation
import Manifests
import Testing

/// Figures for the documentation, printed when `PLUMB_MEASURE` is set: they belong to the machine and prove nothing.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["PLUMB_MEASURE"] != nil)) struct MeasureTests {
    @Test(arguments: [1, 8, 32]) func appendsPerSecond(appenders: Int) async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        let count = 2000 / appenders * appenders
        let clock = ContinuousClock()
        let time = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<appenders {
                    group.addTask { try await appendChanges(count / appenders, to: log, runID: "r\(task)") }
                }
                try await group.waitForAll()
            }
        }
        log.close()
        print("\(appenders) appenders: \(Int(Double(count) / (time / .seconds(1)))) records/s")
    }

    @Test func verifiesAMillionRecords() async throws {
        let folder = try TemporaryFolder()
        let log = try openLog(folder.log)
        for group in 0..<1000 {
            try await log.append(
                (0..<1000).map {
                    AuditEntry(
                        .changeFinished, runID: "r\(group)", environment: "production",
                        fields: ["object": .string("apps/Deployment/shop/web-\($0)"), "action": "update", "result": "succeeded"])
                })
        }
        log.close()
        let clock = ContinuousClock()
        let start = clock.now
        let records = try verify(folder.log).records
        let verifying = clock.now - start
        #expect(records == 1_000_000)
        let telling = try clock.measure { _ = try AuditHistory.read([.file(folder.log)]) }
        let bytes = try FileManager.default.attributesOfItem(atPath: folder.log)[.size] ?? 0
        print("verify \(verifying), history \(telling), \(bytes) bytes")
    }
}
