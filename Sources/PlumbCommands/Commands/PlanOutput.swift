internal import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Prints a plan that was just made and writes its file.
struct PlanOutput {
    let console: Console
    let isJSON: Bool

    /// Writes the plan's file and prints the plan.
    /// - Parameter out: Where the plan's file goes, as it was typed.
    func show(_ plan: Plan, out: String?, context: ProcessContext) throws {
        if let out { try Platform.replace(context.path(out), with: plan.fileBytes) }
        show(plan, file: out)
    }

    /// The plan as people are shown it.
    func text(_ plan: Plan) -> String {
        let options = PresentationOptions(detail: console.isVerbose ? .full : .folded)
        return PlanText(isColored: console.outputStyle.isColored, options: options).text(plan)
    }

    /// - Parameters:
    ///   - text: The plan's, where it was made already.
    ///   - file: Where the plan was written to.
    func show(_ plan: Plan, text: String? = nil, file: String?) {
        if isJSON {
            console.output(plan.fileBytes)
        } else {
            console.group("Plan for \(plan.environment)", name: "plan-\(plan.environment)") {
                console.output(text ?? self.text(plan))
            }
        }
        console.summary(PresentationMarkdown().text(Presentation(plan)))
        if let file { console.info(next(plan, out: file)) }
    }

    private func next(_ plan: Plan, out: String) -> String {
        let needed = plan.settings.approvals?.required(for: plan) ?? 0
        guard needed > 0 else {
            return "The plan is in \(out); apply exactly it with: plumb apply \(out)\(plan.isRollback ? " --allow-rollback" : "")"
        }
        return "The plan is in \(out); it needs \(needed == 1 ? "1 approval" : "\(needed) approvals"): plumb approve \(out) --key KEY"
    }

    /// How many requests of which sort were made.
    static func text(_ statistics: RequestStatistics) -> String {
        let counts = [
            ("discovery", statistics.discovery), ("get", statistics.get), ("list", statistics.list), ("dry run", statistics.dryRun),
            ("apply", statistics.apply), ("create", statistics.create), ("update", statistics.update), ("delete", statistics.delete),
            ("retried", statistics.retries), ("throttled", statistics.throttled),
        ]
        let shown = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        return "requests: \(shown.joined(separator: ", ")); \(statistics.bytesReceived) bytes received"
    }
}
