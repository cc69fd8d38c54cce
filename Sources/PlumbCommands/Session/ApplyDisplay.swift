internal import Applying
internal import Manifests
internal import Planning

/// Shows an apply as it goes: a line an event, or a JSON object an event.
struct ApplyDisplay: Sendable {
    let console: Console
    let isJSON: Bool

    func show(_ event: ApplyEvent) {
        if isJSON {
            console.output(JSONWriter.canonical(encoded(event)) + [0x0A])
            return
        }
        let style = console.errorStyle
        switch event {
        case .started, .written: return
        case .waiting(let change, let reason):
            let text = reason.isEmpty ? "" : ": \(VisibleText.text(reason))"
            console.info("  \(style.dim(ApplyWords.pad("waiting")))\(VisibleText.text(change.id))\(text)")
        case .finished(let change, let result):
            if result.outcome == .failed {
                console.error("\(VisibleText.text(change.id)): \(VisibleText.text(result.error ?? "it failed"))")
            } else {
                console.info(ApplyWords.line(change, result, style: style))
            }
        case .note(let text): console.info(VisibleText.text(text))
        }
    }

    func end(_ plan: Plan, _ outcome: ApplyOutcome) {
        let style = console.errorStyle
        let title = "\(Self.title(outcome)):"
        let shown = outcome.signal != nil ? style.yellow(title) : outcome.isComplete ? style.bold(title) : style.red(title)
        console.info("\(shown) \(plan.environment) at \(plan.source.commit.prefix(12)): \(Self.counts(outcome)).")
    }

    /// For a job's page: how the apply ended, and what failed.
    static func markdown(_ plan: Plan, _ outcome: ApplyOutcome) -> String {
        var text = "### \(title(outcome)): \(plan.environment) at `\(plan.source.commit.prefix(12))`\n\n\(counts(outcome))\n"
        for failure in outcome.failures.prefix(50) {
            let error = failure.error.split(whereSeparator: \.isNewline).joined(separator: " ")
            text += "- `\(failure.id)`: \(error.filter { $0 != "`" && $0 != "<" && $0 != "|" })\n"
        }
        return text
    }

    private static func title(_ outcome: ApplyOutcome) -> String {
        outcome.signal != nil ? "Interrupted" : outcome.isComplete ? "Applied" : "Incomplete"
    }

    private static func counts(_ outcome: ApplyOutcome) -> String {
        let counts = [ChangeResult.Outcome.succeeded, .unchanged, .failed, .skipped].compactMap { kind in
            outcome.counts[kind].map { "\($0) \(kind.rawValue)" }
        }
        return counts.isEmpty ? "nothing to change" : counts.joined(separator: ", ")
    }

    private func encoded(_ event: ApplyEvent) -> Value {
        switch event {
        case .started(let change): return object("change-started", change)
        case .written(let change, let result):
            return object("change-written", change, ["durationMilliseconds": .int(Int64(result.durationMilliseconds))])
        case .waiting(let change, let reason): return object("waiting", change, ["reason": .string(reason)])
        case .finished(let change, let result):
            var more: Object = [
                "result": .string(result.outcome.rawValue), "durationMilliseconds": .int(Int64(result.durationMilliseconds)),
            ]
            if let error = result.error { more["error"] = .string(error) }
            return object("change-finished", change, more)
        case .note(let text): return ["type": "note", "message": .string(text)]
        }
    }

    private func object(_ type: String, _ change: Change, _ more: Object = Object()) -> Value {
        var object: Object = ["type": .string(type), "object": .string(change.id), "action": .string(change.action.rawValue)]
        if change.hook != nil { object["hook"] = .string(change.place.phase.rawValue) }
        if change.place.wave != 0 { object["wave"] = .int(Int64(change.place.wave)) }
        for member in more { object[member.key] = member.value }
        return .object(object)
    }
}
