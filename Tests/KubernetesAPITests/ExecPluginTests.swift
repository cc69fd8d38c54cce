import Manifests
import Testing

@testable import KubernetesAPI

@Suite("Credential plugins")
struct ExecPluginTests {
    private let folder = TemporaryFolder()

    private func configuration(_ plugin: ExecPlugin) -> ClusterConfiguration {
        ClusterConfiguration(
            server: "https://h", contextName: "main", userName: "u", credential: .exec(plugin),
            environment: ["PATH": "/usr/bin:/bin", "INHERITED": "yes"])
    }

    private func run(
        _ script: String, version: ExecPlugin.Version = .v1, timeLimit: Duration = .seconds(20),
        change: (inout ExecPlugin) -> Void = { _ in }
    ) async throws(Diagnostic) -> ExecReply {
        var plugin = ExecPlugin(version: version, command: folder.script("plugin", script))
        change(&plugin)
        var runner = ExecRunner(plugin: plugin, configuration: configuration(plugin), options: ClientOptions())
        runner.timeLimit = timeLimit
        return try await runner.run()
    }

    private func reply(_ status: String, version: String = "v1") -> String {
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/\(version)\",\"status\":\(status)}'"
    }

    @Test("a token; the plugin sees its arguments, the environment, and what is wanted")
    func token() async throws {
        let script = "echo \"$1 $INHERITED $OWN $KUBERNETES_EXEC_INFO\" > \(folder.path)/seen\n" + reply(#"{"token":"t"}"#)
        let answer = try await run(script) {
            $0.arguments = ["first arg"]
            $0.environment = [(name: "OWN", value: "o")]
            $0.clusterInfo = #"{"server":"https://h"}"#
        }
        #expect(answer.token == "t")
        #expect(answer.remaining == nil)
        #expect(
            folder.read("seen")
                == #"first arg yes o {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false,"cluster":{"server":"https://h"}}}"#
                + "\n")
    }

    @Test("a certificate, and v1beta1")
    func certificate() async throws {
        let answer = try await run(
            reply(#"{"clientCertificateData":"C","clientKeyData":"K","expirationTimestamp":"2020-01-01T00:00:00Z"}"#, version: "v1beta1"),
            version: .v1beta1)
        #expect(answer.clientCertificate == Array("C".utf8))
        #expect(answer.clientKey == Array("K".utf8))
        #expect(answer.token == nil)
        #expect(answer.remaining == .zero)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var script: String
        var says: String
        var testDescription: String { name }
    }

    @Test(
        "what fails says so, with command and hint, and never repeats the output",
        arguments: [
            Fault(name: "exit status", script: "echo secret; exit 3", says: "failed with exit status 3"),
            Fault(name: "signal", script: "kill -9 $$", says: "ended by signal 9"),
            Fault(name: "no JSON", script: "echo secret", says: "printed no JSON object"),
            Fault(name: "another kind", script: #"echo '{"kind":"Secret"}'"#, says: "no ExecCredential"),
            Fault(
                name: "another version",
                script:
                    #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"secret"}}'"#,
                says: "answers in version"),
            Fault(
                name: "no status", script: #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}'"#,
                says: "without status"),
            Fault(
                name: "nothing in it",
                script: #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'"#,
                says: "neither a token nor"),
            Fault(
                name: "half a certificate",
                script:
                    #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"secret","clientKeyData":"x"}}'"#,
                says: "only half"),
            Fault(
                name: "bad time",
                script:
                    #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"secret","expirationTimestamp":"tomorrow"}}'"#,
                says: "RFC 3339"),
            Fault(
                name: "endless output", script: "while :; do echo secretsecretsecretsecretsecretsecretsecret; done",
                says: "printed more than"),
            Fault(name: "no end", script: "sleep 30", says: "no answer within"),
        ])
    func faults(_ fault: Fault) async throws {
        let error = await #expect(throws: Diagnostic.self) {
            try await run(fault.script, timeLimit: fault.name == "no end" ? .milliseconds(300) : .seconds(20)) {
                $0.installHint = "see the manual"
            }
        }
        let text = "\(error!)"
        #expect(text.contains(fault.says), "\(text)")
        #expect(text.contains("plugin'") && text.contains("user 'u'") && text.contains("see the manual"))
        #expect(!text.contains("secret"))
    }

    @Test("a missing program, and one that needs a person")
    func missing() async {
        let missing = await #expect(throws: Diagnostic.self) { try await run("") { $0.command = "no-such-program-here" } }
        #expect("\(missing!)".contains("does not exist"))
        let person = await #expect(throws: Diagnostic.self) { try await run("") { $0.interactiveMode = .always } }
        #expect("\(person!)".contains("needs a person"))
    }

    @Test("the credential is kept for the process, renewed when it ends or is refused, once for all who wait")
    func caching() async throws {
        let script = folder.script(
            "counting",
            "echo x >> \(folder.path)/runs\nsleep 0.1\n"
                + #"echo "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t$(wc -l < "#
                + "\(folder.path)/runs | tr -d ' ')" + #"\"}}""#)
        let plugin = ExecPlugin(version: .v1, command: script)
        let source = CredentialSource(configuration(plugin), options: ClientOptions(), isSecure: true)
        let call = APICall(.get, path: "/x")
        let all = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<10 { group.addTask { try await source.current(for: call).authorization } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(all == ["Bearer t1"])
        let used = try await source.current(for: call)
        let renewed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 { group.addTask { try await source.refresh(after: used, call: call) } }
            return try await group.reduce(into: Set<Bool>()) { $0.insert($1) }
        }
        #expect(renewed == [true])
        #expect(try await source.current(for: call).authorization == "Bearer t2")
        #expect(folder.read("runs") == "x\nx\n")
    }

    @Test("nothing is sent in the clear; token files are read, and their last content outlives them")
    func otherCredentials() async throws {
        let call = APICall(.get, path: "/x")
        let file = folder.write("token", " filed \n")
        var configuration = ClusterConfiguration(server: "http://h", credential: .tokenFile(path: file, fallback: nil))
        let insecure = CredentialSource(configuration, options: ClientOptions(), isSecure: false)
        #expect(try await insecure.current(for: call).authorization == nil)
        let source = CredentialSource(configuration, options: ClientOptions(), isSecure: true)
        #expect(try await source.current(for: call).authorization == "Bearer filed")
        folder.write("token", "second")
        let used = try await source.current(for: call)
        #expect(try await source.refresh(after: used, call: call))
        #expect(try await source.current(for: call).authorization == "Bearer second")
        configuration.credential = .basic(user: "me", password: "secret")
        let basic = CredentialSource(configuration, options: ClientOptions(), isSecure: true)
        #expect(try await basic.current(for: call).authorization == "Basic bWU6c2VjcmV0")
        configuration.credential = .token("two\nlines")
        let bad = CredentialSource(configuration, options: ClientOptions(), isSecure: true)
        await #expect(throws: APIError.self) { try await bad.current(for: call) }
    }
}
