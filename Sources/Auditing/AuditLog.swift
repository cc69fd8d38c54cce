package import Manifests

/// The append-only, chained log: JSON Lines, each record with the hash of the line before.
///
/// Any number of tasks may append at once, and several processes to one file. A record is on disk when `append`
/// returns; what is appended meanwhile shares one flush. After a failed append the log takes no more records.
package final class AuditLog: Sendable {
    /// The file, with symbolic links followed.
    package let path: String
    private let clock: @Sendable () -> Timestamp
    private let writer: AuditWriter

    private init(path: String, clock: @escaping @Sendable () -> Timestamp, writer: AuditWriter) {
        self.path = path
        self.clock = clock
        self.writer = writer
    }

    deinit { writer.state.withLock { $0.isClosing = true } }

    /// Opens a log, or makes it (mode 0600). A torn last line is moved to `<path>.torn-<time>` and told in `notes`.
    ///
    /// Throws when the file cannot be opened or is no audit log; then it was not changed.
    package static func open(
        path: String, clock: @escaping @Sendable () -> Timestamp, rotation: AuditRotation = .none,
        calls: SystemCalls = SystemCalls()
    ) throws(AuditError) -> (log: AuditLog, notes: [Diagnostic]) {
        let file = try AuditFile(path: path, rotation: rotation, clock: clock, calls: calls)
        let path = file.path
        let notes = file.notes
        let writer = try AuditWriter(file)
        return (AuditLog(path: path, clock: clock, writer: writer), notes)
    }

    /// Appends one record and returns when it is on disk. A task that is cancelled meanwhile still waits: the record
    /// is written. Fields named as what every record has are dropped.
    @discardableResult
    package func append(
        _ type: AuditRecordType, runID: String, environment: String, fields: Object = Object()
    ) async throws(AuditError) -> AuditReceipt {
        let entry = AuditEntry(type, runID: runID, environment: environment, fields: fields)
        guard let receipt = try await append([entry]).first else { return head }
        return receipt
    }

    /// Appends records that follow each other directly, all or none.
    @discardableResult
    package func append(_ entries: [AuditEntry]) async throws(AuditError) -> [AuditReceipt] {
        entries.isEmpty ? [] : try await queue(entries)
    }

    @discardableResult
    private func queue(_ entries: [AuditEntry]) async throws(AuditError) -> [AuditReceipt] {
        // The time is that of the call: waiting for the disk is no part of what is recorded.
        let time = clock()
        let answer: AuditWriter.Answer = await withCheckedContinuation { continuation in
            let job = AuditWriter.Job(entries: entries.map { ($0, time) }, answer: continuation)
            if let refusal = writer.append(job, path: path) { continuation.resume(returning: .failure(refusal)) }
        }
        return try answer.get()
    }

    /// Queues records that nothing waits for: they are on disk when a later `append` or `flush` returns, and when one of
    /// those fails they may not be.
    package func enqueue(_ entries: [AuditEntry]) throws(AuditError) {
        let time = clock()
        if let refusal = writer.append(.init(entries: entries.map { ($0, time) }, answer: nil), path: path) { throw refusal }
    }

    /// Waits until everything that was queued is on disk.
    package func flush() async throws(AuditError) { try await queue([]) }

    /// The last record this log knows of: its own last one, or what another process had appended before it.
    package var head: AuditHead { writer.state.withLock { $0.head } }

    /// What tells this log from others (`LogLookup.id`); `nil` when it is empty or cannot be read.
    package func id(host: String) -> String? { (try? LogLookup.id(ofLog: path, host: host)) ?? nil }

    /// Whether the log still holds a record that it once ended with.
    ///
    /// - Throws: `AuditError` when it was cut short before the record, or has another in its place.
    package func check(head: AuditHead) throws(AuditError) {
        switch try LogLookup.find(sequence: head.sequence, inLog: path) {
        case .record(let found) where found.hash == head.hash: return
        case .record:
            throw AuditError(
                kind: .replaced, path: path, message: "record \(head.sequence) of the audit log is not the one that a run left there",
                advice: "the log was written anew: keep it as evidence, and move it away to begin a new one")
        case .cutShort(let last):
            throw AuditError(
                kind: .replaced, path: path, message: "the audit log was cut short: it ends with record \(last), and had \(head.sequence)",
                advice: "put back what is missing; or keep it as evidence, and move it away to begin a new one")
        case .archived: return
        }
    }

    /// What was found and mended since the log was opened, what `open` told included.
    package var notes: [Diagnostic] { writer.state.withLock { $0.notes } }

    /// Waits until what was queued is on disk, and closes the file. Later appends fail. Blocks the calling thread.
    package func close() {
        writer.state.withLock { $0.isClosing = true }
        writer.state.wait { $0.hasEnded ? () : nil }
    }
}
