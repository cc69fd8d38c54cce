internal import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Prints a plan that was just made and writes its file.
struct PlanOutput {
    let console: Console
    let isJSON: Bool

    func show(_ plan: Plan, out: String?) throws {
        if let out { try Platform.replace(out, with: plan.fileBytes) }
        if isJSON {
            console.output(plan.fileBytes)
        } else {
            let options = PresentationOptions(detail: console.isVerbose ? .full : .folded)
            console.output(PlanText(isColored: console.outputStyle.isColored, options: options).text(plan))
        }
        if let out { console.info("The plan is in \(out); apply exactly it with: plumb apply \(out)") }
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
