internal import Applying
internal import Manifests

/// A command that changes what plumb keeps and no object, recorded as a run in the audit log.
struct RecordedCommand: Sendable {
    let audit: AuditDestination
    let context: ProcessContext
    let environment: String
    let server: String

    /// - Parameter command: What the log says was done.
    func run(_ command: String, _ work: (RunJournal) async throws -> Void) async throws {
        try await audit.withLog(context) { log in
            let journal = RunJournal(log: log, runID: context.runID, environment: environment)
            try await journal.started(command: command, server: server, actor: context.actor)
            do { try await work(journal) } catch {
                let fault = Failure.diagnostics(error).map(\.message).joined(separator: "; ")
                try? await journal.finished(counts: [:], exitCode: Int(Failure.code(error)), error: fault)
                throw error
            }
            try await journal.finished(counts: [:], exitCode: 0, error: nil)
        }
    }
}
