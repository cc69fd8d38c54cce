internal import Manifests
internal import Synchronization

/// What the builds of one tree have in common: folders are read once and bases built once, however many overlays use them.
///
/// Belongs to one tree, whose content does not change, and to one set of options. Builds that run side by side wait for
/// each other where they need the same.
package final class KustomizeSharing: Sendable {
    /// A folder, read with or without bounds.
    private struct Key: Hashable {
        var folder: String
        var restrictor: KustomizeOptions.LoadRestrictor
    }

    private struct State {
        var readings: [Key: Task<FolderReading, any Error>] = [:]
        var bases: [Key: Task<Accumulator, any Error>] = [:]
        var readingCount = 0
        var baseCount = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// How many folders were read, and bases built, up to now: less than were used when some are shared.
    package var counts: (folders: Int, bases: Int) { state.withLock { ($0.readingCount, $0.baseCount) } }

    func reading(
        _ folder: String, _ restrictor: KustomizeOptions.LoadRestrictor, _ read: @escaping @Sendable () async throws -> FolderReading
    ) async throws -> FolderReading {
        try await state.withLock { state in
            let key = Key(folder: folder, restrictor: restrictor)
            if let known = state.readings[key] { return known }
            let task = Task { try await read() }
            state.readings[key] = task
            state.readingCount += 1
            return task
        }.value
    }

    func base(
        _ folder: String, _ restrictor: KustomizeOptions.LoadRestrictor, _ build: @escaping @Sendable () async throws -> Accumulator
    ) async throws -> Accumulator {
        try await state.withLock { state in
            let key = Key(folder: folder, restrictor: restrictor)
            if let known = state.bases[key] { return known }
            let task = Task { try await build() }
            state.bases[key] = task
            state.baseCount += 1
            return task
        }.value
    }
}
