internal import Applying
internal import Manifests
internal import Planning

/// Shows an apply as it goes: a line an event.
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
        case .started: return
        case .waiting(let change, let reason):
            console.info("  \(style.dim("waiting"))   \(change.id)\(reason.isEmpty ? "" : ": \(reason)")")
        case .finished(let change, let result):
            switch result.outcome {
            case .succeeded: console.info("  \(style.green(done(change.action)))  \(change.id)")
            case .unchanged: console.info("  \(style.dim("unchanged")) \(change.id)")
            case .skipped: console.info("  \(style.yellow("skipped"))   \(change.id): \(result.error ?? "")")
            case .failed: console.error("\(change.id): \(result.error ?? "it failed")")
            }
        case .note(let text): console.info(text)
        }
    }

    func end(_ plan: Plan, _ outcome: ApplyOutcome) {
        let counts = [ChangeResult.Outcome.succeeded, .unchanged, .failed, .skipped].compactMap { kind in
            outcome.counts[kind].map { "\($0) \(kind.rawValue)" }
        }
        let summary = counts.isEmpty ? "nothing to change" : counts.joined(separator: ", ")
        let style = console.errorStyle
        let title: String
        if outcome.signal != nil {
            title = style.yellow("Interrupted:")
        } else if outcome.isComplete {
            title = style.bold("Applied:")
        } else {
            title = style.red("Incomplete:")
        }
        console.info("\(title) \(plan.environment) at \(plan.source.commit.prefix(12)): \(summary).")
    }

    private func done(_ action: ChangeAction) -> String {
        switch action {
        case .create: "created "
        case .update: "updated "
        case .replace: "replaced"
        case .delete: "deleted "
        case .noOp: "kept    "
        }
    }

    private func encoded(_ event: ApplyEvent) -> Value {
        switch event {
        case .started(let change):
            return ["type": "change-started", "object": .string(change.id), "action": .string(change.action.rawValue)]
        case .waiting(let change, let reason):
            return ["type": "waiting", "object": .string(change.id), "reason": .string(reason)]
        case .finished(let change, let result):
            var object: Object = [
                "type": "change-finished", "object": .string(change.id), "action": .string(change.action.rawValue),
                "result": .string(result.outcome.rawValue), "durationMilliseconds": .int(Int64(result.durationMilliseconds)),
            ]
            if let error = result.error { object["error"] = .string(error) }
            return .object(object)
        case .note(let text): return ["type": "note", "message": .string(text)]
        }
    }
}
