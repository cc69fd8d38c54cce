internal import KubernetesAPI
internal import Manifests
internal import Synchronization

/// Compares the objects of a plan with their live ones as these arrive, many at a time.
///
/// What an apply could not change is told at once and let go; the server is asked about the rest. Of thousands of live
/// objects only those are kept that differ, and those only until their change is made.
final class ComparisonRun: Sendable {
    private let desired: [DesiredObject]
    /// The inventory's entry of each object.
    private let entries: [InventoryEntry?]
    private let comparison: ObjectComparison
    private let builder: ChangeBuilder
    private let parallelism: Int
    private let outcomes: Mutex<[Outcome?]>

    private struct Outcome: Sendable {
        var answer: Result<Change, ComparisonFailure>
        var warnings: [String] = []
    }

    /// An object that the server has to be asked about.
    struct Pending: Sendable {
        var index: Int
        var live: Value
        var examined: ObjectComparison.Result
    }

    init(
        _ desired: [DesiredObject], entries: [InventoryEntry?], comparison: ObjectComparison,
        builder: ChangeBuilder, parallelism: Int
    ) {
        self.desired = desired
        self.entries = entries
        self.comparison = comparison
        self.builder = builder
        self.parallelism = parallelism
        outcomes = Mutex(Array(repeating: nil, count: desired.count))
    }

    /// Looks at the live state of one object.
    /// - Returns: What the server has to be asked about; `nil` when all is said.
    func examine(_ index: Int, live: Value) -> Pending? {
        let object = desired[index]
        let examination = comparison.examine(object, live: live, entry: entries[index])
        guard examination.isSettled else { return Pending(index: index, live: live, examined: examination.result) }
        settle(index, builder.settled(object, live: live, digest: examination.result.digest))
        return nil
    }

    /// Settles an object that is in the state in which it was found to be as it is desired.
    /// - Parameter live: Metadata is enough.
    /// - Returns: Whether it is.
    func stands(_ index: Int, live: Value) -> Bool {
        guard let entry = entries[index], entry.isSeen(live) else { return false }
        settle(index, builder.standing(desired[index], entry: entry))
        return true
    }

    /// Settles an object that was looked at already, and is in that state.
    func standsAsKnown(_ index: Int) {
        guard let entry = entries[index] else { return }
        settle(index, builder.standing(desired[index], entry: entry))
    }

    private func settle(_ index: Int, _ change: Change) { outcomes.withLock { $0[index] = Outcome(answer: .success(change)) } }

    /// Asks the server about objects that are there.
    func compare(_ pending: [Pending]) async throws {
        _ = try await BoundedTasks.map(pending, limit: parallelism) { [self] one in
            let object = desired[one.index]
            try await settle(one.index, live: one.live) {
                try await comparison.compare(object, live: one.live, examined: one.examined)
            }
        }
    }

    /// The objects of which nothing was seen.
    var absent: [Int] { outcomes.withLock { outcomes in outcomes.indices.filter { outcomes[$0] == nil } } }

    /// Asks the server about the objects that are not there.
    func create(deferral: @escaping @Sendable (DesiredObject) -> String?) async throws {
        _ = try await BoundedTasks.map(absent, limit: parallelism) { [self] index in
            let object = desired[index]
            try await settle(index, live: nil) { try await comparison.creation(object, deferral: deferral(object)) }
        }
    }

    private func settle(_ index: Int, live: Value?, _ ask: () async throws -> ObjectComparison.Result) async throws {
        let object = desired[index]
        let outcome: Outcome
        do {
            let result = try await ask()
            let change = await builder.change(for: object, live: live, result: result)
            outcome = Outcome(answer: .success(change), warnings: builder.warnings(about: object, result))
        } catch let error as APIError {
            outcome = Outcome(answer: .failure(.refused(error)))
        } catch let faults as Diagnostics {
            outcome = Outcome(answer: .failure(.faults(faults.all)))
        }
        outcomes.withLock { $0[index] = outcome }
    }

    /// The changes in the order of the objects.
    /// - Throws: `Diagnostics` with all refusals together.
    func changes(warnings: inout [String]) throws -> [Change] {
        let outcomes = outcomes.withLock { outcomes in
            defer { outcomes = [] }
            return outcomes
        }
        var changes: [Change] = []
        changes.reserveCapacity(outcomes.count)
        var failures = ComparisonFailures()
        for (object, outcome) in zip(desired, outcomes) {
            guard let outcome else { continue }
            warnings += outcome.warnings
            switch outcome.answer {
            case .success(let change): changes.append(change)
            case .failure(let failure): failures.add(failure, of: object)
            }
        }
        if let diagnostics = failures.diagnostics { throw diagnostics }
        return changes
    }
}
