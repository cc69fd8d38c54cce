internal import Synchronization

/// Takes events of a log, once each, or fails.
package protocol EventSink: Sendable {
    /// What tells it from others: what was sent to one says nothing of another.
    var name: String { get }
    /// Whether what could not be sent is sent by a later run.
    var isDurable: Bool { get }
    /// - Throws: `EventFailure` when it was not taken.
    func send(_ event: CloudEvent) async throws(EventFailure)
}

/// Why a receiver did not take an event.
package struct EventFailure: Error, Sendable {
    package var message: String
    /// How long the receiver asks us to wait.
    package var retryAfter: Duration?

    package init(_ message: String, retryAfter: Duration? = nil) {
        self.message = message
        self.retryAfter = retryAfter
    }
}

/// Sends a log's records on while they are written, behind the run's back: a receiver that is slow or away never holds a run
/// up. What it did not take is sent by the next run, since the log itself keeps it.
package final class EventForwarder: Sendable {
    private struct State {
        var isEnding = false
        var sent = 0
        var last = 0
        var failure: EventFailure?
    }

    private static let pause: Duration = .milliseconds(50)
    private static let backoff: ClosedRange<Duration> = .milliseconds(250) ... .seconds(15)
    private static let batch = 64
    private static let inFlight = 8

    private let log: AuditLog
    private let sink: any EventSink
    private let host: String
    private let cursor = Mutex<EventCursor?>(nil)
    private let state = Mutex(State())
    private let start: Int
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// What was sent, and what was not.
    package struct Report: Sendable {
        package var sent: Int
        package var left: Int
        /// Why some is left, if the receiver said.
        package var failure: String?
    }

    /// Begins after the last record that the receiver took; without such, with the next record to be written.
    package init(log: AuditLog, sink: any EventSink, host: String) {
        self.log = log
        self.sink = sink
        self.host = host
        let known = Self.cursor(log, sink, host)
        start = min(known?.read() ?? log.head.sequence, log.head.sequence)
        cursor.withLock { $0 = known }
    }

    /// `nil` for a receiver that is not durable, and for a log without a record, which cannot be told from others yet.
    private static func cursor(_ log: AuditLog, _ sink: any EventSink, _ host: String) -> EventCursor? {
        guard sink.isDurable, let id = log.id(host: host) else { return nil }
        return EventCursor(log: log.path, id: id, receiver: sink.name)
    }

    /// Remembers how far the receiver is, from the first record on that there is to be sent: one that is away from the
    /// beginning has missed what follows, too.
    private func remember(_ sequence: Int) {
        cursor.withLock { cursor in
            if cursor == nil { cursor = Self.cursor(log, sink, host) }
            cursor?.write(sequence)
        }
    }

    /// Begins to send.
    package func begin() {
        let task = Task(name: "forward events") { await self.run() }
        self.task.withLock { $0 = task }
    }

    /// Sends what is left, for so long at the most, and not at all to a receiver that has just failed.
    package func finish(within patience: Duration) async -> Report {
        let hasFailed = state.withLock { state in
            state.isEnding = true
            return state.failure != nil
        }
        let task = task.withLock { $0 }
        if hasFailed { task?.cancel() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await task?.value }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            task?.cancel()
            group.cancelAll()
        }
        return state.withLock { state in
            Report(sent: state.sent, left: max(0, log.head.sequence - max(state.last, start)), failure: state.failure?.message)
        }
    }

    private func run() async {
        let tail = AuditTail(path: log.path, after: start)
        var waiting = Self.backoff.lowerBound
        while !Task.isCancelled {
            let isEnding = state.withLock { $0.isEnding }
            let events: [CloudEvent]
            do { events = try tail.next(upTo: log.head.sequence, count: Self.batch) } catch {
                state.withLock { $0.failure = EventFailure(error.message) }
                return
            }
            if events.isEmpty {
                if isEnding { return }
                try? await Task.sleep(for: Self.pause)
                continue
            }
            if state.withLock({ $0.last == 0 }) { remember(start) }
            var rest = events[...]
            while !rest.isEmpty, !Task.isCancelled {
                guard let failure = await send(&rest) else {
                    waiting = Self.backoff.lowerBound
                    continue
                }
                // A receiver that is away at the end of a run is not waited for.
                if state.withLock({ $0.isEnding }) { return }
                try? await Task.sleep(for: failure.retryAfter ?? waiting)
                waiting = min(waiting * 2, Self.backoff.upperBound)
            }
        }
    }

    /// Sends the first events of what is left, several at a time, and takes those off that were taken in their order.
    private func send(_ rest: inout ArraySlice<CloudEvent>) async -> EventFailure? {
        let batch = Array(rest.prefix(Self.inFlight))
        let results = await withTaskGroup(of: (Int, EventFailure?).self) { group in
            for (index, event) in batch.enumerated() {
                group.addTask { [sink] in
                    do throws(EventFailure) { try await sink.send(event) } catch { return (index, error) }
                    return (index, nil)
                }
            }
            var results = [EventFailure?](repeating: nil, count: batch.count)
            for await (index, failure) in group { results[index] = failure }
            return results
        }
        let failed = results.firstIndex { $0 != nil }
        let taken = failed ?? batch.count
        rest = rest.dropFirst(taken)
        let failure = failed.flatMap { results[$0] }
        state.withLock { state in
            state.sent += taken
            if taken > 0 { state.last = batch[taken - 1].sequence }
            state.failure = failure
        }
        if taken > 0 { remember(batch[taken - 1].sequence) }
        return failure
    }
}
