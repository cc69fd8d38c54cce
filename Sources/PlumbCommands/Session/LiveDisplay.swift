internal import Applying
internal import Manifests
internal import Planning
internal import Synchronization

/// Shows an apply on a terminal: what has ended scrolls up as lines; below stands, drawn anew as it changes, how far the run
/// is, what is under way and what it waits for, and what comes next.
final class LiveDisplay: Sendable {
    private struct Running {
        var change: Change
        var since = ContinuousClock.now
        /// Written, and waited for; why.
        var reason: String?
    }

    private struct State {
        var running: [String: Running] = [:]
        var order: [String] = []
        /// The places of the changes that have not started, with how many each holds.
        var coming: [ChangePlace: Int] = [:]
        var counts: [ChangeResult.Outcome: Int] = [:]
        /// Lines drawn below what scrolls.
        var drawn = 0
        var frame = 0
        var hasEnded = false
    }

    private let console: Console
    private let style: TextStyle
    private let total: Int
    /// How many changes wait for each.
    private let dependents: [String: Int]
    private let started = ContinuousClock.now
    private let state: Mutex<State>

    private static let rowsMax = 12
    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    init(_ plan: Plan, console: Console) {
        self.console = console
        style = console.errorStyle
        let changes = plan.changes.filter { $0.action != .noOp && $0.place.phase != .syncFail }
        total = changes.count
        var dependents: [String: Int] = [:]
        var coming: [ChangePlace: Int] = [:]
        for change in changes {
            coming[change.place, default: 0] += 1
            for needed in change.dependsOn { dependents[needed, default: 0] += 1 }
        }
        self.dependents = dependents
        state = Mutex(State(coming: coming))
    }

    func show(_ event: ApplyEvent) {
        state.withLock { state in
            var lines: [String] = []
            switch event {
            case .started(let change):
                state.running[change.id] = Running(change: change)
                state.order.append(change.id)
                leave(change, &state)
            case .written(let change, _): state.running[change.id]?.reason = ""
            case .waiting(let change, let reason): state.running[change.id]?.reason = reason
            case .finished(let change, let result):
                if state.running.removeValue(forKey: change.id) == nil { leave(change, &state) }
                state.order.removeAll { $0 == change.id }
                state.counts[result.outcome, default: 0] += 1
                lines.append(ApplyWords.line(change, result, style: style))
            case .note(let text): lines.append(VisibleText.text(text))
            }
            // What only stands below is drawn by the next tick: thousands of changes are not thousands of screens.
            if !lines.isEmpty { draw(&state, above: lines) }
        }
    }

    /// Draws the region again and again until the task is cancelled.
    func animate() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            if Task.isCancelled { return }
            state.withLock { state in
                state.frame += 1
                draw(&state, above: [])
            }
        }
    }

    /// Takes the region away.
    func end() {
        state.withLock { state in
            guard !state.hasEnded else { return }
            console.draw(erasing: state.drawn, lines: [])
            state.drawn = 0
            state.hasEnded = true
        }
    }

    private func leave(_ change: Change, _ state: inout State) {
        guard let count = state.coming[change.place] else { return }
        state.coming[change.place] = count > 1 ? count - 1 : nil
    }

    private func draw(_ state: inout State, above: [String]) {
        guard !state.hasEnded else { return console.draw(erasing: 0, lines: above) }
        let size = Platform.terminalSize
        let region = region(state, rows: min(Self.rowsMax, max(1, size.rows - 4))).map { cut($0, to: size.columns) }
        console.draw(erasing: state.drawn, lines: above + region)
        state.drawn = region.count
    }

    private func region(_ state: State, rows: Int) -> [String] {
        let ended = state.counts.values.reduce(0, +)
        let seconds = Int(started.duration(to: .now).components.seconds)
        var head = "  \(bar(ended)) \(ended)/\(total)"
        for (outcome, word) in [(ChangeResult.Outcome.failed, "failed"), (.skipped, "skipped")] {
            if let count = state.counts[outcome] { head += ", \(count) \(word)" }
        }
        var lines = ["\(head)  \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"]
        let shown = state.order.prefix(rows)
        let spinner = Self.spinner[state.frame % Self.spinner.count]
        for id in shown {
            guard let running = state.running[id] else { continue }
            lines.append(line(running, spinner: spinner))
        }
        if state.order.count > shown.count { lines.append("    and \(state.order.count - shown.count) more under way") }
        let next = state.coming.sorted { $0.key < $1.key }.prefix(3).map { place, count in
            "\(place.text.isEmpty ? "" : "\(place.text): ")\(count) \(count == 1 ? "change" : "changes")"
        }
        if !next.isEmpty { lines.append("    then \(next.joined(separator: ", "))") }
        return lines
    }

    private func line(_ running: Running, spinner: String) -> String {
        let seconds = running.since.duration(to: .now).components.seconds
        var line = "  \(spinner) \(ApplyWords.pad(running.reason == nil ? ApplyWords.doing(running.change) : "waiting"))"
        line += VisibleText.text(running.change.id)
        if seconds > 0 { line += "  \(seconds)s" }
        if let reason = running.reason, !reason.isEmpty { line += "  \(VisibleText.text(reason))" }
        if let count = dependents[running.change.id] { line += "  [\(count) \(count == 1 ? "waits" : "wait") for it]" }
        return line
    }

    private func bar(_ ended: Int) -> String {
        let width = 24
        let filled = total == 0 ? width : min(width, ended * width / total)
        return String(repeating: "━", count: filled) + String(repeating: "┄", count: width - filled)
    }

    /// Lines that the terminal would break could not be taken away again.
    private func cut(_ line: String, to columns: Int) -> String {
        line.count < columns ? line : line.prefix(max(1, columns - 2)) + "…"
    }
}
