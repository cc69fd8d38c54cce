import Testing

/// What stands between plumb and the server: each a message that says what to do, and no token in it.
@Suite struct ConnectionTests {
    /// An authority that has signed nothing: its key was thrown away.
    private static let authorityOfNobody = """
        -----BEGIN CERTIFICATE-----
        MIIBejCCAR+gAwIBAgIUbL4jnmMh3Afv2cmtuYSLKYLlVBUwCgYIKoZIzj0EAwIw
        ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyMTAxNTgyM1oYDzIxMjYxMDI4MDE1
        ODIzWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
        AASE9P6LvEEOSV2IyoBJ/UyEGTcYPp43JKI8N7lxWFXztjLm3vJDET9cBwhfNHcD
        dMi7nKgE4GKpBk5N2gYQXiKDo1MwUTAdBgNVHQ4EFgQUqL0UlH0n/gB9fWIGePC1
        BR/sa1MwHwYDVR0jBBgwFoAUqL0UlH0n/gB9fWIGePC1BR/sa1MwDwYDVR0TAQH/
        BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAjGA8xuuK5B81C3pp4mkOy8Preqk3
        2BCjvm7sGnuOPY8CIQCxVr53C+VelNzKtgvQfD8YKllElXH2qpEILy5/ehBlsA==
        -----END CERTIFICATE-----

        """

    private static func kubeconfig(server: String, authority: String, user: String) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: here, user: me}}]
        clusters: [{name: here, cluster: {server: "\(server)", certificate-authority: "\(authority)"}}]
        users: [{name: me, user: \(user)}]

        """
    }

    /// A user of an exec credential plugin.
    private static func plugin(_ members: String) -> String {
        "{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, \(members)}}"
    }

    /// Plans with a kubeconfig made of these parts and insists on a failure.
    private func plan(
        server: String? = nil, authority: String? = nil, user: (TestCluster) -> String, _ arguments: String...,
        check: (ProcessOutput) -> Void
    ) async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.manifest("settings.yaml", Samples.configMap("settings"))
            try await repository.commit()
            let cluster = repository.cluster
            try repository.write(
                "../home/kubeconfig",
                Self.kubeconfig(server: server ?? cluster.server, authority: authority ?? cluster.authority, user: user(cluster)))
            let variables = ["KUBECONFIG": "\(repository.folder)/home/kubeconfig"]
            let result = try await repository.plumb(["plan", "production"] + arguments, with: variables)
            #expect(result.code == 1, "\(result)")
            // A plugin's own words come before it.
            #expect(result.error.contains("error: "), "\(result)")
            #expect(!result.description.contains(cluster.token), "the token must not be shown")
            check(result)
        }
    }

    private func token(_ cluster: TestCluster) -> String { "{token: \"\(cluster.token)\"}" }

    @Test func aWrongToken() async throws {
        try await plan(user: { _ in "{token: wrong-token-0815}" }) { result in
            #expect(!result.error.contains("wrong-token-0815"), "\(result)")
            #expect(
                result.error.contains("401") || result.error.lowercased().contains("unauthorized") || result.error.contains("credentials"),
                "\(result)")
        }
    }

    @Test func anUnknownAuthority() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.write("../ca.pem", Self.authorityOfNobody)
            try await plan(authority: "\(repository.folder)/ca.pem", user: token) { result in
                #expect(result.error.contains("certificate"), "\(result)")
            }
        }
    }

    @Test func noServer() async throws {
        try await plan(server: "https://127.0.0.1:1", user: token) { result in
            #expect(result.error.contains("127.0.0.1:1"), "\(result)")
        }
    }

    @Test func noSuchHost() async throws {
        try await plan(server: "https://no-such-host.invalid:6443", user: token) { result in
            #expect(result.error.contains("no-such-host.invalid"), "\(result)")
        }
    }

    @Test func anUnknownContext() async throws {
        try await plan(user: token, "--context", "hers") { result in
            #expect(result.error.contains("hers") && result.error.contains("here"), "names the near one: \(result)")
        }
    }

    @Test func aMissingAuthorityFile() async throws {
        try await plan(authority: "/nowhere/ca.pem", user: token) { result in
            #expect(result.error.contains("/nowhere/ca.pem"), "\(result)")
        }
    }

    @Test func aFailingPlugin() async throws {
        let plugin = Self.plugin(#"command: sh, args: ["-c", "echo login expired >&2; exit 3"]"#)
        try await plan(user: { _ in plugin }) { result in
            #expect(result.error.contains("login expired"), "\(result)")
        }
    }

    @Test func aMissingPlugin() async throws {
        let plugin = Self.plugin("command: no-such-plugin, installHint: install it from the shop")
        try await plan(user: { _ in plugin }) { result in
            #expect(result.error.contains("no-such-plugin") && result.error.contains("install it from the shop"), "\(result)")
        }
    }

    @Test func aPluginThatGivesTheToken() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("settings.yaml", Samples.configMap("settings"))
            try await repository.commit()
            let cluster = repository.cluster
            let credential = #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"TOKEN"}}"#
            let plugin = "\(repository.folder)/home/plugin"
            try repository.write("../home/plugin", "echo '\(credential.replacingOccurrences("TOKEN", cluster.token))'\n")
            try repository.write(
                "../home/kubeconfig",
                Self.kubeconfig(
                    server: cluster.server, authority: cluster.authority, user: Self.plugin(#"command: sh, args: ["\#(plugin)"]"#)))
            let result = try await repository.plumb(
                ["plan", "production"], with: ["KUBECONFIG": "\(repository.folder)/home/kubeconfig"])
            #expect(result.code == 0, "\(result)")
        }
    }
}
