internal import Manifests
internal import Planning

/// Which changes may start now, which never will. All of it together takes time in proportion to changes and dependencies.
///
/// Places (phases and waves) follow each other: one starts when everything of the one before is done and healthy, and never
/// when something there failed. Within a place the stages of kinds follow each other as soon as they are written, and
/// a change starts when what it depends on is done.
struct Schedule {
    private enum State: Equatable {
        case waiting
        case running
        /// Written, and waited for.
        case written
        case finished(ChangeResult.Outcome)
    }

    /// The changes of a place and a stage.
    private struct Group {
        var place: Int
        var members: [Int] = []
        /// How many are not written yet.
        var unwritten = 0
    }

    private let ids: [String]
    private let places: [ChangePlace]
    private let isDoneWhenWritten: [Bool]
    private let dependencies: [[Int]]
    private let dependents: [[Int]]
    private let groupOf: [Int]
    private var groups: [Group]
    private var states: [State]
    /// For each change how many of its dependencies are not done.
    private var unmet: [Int]
    /// For each place how many changes are not done.
    private var unfinished: [Int]
    /// The groups below this one have been opened.
    private var openGroups = 0
    private var ready = IndexQueue()
    private var skipped: [(Int, String)] = []
    /// Why changes can never start.
    private var reasons: [Int: String] = [:]
    /// The first place in which something failed: later ones never start.
    private var failedPlace: Int?

    init(_ steps: [ExecutionStep]) {
        ids = steps.map(\.change.id)
        isDoneWhenWritten = steps.map(\.isDoneWhenWritten)
        var indexes: [String: Int] = [:]
        for (index, id) in ids.enumerated() { indexes[id] = index }
        let dependencies = steps.map { step in step.change.dependsOn.compactMap { indexes[$0] } }
        var dependents = [[Int]](repeating: [], count: steps.count)
        for (index, needs) in dependencies.enumerated() { for needed in needs { dependents[needed].append(index) } }
        let places = Set(steps.map(\.change.place)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($0.element, $0.offset) })
        let placeOf = steps.map { numbers[$0.change.place] ?? 0 }
        let stages = Self.stages(steps, dependencies, placeOf)
        let order = steps.indices.sorted { (placeOf[$0], stages[$0], $0) < (placeOf[$1], stages[$1], $1) }
        var groups: [Group] = []
        var groupOf = [Int](repeating: 0, count: steps.count)
        var last: (place: Int, stage: Int)?
        for index in order {
            if last?.place != placeOf[index] || last?.stage != stages[index] { groups.append(Group(place: placeOf[index])) }
            last = (placeOf[index], stages[index])
            groups[groups.count - 1].members.append(index)
            groups[groups.count - 1].unwritten += 1
            groupOf[index] = groups.count - 1
        }
        self.places = places
        self.dependencies = dependencies
        self.dependents = dependents
        self.groups = groups
        self.groupOf = groupOf
        states = Array(repeating: .waiting, count: steps.count)
        unmet = dependencies.map(\.count)
        unfinished = [Int](repeating: 0, count: places.count)
        for place in placeOf { unfinished[place] += 1 }
        open()
    }

    /// The stage of each kind; what is needed moves whatever needs it behind itself (the plan's order has it first).
    /// Deletions have one stage, unless they wait for a hook: their order is in their dependencies.
    private static func stages(_ steps: [ExecutionStep], _ dependencies: [[Int]], _ placeOf: [Int]) -> [Int] {
        var stages = [Int](repeating: 0, count: steps.count)
        for (index, step) in steps.enumerated() {
            if step.change.action != .delete { stages[index] = KindStage.stage(of: step.change.reference.groupKind) }
            for needed in dependencies[index] where placeOf[needed] == placeOf[index] && needed < index {
                stages[index] = max(stages[index], stages[needed])
            }
        }
        return stages
    }

    /// Opens the groups whose turn has come.
    private mutating func open() {
        while openGroups < groups.count {
            if openGroups > 0 {
                let before = groups[openGroups - 1]
                guard before.unwritten == 0 else { return }
                if groups[openGroups].place != before.place {
                    guard failedPlace == nil, unfinished[before.place] == 0 else { return }
                }
            }
            for index in groups[openGroups].members where states[index] == .waiting && unmet[index] == 0 { ready.append(index) }
            openGroups += 1
        }
    }

    /// The next change that may start, marked as running.
    mutating func takeReady() -> Int? {
        while let index = ready.popFirst() {
            guard states[index] == .waiting else { continue }
            states[index] = .running
            return index
        }
        return nil
    }

    /// The changes that can never start, marked as skipped, with the reason.
    mutating func takeSkipped() -> [(Int, String)] {
        defer { skipped = [] }
        return skipped.sorted { $0.0 < $1.0 }
    }

    /// Why a change cannot start; `nil` when nothing stands in its way.
    func reason(for index: Int) -> String? {
        if let reason = reasons[index] { return reason }
        guard states[index] == .waiting, let needed = dependencies[index].first(where: { !isDone($0) }) else { return nil }
        return "it waits for \(ids[needed])"
    }

    private func isDone(_ index: Int) -> Bool {
        switch states[index] {
        case .finished(.succeeded), .finished(.unchanged): true
        case .written: isDoneWhenWritten[index]
        case .finished, .waiting, .running: false
        }
    }

    func isRunning(_ index: Int) -> Bool { states[index] == .running }

    mutating func written(_ index: Int) {
        guard states[index] == .running else { return }
        states[index] = .written
        groups[groupOf[index]].unwritten -= 1
        if isDoneWhenWritten[index] { release(index) }
        open()
    }

    mutating func finished(_ index: Int, _ outcome: ChangeResult.Outcome) {
        let wasReleased = states[index] == .written && isDoneWhenWritten[index]
        end(index, outcome)
        switch outcome {
        case .succeeded, .unchanged: if !wasReleased { release(index) }
        case .failed, .skipped: skipDependents(of: index)
        }
        open()
    }

    private mutating func end(_ index: Int, _ outcome: ChangeResult.Outcome) {
        if states[index] != .written { groups[groupOf[index]].unwritten -= 1 }
        states[index] = .finished(outcome)
        unfinished[groups[groupOf[index]].place] -= 1
    }

    private mutating func release(_ index: Int) {
        for dependent in dependents[index] {
            unmet[dependent] -= 1
            if unmet[dependent] == 0, states[dependent] == .waiting, groupOf[dependent] < openGroups { ready.append(dependent) }
        }
    }

    /// What depends on a change that failed, and every later place.
    private mutating func skipDependents(of failed: Int) {
        var rest = [failed]
        while let index = rest.popLast() {
            let word = states[index] == .finished(.failed) ? "failed" : "was skipped"
            for dependent in dependents[index] where states[dependent] == .waiting {
                skip(dependent, "\(ids[index]), which it depends on, \(word)")
                rest.append(dependent)
            }
        }
        let place = groups[groupOf[failed]].place
        if let failedPlace, failedPlace <= place { return }
        failedPlace = place
        for group in groups where group.place > place {
            let reason =
                places[group.place].phase == .prune
                ? "nothing is deleted, because a change before failed"
                : "\(places[group.place].text.isEmpty ? "its wave" : places[group.place].text) does not start, because \(ids[failed]) failed"
            for index in group.members where states[index] == .waiting { skip(index, reason) }
        }
    }

    private mutating func skip(_ index: Int, _ reason: String) {
        end(index, .skipped)
        reasons[index] = reason
        skipped.append((index, reason))
    }
}
