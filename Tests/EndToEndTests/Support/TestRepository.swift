import Foundation
import Manifests
import Testing

/// A Git repository in a temporary folder, with a home, a cache and a namespace in the target that no other test has.
struct TestRepository: Sendable {
    static let searchPath =
        (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"

    let cluster: TestCluster
    /// Holds the repository in `repo` and the home in `home`.
    let folder: String
    let namespace: String

    var path: String { "\(folder)/repo" }
    var environment: [String: String] {
        [
            "PATH": Self.searchPath, "HOME": "\(folder)/home", "XDG_CACHE_HOME": "\(folder)/home/.cache",
            "KUBECONFIG": cluster.kubeconfig, "NO_PROXY": "*", "USER": "ada", "LOGNAME": "ada",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
        ]
    }

    /// The API group of the definitions that the test makes, if it makes any.
    var definitionGroup: String { "\(namespace).example" }

    static func random() -> String {
        String((0..<8).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "a" })
    }

    /// Runs a test in a repository of its own, and takes away what it made: folder and namespace.
    ///
    /// - Parameter hasNamespace: whether the namespace is made beforehand.
    static func with(hasNamespace: Bool = true, _ body: (TestRepository) async throws -> Void) async throws {
        let cluster = try await TestCluster.shared()
        let suffix = random()
        let repository = TestRepository(
            cluster: cluster, folder: FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/plumb-e2e-\(suffix)",
            namespace: "plumb-e2e-\(suffix)")
        var failure: (any Error)?
        do {
            try await repository.prepare(hasNamespace: hasNamespace)
            try await body(repository)
        } catch { failure = error }
        try? await cluster.delete("/api/v1/namespaces/\(repository.namespace)")
        try? await cluster.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.\(repository.definitionGroup)")
        try? FileManager.default.removeItem(atPath: repository.folder)
        if let failure { throw failure }
    }

    private func prepare(hasNamespace: Bool) async throws {
        for name in ["repo", "home"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        if hasNamespace { try await makeNamespace(namespace) }
        try await git("init", "--quiet", "--initial-branch", "main")
        try configure()
    }

    /// A real server takes a moment until it lets pods' service accounts and contents in.
    func makeNamespace(_ name: String) async throws {
        try await cluster.create("/api/v1/namespaces", #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name)"}}"#)
    }

    /// Writes `plumb.yaml`: an environment in the test's namespace, and what is added to it.
    ///
    /// - Parameter name: a name of its own for what looks through the whole cluster for the environment's objects. It needs a
    ///   `path` then.
    func configure(_ more: String = "", name: String = "production") throws {
        try write(
            "plumb.yaml",
            """
            apiVersion: plumb.dev/v1alpha1
            kind: Configuration
            environments:
              - name: \(name)
                namespace: \(namespace)
            \(more.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

            """)
    }

    /// Writes a file of the repository.
    func write(_ file: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Writes a file of the environment `production`.
    func manifest(_ file: String, _ text: String) throws { try write("environments/production/\(file)", text) }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(file)") }

    func bytes(_ file: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)"))) }

    func text(_ file: String) throws -> String { String(decoding: try bytes(file), as: UTF8.self) }

    func json(_ file: String) throws -> Value { try JSONParser.parse(bytes(file)) }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let result = try await ChildProcess.run("git", arguments, environment: environment, in: path)
        guard result.code == 0 else { throw TestFailure("\(result)") }
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// Commits everything there is.
    /// - Returns: The commit's id.
    @discardableResult
    func commit(_ message: String = "change") async throws -> String {
        try await git("add", "--all", ".")
        try await git("commit", "--quiet", "--allow-empty", "--message", message)
        return try await git("rev-parse", "HEAD")
    }

    /// Runs plumb in the repository.
    func plumb(_ arguments: String..., with variables: [String: String] = [:]) async throws -> ProcessOutput {
        try await plumb(arguments, with: variables)
    }

    func plumb(_ arguments: [String], with variables: [String: String] = [:]) async throws -> ProcessOutput {
        try await ChildProcess.run(
            Binaries.plumb(), arguments, environment: environment.merging(variables) { $1 }, in: path)
    }

    @discardableResult
    func expect(
        _ code: Int, _ arguments: [String], with variables: [String: String] = [:], at location: SourceLocation = #_sourceLocation
    ) async throws -> ProcessOutput {
        let result = try await plumb(arguments, with: variables)
        #expect(result.code == code, "\(result)", sourceLocation: location)
        return result
    }

    /// Runs plumb and insists on its exit code.
    @discardableResult
    func expect(
        _ code: Int, _ arguments: String..., with variables: [String: String] = [:], at location: SourceLocation = #_sourceLocation
    ) async throws -> ProcessOutput {
        let result = try await plumb(arguments, with: variables)
        #expect(result.code == code, "\(result)", sourceLocation: location)
        return result
    }

    /// Plans an environment into a file and applies it.
    @discardableResult
    func deploy(_ name: String = "production", at location: SourceLocation = #_sourceLocation) async throws -> ProcessOutput {
        try await expect(0, "plan", name, "--out", "deploy.plan", at: location)
        return try await expect(0, "apply", "deploy.plan", at: location)
    }

    /// The path of a ConfigMap of the test's namespace on the server.
    func configMap(_ name: String) -> String { "/api/v1/namespaces/\(namespace)/configmaps/\(name)" }

    /// A value of a live ConfigMap.
    func setting(_ name: String, _ key: String) async throws -> String? {
        try await cluster.get(configMap(name))?.at("data", key)?.string
    }
}
