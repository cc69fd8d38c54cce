import Auditing
import Foundation
import Manifests
import Synchronization
import Testing

/// Events on their way to a receiver: once each, in spite of it being away, and never in the way of who writes the log.
@Suite struct EventTests {
    private final class Receiver: EventSink, Sendable {
        struct State {
            var ids: [String] = []
            var sequences: [Int] = []
            var refusals: Int
            var calls = 0
        }

        let state: Mutex<State>
        let isDurable = true
        let name = "https://example.org/events"

        init(refusals: Int = 0) { state = Mutex(State(refusals: refusals)) }

        func send(_ event: CloudEvent) async throws(EventFailure) {
            let isRefused = state.withLock { state in
                state.calls += 1
                if state.refusals > 0 {
                    state.refusals -= 1
                    return true
                }
                state.ids.append(event.id)
                state.sequences.append(event.sequence)
                return false
            }
            if isRefused { throw EventFailure("away", retryAfter: .milliseconds(1)) }
        }

        var sequences: [Int] { state.withLock { $0.sequences } }
    }

    private func append(_ count: Int, to log: AuditLog) async throws {
        for index in 0..<count {
            try await log.append(
                .changeFinished, runID: "r1", environment: "production", fields: ["object": .string("ConfigMap/shop/c\(index)")])
        }
    }

    @Test(arguments: [AuditRotation.none, .bytes(1500)]) func everyRecordOfTheRunIsSent(rotation: AuditRotation) async throws {
        let folder = try TemporaryFolder()
        let (log, _) = try AuditLog.open(path: folder.log, clock: tickingClock(), rotation: rotation)
        try await append(3, to: log)
        let receiver = Receiver()
        let forwarder = EventForwarder(log: log, sink: receiver, host: "h")
        forwarder.begin()
        try await append(100, to: log)
        let report = await forwarder.finish(within: .seconds(60))
        #expect(report.sent == 100 && report.left == 0 && report.failure == nil)
        #expect(receiver.sequences.sorted() == Array(4...103), "what was there before is nobody's news")
        log.close()
    }

    @Test func whatWasNotTakenIsSentByTheNextRun() async throws {
        let folder = try TemporaryFolder()
        let (log, _) = try AuditLog.open(path: folder.log, clock: tickingClock(), rotation: .bytes(1500))
        try await append(1, to: log)
        let first = Receiver()
        let one = EventForwarder(log: log, sink: first, host: "h")
        one.begin()
        try await append(5, to: log)
        #expect(await one.finish(within: .seconds(60)).left == 0)

        let away = Receiver(refusals: .max)
        let two = EventForwarder(log: log, sink: away, host: "h")
        two.begin()
        try await append(20, to: log)
        while away.state.withLock({ $0.calls }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        let report = await two.finish(within: .seconds(60))
        #expect(report.sent == 0 && report.left == 20 && report.failure == "away")

        let back = Receiver(refusals: 3)
        let three = EventForwarder(log: log, sink: back, host: "h")
        three.begin()
        try await append(2, to: log)
        while back.sequences.count < 22 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await three.finish(within: .seconds(60)).left == 0)
        #expect(Set(back.sequences) == Set(7...28))
        #expect(Set(first.sequences) == Set(2...6))
        log.close()
    }

    @Test func anEventIsACloudEvent() async throws {
        final class Keeper: EventSink, Sendable {
            let events = Mutex<[CloudEvent]>([])
            let name = "keeper"
            let isDurable = false
            func send(_ event: CloudEvent) async throws(EventFailure) { events.withLock { $0.append(event) } }
        }
        let folder = try TemporaryFolder()
        let (log, _) = try AuditLog.open(path: folder.log, clock: { Timestamp(seconds: 1_800_000_000) })
        let keeper = Keeper()
        let forwarder = EventForwarder(log: log, sink: keeper, host: "h")
        forwarder.begin()
        let receipt = try await log.append(
            .changeFinished, runID: "r1", environment: "production", fields: ["object": "ConfigMap/shop/a", "result": "succeeded"])
        _ = await forwarder.finish(within: .seconds(60))
        log.close()
        let event = try #require(keeper.events.withLock { $0.first })
        #expect(event.id == receipt.hash)
        #expect(
            event.value.object.map { $0.members.filter { $0.key != "data" } }.map { Value.object(Object($0)) }
                == [
                    "specversion": "1.0", "id": .string(receipt.hash), "type": "dev.plumb.change-finished",
                    "source": "/plumb/environments/production", "time": "2027-01-15T08:00:00.000000Z",
                    "datacontenttype": "application/json",
                    "runid": "r1", "sequence": "0000000000000001", "subject": "ConfigMap/shop/a",
                ])
        #expect(event.value.at("data", "result")?.string == "succeeded")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["log.jsonl"], "nothing is kept for who is not durable")
    }

    /// The example of the specification of Standard Webhooks.
    @Test func aSignatureIsThatOfStandardWebhooks() throws {
        let signature = try #require(EventSignature(key: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = signature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", unixTime: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(EventSignature(key: "") == nil && EventSignature(key: "whsec_!!") == nil)
    }
}
