internal import Git
internal import Manifests
internal import Settings
internal import Synchronization

/// The repositories of a run at their commits, each opened once, however many environments are rendered from it.
final class SourcePool: Sendable {
    private struct Key: Hashable {
        var repository: String
        var ref: String
    }

    let main: SourceSession
    private let options: GlobalOptions
    private let context: ProcessContext
    private let others = Mutex<[Key: Task<SourceSession, any Error>]>([:])

    init(main: SourceSession, options: GlobalOptions, context: ProcessContext) {
        self.main = main
        self.options = options
        self.context = context
    }

    static func open(_ options: GlobalOptions, context: ProcessContext) async throws -> SourcePool {
        SourcePool(main: try await SourceSession.open(options, context: context), options: options, context: context)
    }

    /// Where an environment is rendered from: its own repository and revision, else those of the command line.
    func source(for environment: EnvironmentConfiguration) async throws -> SourceSession {
        let ref = environment.repository == nil ? options.ref ?? environment.ref : environment.ref
        return try await source(repository: environment.repository, ref: ref ?? "HEAD")
    }

    /// - Parameter repository: a URL, or a path below the main repository; `nil` for the main one.
    func source(repository: String?, ref: String) async throws -> SourceSession {
        if repository == nil, ref == main.ref { return main }
        let key = Key(repository: repository ?? "", ref: ref)
        let task = others.withLock { others in
            if let known = others[key] { return known }
            let task = Task { try await open(repository, ref: ref) }
            others[key] = task
            return task
        }
        return try await task.value
    }

    private func open(_ repository: String?, ref: String) async throws -> SourceSession {
        guard let repository else { return try await main.at(ref) }
        let location = try GitLocation(parsing: repository, relativeTo: main.repository.workFolder ?? context.workingDirectory)
        return try await main.other(location, ref: ref, context: context)
    }
}
