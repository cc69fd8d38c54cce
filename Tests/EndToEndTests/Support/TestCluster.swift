import Foundation
import Manifests
import Testing

/// The API server that the tests talk to: the sandbox, or the real one that `PLUMB_TEST_KUBECONFIG` names.
struct TestCluster: Sendable {
    let kubeconfig: String
    let server: String
    let contextName: String
    let token: String
    /// Path of the authority's certificate.
    let authority: String

    /// Whether the target is not the sandbox: then there are no controllers that play pods, and no faults on demand.
    static var isReal: Bool { realKubeconfig != nil }

    static var realKubeconfig: String? {
        ProcessInfo.processInfo.environment["PLUMB_TEST_KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let starting = Task<TestCluster, any Error> {
        if let real = realKubeconfig { return try TestCluster(kubeconfig: real, folder: FileManager.default.temporaryDirectory.path) }
        let sandbox = try await SandboxProcess.start()
        return try TestCluster(kubeconfig: sandbox.kubeconfig, folder: sandbox.folder)
    }

    /// The one that all tests share; started by the first that asks.
    static func shared() async throws -> TestCluster { try await starting.value }

    /// Reads a kubeconfig's current context.
    init(kubeconfig: String, folder: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: kubeconfig))
        let document = try #require(YAMLLoader.load(Array(bytes), file: kubeconfig).first).value
        func item(_ list: String, _ name: String?) -> Value? {
            document[list]?.array?.first { $0["name"]?.string == name }
        }
        let context = try #require(document["current-context"]?.string)
        let names = item("contexts", context)?["context"]
        let cluster = try #require(item("clusters", names?["cluster"]?.string)?["cluster"])
        self.kubeconfig = kubeconfig
        contextName = context
        server = try #require(cluster["server"]?.string)
        token = try #require(item("users", names?["user"]?.string)?.at("user", "token")?.string, "the tests need a token")
        if let file = cluster["certificate-authority"]?.string {
            authority = file
        } else {
            let data = try #require(cluster["certificate-authority-data"]?.string.flatMap(Base64.decode))
            // One file a server, however often the tests run: curl reads it, and it is no secret.
            authority = "\(folder)/plumb-tests-ca-\(server.filter { $0.isLetter || $0.isNumber }).pem"
            try Data(data).write(to: URL(fileURLWithPath: authority), options: .atomic)
        }
    }

    /// One request past plumb, through curl.
    ///
    /// - Parameter contentType: of the body, `application/json` unless told.
    /// - Returns: The status and the answer.
    func request(
        _ method: String, _ path: String, body: String? = nil, contentType: String = "application/json", accept: String = "application/json"
    ) async throws -> (status: Int, answer: Value) {
        let (status, text) = try await send(method, path, body: body, contentType: contentType, accept: accept)
        // What is not served at all is answered with plain text.
        return (status, (try? JSONParser.parse(text.utf8)) ?? .string(text))
    }

    /// The answer to a GET as it came.
    func text(_ path: String) async throws -> String {
        let (status, text) = try await send("GET", path)
        guard status == 200 else { throw TestFailure("GET \(path): \(status)") }
        return text
    }

    private func send(
        _ method: String, _ path: String, body: String? = nil, contentType: String = "application/json", accept: String = "application/json"
    ) async throws -> (status: Int, text: String) {
        var configuration = """
            silent
            show-error
            cacert = "\(authority)"
            request = \(method)
            header = "Authorization: Bearer \(token)"
            header = "Content-Type: \(contentType)"
            header = "Accept: \(accept)"
            write-out = "\\n%{http_code}"
            url = "\(server)\(path)"

            """
        if let body {
            let escaped = body.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
                .replacingOccurrences(of: "\n", with: "\\n")
            configuration += "data-binary = \"\(escaped)\"\n"
        }
        let result = try await ChildProcess.run(
            "curl", ["--config", "-"], environment: ["PATH": TestRepository.searchPath, "NO_PROXY": "*"], in: "/", input: configuration)
        guard result.code == 0, let end = result.output.lastIndex(of: "\n"),
            let status = Int(result.output[result.output.index(after: end)...])
        else { throw TestFailure("\(method) \(path): \(result)") }
        return (status, String(result.output[..<end]))
    }

    func get(_ path: String) async throws -> Value? {
        let (status, answer) = try await request("GET", path)
        if status == 404 { return nil }
        guard status == 200 else { throw TestFailure("GET \(path): \(status)") }
        return answer
    }

    /// Changes a live object as another field manager does.
    func edit(_ path: String, _ patch: String, manager: String = "kubectl-edit") async throws {
        let (status, answer) = try await request(
            "PATCH", "\(path)?fieldManager=\(manager)", body: patch, contentType: "application/merge-patch+json")
        guard status == 200 else { throw TestFailure("PATCH \(path): \(status) \(answer)") }
    }

    func create(_ path: String, _ body: String) async throws {
        let (status, answer) = try await request("POST", path, body: body)
        guard status == 201 else { throw TestFailure("POST \(path): \(status) \(answer)") }
    }

    func delete(_ path: String) async throws { _ = try await request("DELETE", path) }

    /// Lets requests to the sandbox go wrong; the rule should name the test's own namespace.
    func addFault(_ rule: String) async throws {
        let (status, answer) = try await request("POST", "/_sandbox/faults", body: rule)
        guard (200...299).contains(status) else { throw TestFailure("adding the fault '\(rule)': \(status) \(answer)") }
    }
}
