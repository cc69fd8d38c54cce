internal import Git
internal import HTTP
internal import Manifests
internal import Rendering

/// Fetches the bases and files that kustomizations name by URL: repositories through the cache, files by HTTP.
///
/// Within a run each revision is resolved once, so that all overlays see the same commit of a base.
actor RemoteBaseSession: RemoteBaseProvider {
    private struct Revision: Hashable {
        var repository: String
        var name: String?
    }

    private struct Resolved: Sendable {
        var repository: GitRepository
        var commit: GitCommit
    }

    private let environment: GitEnvironment
    private let variables: [String: String]
    private let workingDirectory: String
    private let log: @Sendable (String) -> Void
    private var bases: [Revision: Task<Resolved, any Error>] = [:]
    private var files: [String: Task<RemoteFile, any Error>] = [:]

    /// - Parameter location: the repository whose files name the URLs. The Git token is sent to its host alone.
    init(context: ProcessContext, location: GitLocation) {
        environment = context.gitEnvironment.restrictingToken(to: location)
        variables = context.variables
        workingDirectory = context.workingDirectory
        let console = context.console
        log = { console.detail($0) }
    }

    // MARK: Repositories

    func base(_ url: RemoteBaseURL) async throws -> RemoteBase {
        let location = try GitLocation(parsing: url.repository, relativeTo: workingDirectory)
        guard location.isRemote else {
            throw Diagnostic("'\(RemoteBaseURL.redacted(url.text))' is a path, not a URL", advice: "write file:// and the absolute path")
        }
        let revision = Revision(repository: location.url, name: url.revision)
        let task = bases[revision] ?? Task { [environment, log] in try await Self.resolve(url, location, environment, log) }
        bases[revision] = task
        let resolved = try await Self.value(of: task)
        var warning: String?
        if url.revision != resolved.commit.id {
            let name = url.revision.map { "'\($0)'" } ?? "no revision"
            warning =
                "the remote base '\(RemoteBaseURL.redacted(url.text))' names \(name), which may lead to other content tomorrow; "
                + "today it is ?ref=\(resolved.commit.id)"
        }
        return RemoteBase(
            tree: try resolved.repository.tree(at: resolved.commit), folder: url.folder,
            identity: "\(location.url)@\(resolved.commit.id)", warning: warning)
    }

    private static func resolve(
        _ url: RemoteBaseURL, _ location: GitLocation, _ environment: GitEnvironment, _ log: @escaping @Sendable (String) -> Void
    ) async throws -> Resolved {
        let revision = url.revision ?? "HEAD"
        // A full commit id never changes its content: what is in the cache needs no network.
        if revision.utf8.count == 40,
            let repository = try? await GitRepository.open(location, environment: environment, fetch: false, log: log),
            let commit = try? repository.commit(revision)
        {
            return Resolved(repository: repository, commit: commit)
        }
        return try await limited(seconds: url.timeoutSeconds, location) {
            let repository = try await GitRepository.open(location, environment: environment, fetch: true, log: log)
            return Resolved(repository: repository, commit: try await repository.resolve(revision))
        }
    }

    /// Gives up after the time that the URL's `timeout` names.
    private static func limited(
        seconds: Double?, _ location: GitLocation, _ work: @escaping @Sendable () async throws -> Resolved
    ) async throws -> Resolved {
        guard let seconds else { return try await work() }
        return try await withThrowingTaskGroup(of: Resolved.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .milliseconds(Int64(min(seconds, 86_400) * 1000)))
                throw Diagnostic(
                    "fetching \(location) took longer than the \(NumberText.general(seconds)) s that the URL's timeout allows",
                    advice: "raise 'timeout' in the URL, or leave it out")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private static func value<Success: Sendable>(of task: Task<Success, any Error>) async throws -> Success {
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    // MARK: Files

    /// No manifest comes near it.
    private static let fileBytesMax = 64 << 20
    private static let redirectsMax = 10

    func file(_ url: String) async throws -> RemoteFile {
        let task = files[url] ?? Task { [variables, log] in try await Self.download(url, variables, log) }
        files[url] = task
        return try await Self.value(of: task)
    }

    private static func download(
        _ text: String, _ variables: [String: String], _ log: @Sendable (String) -> Void
    ) async throws -> RemoteFile {
        let shown = RemoteBaseURL.redacted(text)
        log("fetching \(shown)")
        var next = text
        for _ in 0...redirectsMax {
            let response: HTTPResponse
            do throws(HTTPError) {
                let url = try HTTPURL(next)
                let client = HTTPClient(configuration(for: url, variables))
                response = try await client.send(HTTPRequest(url: next, headers: [("Accept", "*/*")], timeout: .seconds(120)))
            } catch {
                if error.kind == .cancelled { throw CancellationError() }
                throw Diagnostic("'\(shown)' cannot be fetched: \(error)")
            }
            switch response.status {
            case 200..<300: return .content(response.body)
            case 301, 302, 303, 307, 308:
                guard let target = response.headers["Location"], let absolute = RedirectTarget.absolute(target, from: next) else {
                    return .absent("the server redirects to no http or https URL")
                }
                next = absolute
            default: return .absent("the server answers with status \(response.status)")
            }
        }
        return .absent("the server redirects more than \(redirectsMax) times")
    }

    private static func configuration(for url: HTTPURL, _ variables: [String: String]) -> HTTPClientConfiguration {
        func variable(_ name: String) -> String? {
            let value = variables[name] ?? variables[name.uppercased()]
            return value?.isEmpty ?? true ? nil : value
        }
        var tls = HTTPTLSConfiguration()
        if let path = variables["SSL_CERT_FILE"], !path.isEmpty { tls.certificateAuthority = try? Platform.read(path) }
        let proxy = variable("\(url.scheme)_proxy")
        return HTTPClientConfiguration(
            userAgent: "plumb/\(PlumbVersion.text)", tls: tls,
            proxyURL: proxy.map { $0.contains("://") ? $0 : "http://\($0)" }, noProxy: variable("no_proxy") ?? "",
            bodyBytesMax: fileBytesMax)
    }
}

/// Where a redirect leads.
enum RedirectTarget {
    /// The absolute URL of a `Location`; `nil` when it is none, or gives up encryption.
    static func absolute(_ target: String, from url: String) -> String? {
        guard let base = try? HTTPURL(url) else { return nil }
        if let absolute = try? HTTPURL(target) { return base.scheme == "https" && absolute.scheme != "https" ? nil : target }
        guard !target.contains("://") else { return nil }
        if target.hasPrefix("//") { return "\(base.scheme):\(target)" }
        if target.hasPrefix("/") { return "\(base.scheme)://\(base.authority)\(target)" }
        let folder = base.path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return "\(base.scheme)://\(base.authority)\(folder.joined(separator: "/"))/\(target)"
    }
}
