internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Waits for any number of objects at once: one look at a time at all of them, by LIST where that is cheaper.
///
/// Looks are short after each other at first, since most objects are ready at once, longer for what takes its time, and
/// never closer than a multiple of what a look takes the server.
actor HealthMonitor {
    private struct Waiter {
        var target: HealthTarget
        var since = ContinuousClock.now
        /// What was told last of why it waits.
        var told: String?
        /// When its pods were looked at.
        var looked: ContinuousClock.Instant?
        /// What its pods and events say; it stands until they are looked at again.
        var trouble: PodTrouble?
        /// Since when its pods are as they will not get better.
        var hopelessSince: ContinuousClock.Instant?
        var continuation: CheckedContinuation<HealthResult, Never>
    }

    private static let firstPause: Duration = .milliseconds(100)
    private static let longestPause: Duration = .seconds(2)
    private static let slice: Duration = .milliseconds(25)
    /// After how long a wait its pods are asked why, and how often then.
    private static let troubleAfter: Duration = .seconds(2)
    private static let troubleEvery: Duration = .seconds(3)
    /// Of how many objects a look asks for the pods.
    private static let troublesMax = 8

    private let client: KubernetesClient
    private let observer: Observer
    private let rules: HealthRules
    private let stop: StopSignal
    private let report: @Sendable (ApplyEvent) -> Void
    private var waiters: [Int: Waiter] = [:]
    private var nextTicket = 0
    private var isAbandoned = false
    private var nextLook = ContinuousClock.now
    private var looking: Task<Void, Never>?

    init(client: KubernetesClient, rules: HealthRules, stop: StopSignal, report: @escaping @Sendable (ApplyEvent) -> Void) {
        self.client = client
        observer = Observer(client: client, skipsManagedFields: true)
        self.rules = rules
        self.stop = stop
        self.report = report
    }

    /// Whether an object need not be waited for at all.
    nonisolated func isHealthy(_ live: Value) -> Bool { rules.assess(live, now: .now()).status == .current }

    /// Returns when the object is as wanted, when it never will be, at its timeout, or when the run is to stop or the task
    /// is cancelled.
    func wait(for target: HealthTarget, written: Value) async -> HealthResult {
        switch target.judge(written, rules: rules, now: .now()) {
        case .done: return .healthy
        case .failed(let reason): return .failed(reason)
        case .pending(let reason):
            let ticket = nextTicket
            nextTicket += 1
            return await withTaskCancellationHandler {
                if Task.isCancelled || isAbandoned { return .stopped }
                return await withCheckedContinuation { continuation in
                    var waiter = Waiter(target: target, continuation: continuation)
                    tell(&waiter, reason)
                    waiters[ticket] = waiter
                    nextLook = min(nextLook, ContinuousClock.now + Self.firstPause)
                    // Ends by itself when nothing is waited for any more.
                    if looking == nil { looking = Task(name: "wait for health") { await self.look() } }
                }
            } onCancel: {
                Task { await self.finish(ticket, .stopped) }
            }
        }
    }

    /// Waits for nothing any more, now and later.
    func abandon() {
        isAbandoned = true
        for ticket in waiters.keys.sorted() { finish(ticket, .stopped) }
    }

    private func look() async {
        var pause = Self.firstPause
        while !waiters.isEmpty {
            if await sleepUntilLook() {
                for ticket in waiters.keys.sorted() { finish(ticket, .stopped) }
                break
            }
            let started = ContinuousClock.now
            let before = waiters.count
            await lookAtAll()
            await askForTroubles()
            let hasMoved = waiters.count < before
            pause = hasMoved ? Self.firstPause : min(pause * 3 / 2, Self.longestPause)
            nextLook = ContinuousClock.now + max(pause, min(started.duration(to: .now) * 4, .seconds(10)))
        }
        looking = nil
    }

    /// Sleeps until the next look is due; `true` when the run is to stop.
    private func sleepUntilLook() async -> Bool {
        while stop.signal == nil {
            guard ContinuousClock.now < nextLook else { return false }
            try? await Task.sleep(for: Self.slice)
        }
        return true
    }

    private func lookAtAll() async {
        let tickets = waiters.keys.sorted()
        let wanted = tickets.compactMap { waiters[$0] }.map {
            Observer.Wanted(resource: $0.target.resource, reference: $0.target.reference)
        }
        let found = await live(wanted)
        let now = Timestamp.now()
        for (ticket, one) in zip(tickets, wanted) {
            guard var waiter = waiters[ticket] else { continue }
            switch found[one.reference] {
            case .failure(let error): tell(&waiter, error.message)
            case .success(let object): judge(object, &waiter, now: now, ticket: ticket)
            case nil: judge(nil, &waiter, now: now, ticket: ticket)
            }
            guard waiters[ticket] != nil else { continue }
            if ContinuousClock.now - waiter.since >= waiter.target.timeout {
                finish(ticket, .timedOut(waiter.told ?? ""))
            } else {
                waiters[ticket] = waiter
            }
        }
    }

    private func judge(_ live: Value?, _ waiter: inout Waiter, now: Timestamp, ticket: Int) {
        switch waiter.target.judge(live, rules: rules, now: now) {
        case .done: finish(ticket, .healthy)
        case .failed(let reason): finish(ticket, .failed(Self.join(reason, waiter.trouble?.reason)))
        case .pending(let reason):
            tell(&waiter, Self.join(reason, waiter.trouble?.reason))
            if let trouble = waiter.trouble, let since = waiter.hopelessSince, ContinuousClock.now - since >= rules.grace {
                finish(ticket, .failed(trouble.reason))
            }
        }
    }

    /// The live objects. When they cannot be had all at once, each is asked for by itself, so that one that may not be read
    /// hides no other.
    private func live(_ wanted: [Observer.Wanted]) async -> [ObjectReference: Result<Value?, Diagnostic>] {
        if let found = try? await observer.observe(wanted) { return found.mapValues { .success($0) } }
        let answers = try? await BoundedTasks.map(wanted, limit: 8) { [observer] one -> (ObjectReference, Result<Value?, Diagnostic>) in
            do { return (one.reference, .success(try await observer.observe(one))) } catch let error as Diagnostic {
                return (one.reference, .failure(error))
            } catch { return (one.reference, .failure(Diagnostic("\(error)"))) }
        }
        return Dictionary(answers ?? []) { first, _ in first }
    }

    /// Asks the pods of what has been waiting for a while why.
    private func askForTroubles() async {
        let now = ContinuousClock.now
        let due = waiters.filter { _, waiter in
            let kind = waiter.target.reference.groupKind
            return waiter.target.goal != .gone && now - waiter.since >= Self.troubleAfter
                && (PodTrouble.hasPods(kind) || PodTrouble.isClaim(kind))
                && waiter.looked.map { now - $0 >= Self.troubleEvery } ?? true
        }.sorted { ($0.value.looked ?? $0.value.since) < ($1.value.looked ?? $1.value.since) }
        for (ticket, waiter) in due.prefix(Self.troublesMax) {
            if PodTrouble.isClaim(waiter.target.reference.groupKind) {
                waiters[ticket]?.looked = .now
                if await PodTrouble.waitsForConsumer(waiter.target, client: client) { finish(ticket, .healthy) }
                continue
            }
            let trouble = await PodTrouble.find(of: waiter.target, client: client)
            guard var waiter = waiters[ticket] else { continue }
            waiter.looked = .now
            waiter.trouble = trouble
            if trouble?.isHopeless == true {
                waiter.hopelessSince = trouble?.isCertain == true ? now - rules.grace : waiter.hopelessSince ?? now
            } else {
                waiter.hopelessSince = nil
            }
            waiters[ticket] = waiter
        }
    }

    private static func join(_ reason: String, _ more: String?) -> String {
        guard let more, !more.isEmpty else { return reason }
        return reason.isEmpty ? more : "\(reason); \(more)"
    }

    private func tell(_ waiter: inout Waiter, _ reason: String) {
        guard reason != waiter.told else { return }
        waiter.told = reason
        report(.waiting(waiter.target.change, reason: reason))
    }

    private func finish(_ ticket: Int, _ result: HealthResult) {
        waiters.removeValue(forKey: ticket)?.continuation.resume(returning: result)
    }
}
