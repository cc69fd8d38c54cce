import KubernetesAPI
import Manifests
import Testing

@Suite("Kubeconfig")
struct KubeconfigTests {
    private let folder = TemporaryFolder()

    private func load(
        _ kubeconfig: String? = nil, context: String? = nil, environment: [String: String] = [:]
    ) throws -> ClusterConfiguration {
        try ClusterConfiguration.load(
            kubeconfig: kubeconfig, context: context, environment: environment, homeDirectory: "\(folder.path)/home")
    }

    private func config(user: String = "token: t0p", cluster: String = "server: https://example.org:6443/base/") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: main
        contexts:
        - name: main
          context: {cluster: c, user: u, namespace: shop}
        clusters:
        - name: c
          cluster:
            \(cluster.split(separator: "\n").joined(separator: "\n    "))
        users:
        - name: u
          user:
            \(user.split(separator: "\n").joined(separator: "\n    "))
        """
    }

    @Test("a context is resolved: server with its path, namespace, token")
    func plain() throws {
        let result = try load(folder.write("config", config()))
        #expect(result.server == "https://example.org:6443/base")
        #expect(result.contextName == "main")
        #expect(result.clusterName == "c")
        #expect(result.userName == "u")
        #expect(result.namespace == "shop")
        guard case .token("t0p") = result.credential else {
            Issue.record("no token: \(result.credential)")
            return
        }
        #expect(!"\(result.credential)".contains("t0p"))
        var dumped = ""
        dump(result, to: &dumped)
        #expect(!dumped.contains("t0p"))
    }

    @Test("files in KUBECONFIG are merged, the first one wins with whole entries; missing and repeated ones are passed over")
    func merging() throws {
        let first = folder.write(
            "first",
            """
            contexts:
            - {name: a, context: {cluster: c1, user: u1}}
            users:
            - {name: u1, user: {username: me}}
            """)
        let second = folder.write(
            "second",
            """
            current-context: a
            contexts:
            - {name: a, context: {cluster: c2, user: u1, namespace: other}}
            - {name: b, context: {cluster: c1, user: u1}}
            users:
            - {name: u1, user: {username: other, password: secret}}
            clusters:
            - {name: c1, cluster: {server: "https://one"}}
            """)
        let environment = ["KUBECONFIG": "\(folder.path)/missing:\(first)::\(second):\(first)"]
        let result = try load(environment: environment)
        #expect(result.server == "https://one")
        #expect(result.namespace == nil)
        guard case .basic(user: "me", password: "") = result.credential else {
            Issue.record("users were merged: \(result.credential)")
            return
        }
        #expect(try load(context: "b", environment: environment).contextName == "b")
        #expect(
            try ClusterConfiguration.contextNames(kubeconfig: nil, environment: environment, homeDirectory: "/") == ["a", "b"])
    }

    @Test("the home folder's file is the last resort")
    func home() throws {
        folder.write("home/.kube/config", config())
        #expect(try load().contextName == "main")
        #expect(try load(environment: ["KUBECONFIG": ""]).contextName == "main")
    }

    @Test("certificates and tokens come from data or from files beside the kubeconfig; data wins")
    func material() throws {
        let pem = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"
        folder.write("pki/ca.crt", pem)
        folder.write("pki/u.crt", pem + "2")
        folder.write("pki/token", "filed\n")
        let text = config(
            user:
                "client-certificate: pki/u.crt\nclient-key: wrong\nclient-key-data: \(Base64.encode(Array(pem.utf8)))\ntokenFile: pki/token",
            cluster:
                "server: https://h\ncertificate-authority: pki/ca.crt\ntls-server-name: other.example\nproxy-url: socks5://p:1\ndisable-compression: true"
        )
        let result = try load(folder.write("config", text))
        #expect(result.tls.certificateAuthority == Array(pem.utf8))
        #expect(result.tls.certificateAuthoritySource == "\(folder.path)/pki/ca.crt")
        #expect(result.tls.clientCertificate == Array((pem + "2").utf8))
        #expect(result.tls.clientKey == Array(pem.utf8))
        #expect(result.tls.serverName == "other.example")
        #expect(result.proxyURL == "socks5://p:1")
        #expect(result.disablesCompression)
        guard case .tokenFile(let path, nil) = result.credential else {
            Issue.record("no token file: \(result.credential)")
            return
        }
        #expect(path == "\(folder.path)/pki/token")
    }

    @Test("impersonation")
    func impersonation() throws {
        let text = config(user: "token: t\nas: jane\nas-uid: \"7\"\nas-groups: [a, b]\nas-user-extra: {reason: [x, z]}")
        #expect(
            try load(folder.write("config", text)).impersonation
                == Impersonation(user: "jane", uid: "7", groups: ["a", "b"], extra: ["reason": ["x", "z"]]))
    }

    @Test("a credential plugin")
    func exec() throws {
        let text = config(
            user: """
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./bin/login
                  args: [get, token]
                  env: [{name: A, value: b}]
                  interactiveMode: IfAvailable
                  provideClusterInfo: true
                  installHint: get it there
                """,
            cluster: """
                server: https://h
                extensions:
                - name: client.authentication.k8s.io/exec
                  extension: {audience: me}
                """)
        guard case .exec(let plugin) = try load(folder.write("config", text)).credential else {
            Issue.record("no plugin")
            return
        }
        #expect(plugin.command == "\(folder.path)/./bin/login")
        #expect(plugin.arguments == ["get", "token"])
        #expect(plugin.environment.map(\.name) == ["A"])
        #expect(plugin.interactiveMode == .ifAvailable)
        #expect(plugin.installHint == "get it there")
        #expect(plugin.clusterInfo == #"{"config":{"audience":"me"},"server":"https://h"}"#)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var user = "token: t"
        var cluster = "server: https://h"
        var says: [String]
        var testDescription: String { name }
    }

    @Test(
        "faults name file, line and what to do",
        arguments: [
            Fault(name: "no server", cluster: "insecure-skip-tls-verify: true", says: ["config:9", "cluster 'c' has no server"]),
            Fault(name: "bad server", cluster: "server: example.org", says: ["config:10", "no URL", "https://"]),
            Fault(
                name: "missing authority", cluster: "server: https://h\ncertificate-authority: nope.crt",
                says: ["config:11", "nope.crt", "no such file"]),
            Fault(
                name: "authority no base64", cluster: "server: https://h\ncertificate-authority-data: '***'",
                says: ["config:11", "not base64"]),
            Fault(
                name: "authority no PEM", cluster: "server: https://h\ncertificate-authority-data: aGVsbG8=",
                says: ["config:11", "not PEM"]),
            Fault(
                name: "insecure and authority",
                cluster:
                    "server: https://h\ninsecure-skip-tls-verify: true\ncertificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t",
                says: ["config:11", "insecure-skip-tls-verify"]),
            Fault(name: "bad proxy", cluster: "server: https://h\nproxy-url: ftp://x", says: ["config:11", "proxy-url"]),
            Fault(name: "wrong type", cluster: "server: https://h\ninsecure-skip-tls-verify: 'yes'", says: ["config:11", "true or false"]),
            Fault(
                name: "half a certificate", user: "client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t",
                says: ["user 'u'", "client-key is missing"]),
            Fault(name: "token and password", user: "token: t\nusername: u", says: ["token and a password"]),
            Fault(name: "token as number", user: "token: 12345", says: ["token is an integer", "quotes"]),
            Fault(name: "missing token file", user: "tokenFile: nope", says: ["config:14", "tokenFile", "no such file"]),
            Fault(
                name: "old plugin", user: "exec:\n  apiVersion: client.authentication.k8s.io/v1alpha1\n  command: x",
                says: ["v1alpha1", "not supported", "client.authentication.k8s.io/v1"]),
            Fault(
                name: "plugin without mode", user: "exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: x",
                says: ["interactiveMode is required"]),
            Fault(name: "plugin without command", user: "exec:\n  apiVersion: client.authentication.k8s.io/v1", says: ["no command"]),
            Fault(name: "auth provider", user: "auth-provider: {name: gcp}", says: ["auth-provider", "exec"]),
            Fault(name: "groups without user", user: "token: t\nas-groups: [a]", says: ["as-groups"]),
        ])
    func faults(fault: Fault) throws {
        let file = folder.write("config", config(user: fault.user, cluster: fault.cluster))
        let error = #expect(throws: Diagnostic.self) { try load(file) }
        let text = error.map { "\($0)" } ?? ""
        for words in fault.says { #expect(text.contains(words), "\(text)") }
    }

    @Test("contexts that do not exist: near ones are named, and all")
    func contexts() throws {
        let file = folder.write("config", config() + "\n")
        let wrong = #expect(throws: Diagnostic.self) { try load(file, context: "maim") }
        #expect(wrong?.description == "\(file): context 'maim' does not exist\n  did you mean 'main'?\n  contexts: main")
        let none = folder.write("none", "contexts: [{name: a, context: {cluster: x}}]")
        #expect(throws: Diagnostic.self) { try load(none) }
        let dangling = #expect(throws: Diagnostic.self) { try load(none, context: "a") }
        #expect("\(dangling!)".contains("cluster 'x' of context 'a' does not exist"))
    }

    @Test(
        "files that cannot be used",
        arguments: [
            ("- a\n- b", "a mapping"), ("a: [", "not valid YAML"), ("kind: Pod", "no kubeconfig"), ("", "empty"), ("contexts: 3", "a list"),
            ("contexts: [3]", "a mapping"), ("contexts: [{context: {}}]", "no name"),
            ("clusters: [{name: a, cluster: [1]}]\ncontexts: []", "a mapping"),
        ])
    func files(text: String, says: String) {
        let file = folder.write("bad", text)
        let error = #expect(throws: Diagnostic.self) { try load(file) }
        #expect("\(error!)".contains(says) && "\(error!)".contains(file), "\(error!)")
    }

    @Test("no kubeconfig at all")
    func nothing() {
        let missing = #expect(throws: Diagnostic.self) { try load("\(folder.path)/nope") }
        #expect("\(missing!)".contains("does not exist"))
        let home = #expect(throws: Diagnostic.self) { try load() }
        #expect("\(home!)".contains("no kubeconfig") && "\(home!)".contains("--kubeconfig"))
        let variable = #expect(throws: Diagnostic.self) { try load(environment: ["KUBECONFIG": "/nope1:/nope2"]) }
        #expect("\(variable!)".contains("/nope1:/nope2"))
    }

    @Test(
        "proxies out of the environment",
        arguments: [
            ("https://h", ["HTTPS_PROXY": "http://p:1"], "http://p:1"),
            ("https://h", ["https_proxy": "p:1", "no_proxy": "x"], "http://p:1"),
            ("https://h", ["http_proxy": "http://p:1"], nil),
            ("https://127.0.0.1:6443", ["https_proxy": "http://p:1"], nil),
            ("https://localhost", ["https_proxy": "http://p:1"], nil),
        ] as [(String, [String: String], String?)])
    func proxies(server: String, environment: [String: String], proxy: String?) throws {
        let result = try load(folder.write("config", config(cluster: "server: \(server)")), environment: environment)
        #expect(result.proxyURL == proxy)
    }
}
