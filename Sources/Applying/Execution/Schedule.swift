internal import Manifests
internal import Planning

/// Which changes may start now, which never will.
struct Schedule {
    private enum State: Equatable {
        case waiting
        case running
        /// Written, and waited for.
        case written
        case finished(ChangeResult.Outcome)
    }

    private let ids: [String]
    private let dependencies: [[Int]]
    private let stages: [Int]
    private let isDeletion: [Bool]
    private var states: [State]
    /// How many changes of each stage are not written yet.
    private var unwritten: [Int: Int] = [:]
    private var creationsLeft: Int
    private var hasFailedCreation = false
    /// Everything before this index has started or never will: looking for work begins here.
    private var front = 0

    init(_ steps: [Executor.Step]) {
        ids = steps.map(\.change.id)
        var indexes: [String: Int] = [:]
        for (index, id) in ids.enumerated() { indexes[id] = index }
        dependencies = steps.map { $0.change.dependsOn.compactMap { indexes[$0] } }
        isDeletion = steps.map { $0.change.action == .delete }
        states = Array(repeating: .waiting, count: steps.count)
        var stages = [Int](repeating: 0, count: steps.count)
        for (index, step) in steps.enumerated() {
            // Deletions have one stage: their order is in their dependencies.
            stages[index] = isDeletion[index] ? Int.max : KindStage.stage(of: step.change.reference.groupKind)
            // What is needed moves whatever needs it behind itself; the plan's order has it first.
            for needed in dependencies[index] { stages[index] = max(stages[index], stages[needed]) }
            unwritten[stages[index], default: 0] += 1
        }
        self.stages = stages
        creationsLeft = isDeletion.count { !$0 }
    }

    /// The next change that may start, marked as running.
    mutating func takeReady() -> Int? {
        while front < states.count, states[front] != .waiting { front += 1 }
        guard let lowest = unwritten.filter({ $0.value > 0 }).keys.min() else { return nil }
        for index in front..<states.count where states[index] == .waiting {
            guard stages[index] <= lowest else { continue }
            if isDeletion[index], creationsLeft > 0 || hasFailedCreation { continue }
            guard dependencies[index].allSatisfy({ isDone($0) }) else { continue }
            states[index] = .running
            return index
        }
        return nil
    }

    private func isDone(_ index: Int) -> Bool {
        switch states[index] {
        case .finished(.succeeded), .finished(.unchanged): true
        case .finished, .waiting, .running, .written: false
        }
    }

    /// The changes that can never start, marked as skipped, with the reason.
    mutating func takeSkipped() -> [(Int, String)] {
        var skipped: [(Int, String)] = []
        for index in front..<states.count where states[index] == .waiting {
            guard let reason = reason(for: index) else { continue }
            skipped.append((index, reason))
            finished(index, .skipped)
        }
        return skipped
    }

    /// Why a change cannot start any more; `nil` when it still may.
    func reason(for index: Int) -> String? {
        for needed in dependencies[index] {
            switch states[needed] {
            case .finished(.failed): return "\(ids[needed]), which it depends on, failed"
            case .finished(.skipped): return "\(ids[needed]), which it depends on, was skipped"
            case .finished, .waiting, .running, .written: continue
            }
        }
        if isDeletion[index], hasFailedCreation { return "nothing is deleted, because a change before failed" }
        return nil
    }

    func isRunning(_ index: Int) -> Bool { states[index] == .running }

    mutating func written(_ index: Int) {
        states[index] = .written
        unwritten[stages[index], default: 1] -= 1
    }

    mutating func finished(_ index: Int, _ outcome: ChangeResult.Outcome) {
        if states[index] != .written { unwritten[stages[index], default: 1] -= 1 }
        states[index] = .finished(outcome)
        guard !isDeletion[index] else { return }
        creationsLeft -= 1
        if outcome == .failed || outcome == .skipped { hasFailedCreation = true }
    }
}
