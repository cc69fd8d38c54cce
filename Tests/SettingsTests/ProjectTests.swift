import Manifests
import Settings
import Testing

@Suite struct ProjectTests {
    private func project(_ text: String) throws -> Project {
        let policy = try PolicyReader.read(
            Array("apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: shop}\nspec:\n\(text)".utf8), file: "policy.yaml")
        return try #require(policy.projects.first)
    }

    private func faults(
        _ project: Project, repository: String = "https://git.example/shop/app.git", server: String = "https://eu.example:6443",
        context: String = "eu", _ group: String = "apps", _ kind: String = "Deployment", namespace: String = "shop", name: String = "web"
    ) -> [String] {
        project.faults(
            repositories: [repository], server: server, contexts: [context],
            objects: [("object", ProjectSubject(group: group, kind: kind, namespace: namespace, name: name))]
        ).map(\.message)
    }

    private static let open = "  sourceRepos: ['*']\n  destinations: [{server: '*', namespace: '*'}]\n"

    @Test func repositoriesAreGlobsWithNegations() throws {
        func allows(_ patterns: String, _ repository: String) throws -> Bool {
            try faults(project("  sourceRepos: [\(patterns)]\n  destinations: [{server: '*', namespace: '*'}]\n"), repository: repository)
                .isEmpty
        }
        #expect(try allows("'*'", "https://git.example/a/b"))
        #expect(try !allows("", "https://git.example/a/b"), "nothing is allowed until it is said")
        #expect(try allows("https://git.example/shop/*", "https://git.example/shop/app.git"))
        #expect(try !allows("https://git.example/shop/*", "https://git.example/shop/sub/app.git"), "* stays in a segment")
        #expect(try allows("https://git.example/shop/**", "https://git.example/shop/sub/app.git"))
        #expect(try !allows("'*', '!https://git.example/shop/evil'", "https://git.example/shop/evil.git"))
        #expect(try allows("'*', '!https://git.example/shop/evil'", "https://git.example/shop/good"))
        #expect(try !allows("'!https://git.example/x'", "https://git.example/y"), "a denial allows nothing")
        #expect(try allows("git@git.example:shop/app.git", "ssh://git@git.example/shop/app"), "one repository, two spellings")
        #expect(try allows("'https://git.example/{a,b}/*'", "https://git.example/b/x"))
    }

    @Test func destinationsAreGlobsWithNegations() throws {
        func allows(_ destinations: String, server: String = "https://eu.example:6443", context: String = "eu", namespace: String = "shop")
            throws
            -> Bool
        {
            try faults(
                project("  sourceRepos: ['*']\n  destinations: [\(destinations)]\n"), server: server, context: context, namespace: namespace
            ).isEmpty
        }
        let all = "{server: '*', namespace: '*'}"
        #expect(try allows(all))
        #expect(try !allows(""))
        #expect(try allows("{name: eu, namespace: shop}"))
        #expect(try !allows("{name: us, namespace: shop}"))
        #expect(try allows("{server: 'https://*.example:6443', namespace: 'sh*'}"))
        #expect(try !allows("{server: '*', namespace: 'shop-*'}"))
        #expect(try !allows("{server: '*', namespace: '!kube-*'}, \(all)", namespace: "kube-system"))
        #expect(try allows("{server: '*', namespace: '!kube-*'}, \(all)"))
        #expect(try !allows("{server: '!https://eu.*', namespace: '*'}, \(all)"))
        #expect(try allows("{server: '!https://us.*', namespace: '*'}, \(all)"))
        #expect(try allows("{server: '!https://eu.*', namespace: 'admin'}, \(all)"), "only for that namespace")
        #expect(try !allows("{name: '!eu', namespace: '*'}, \(all)"))
        #expect(try !allows("{server: '*', namespace: '!kube-*'}"), "a denial allows nothing")
    }

    @Test func kindsAreListedByScope() throws {
        let open = Self.open
        #expect(try faults(project(open)).isEmpty, "namespaced kinds are allowed until a list says otherwise")
        #expect(try faults(project(open), "", "Namespace", namespace: "", name: "shop").count == 1, "others are not")
        let whitelist = "  clusterResourceWhitelist: [{group: '', kind: Namespace, name: 'shop-*'}, {group: '*.example', kind: '*'}]\n"
        #expect(try faults(project(open + whitelist), "", "Namespace", namespace: "", name: "shop-1").isEmpty)
        #expect(try faults(project(open + whitelist), "", "Namespace", namespace: "", name: "admin").count == 1)
        #expect(try faults(project(open + whitelist), "x.example", "Thing", namespace: "").isEmpty)
        let black =
            "  clusterResourceWhitelist: [{group: '*', kind: '*'}]\n  clusterResourceBlacklist: [{group: rbac.authorization.k8s.io, kind: 'Cluster*'}]\n"
        #expect(try faults(project(open + black), "rbac.authorization.k8s.io", "ClusterRole", namespace: "").count == 1)
        #expect(try faults(project(open + black), "", "Namespace", namespace: "").isEmpty)
        #expect(try faults(project(open + "  namespaceResourceWhitelist: []\n")).count == 1, "an empty list allows none")
        #expect(try faults(project(open + "  namespaceResourceWhitelist: [{group: apps, kind: 'Deploy*'}]\n")).isEmpty)
        #expect(try faults(project(open + "  namespaceResourceBlacklist: [{group: '', kind: Secret}]\n"), "", "Secret").count == 1)
        #expect(try faults(project(open + "  namespaceResourceBlacklist: [{group: '', kind: Secret}]\n"), "", "ConfigMap").isEmpty)
    }

    @Test func everyFaultIsReported() throws {
        let narrow = try project("  sourceRepos: []\n  destinations: []\n")
        #expect(faults(narrow).count == 2)
    }

    // MARK: Patterns

    static let patterns: [(pattern: String, separator: Character?, hits: [String], misses: [String])] = [
        ("a*c", nil, ["ac", "abc", "a/c"], ["abcd", "xabc"]), ("a*c", "/", ["abc"], ["a/c"]), ("a**c", "/", ["a/b/c"], ["a/b"]),
        ("[a-c]?", nil, ["bx"], ["dx", "b"]), ("[!a]x", nil, ["bx"], ["ax"]), ("[^a]x", nil, ["bx"], ["ax"]),
        ("{a,b{c,d}}e", nil, ["ae", "bce", "bde"], ["be", "ce"]),
        ("\\*", nil, ["*"], ["a"]),
        ("*a*a*a*a*a*a*a*b", nil, [String(repeating: "a", count: 300) + "b"], [String(repeating: "a", count: 300)]),
        ("", nil, [""], ["a"]), ("[]]", nil, ["]"], ["["]), ("a[", nil, [], ["a["]), ("{a", nil, [], ["{a", "a"]),
        ("ü*", nil, ["über"], ["uber"]),
    ]

    @Test(arguments: patterns) func globs(pattern: String, separator: Character?, hits: [String], misses: [String]) {
        let glob = GlobPattern(pattern, separator: separator)
        for text in hits { #expect(glob.matches(text), "\(pattern) \(text)") }
        for text in misses { #expect(!glob.matches(text), "\(pattern) \(text)") }
    }

    // MARK: The policy from outside

    private func policy(_ text: String) throws -> Policy {
        try PolicyReader.read(Array("apiVersion: plumb.dev/v1alpha1\nkind: Policy\n\(text)".utf8), file: "policy.yaml")
    }

    @Test func aPolicyNarrowsAndNeverWidens() throws {
        let policy = try policy(
            """
            rules:
              - environments: ["prod*", "!prod-lab"]
                syncPolicy: {automated: {prune: true}}
                as: system:serviceaccount:ops:deployer
              - syncPolicy: {automated: {prune: true, selfHeal: true}}
            """)
        var environment = EnvironmentConfiguration(
            name: "prod-eu", path: "x", syncPolicy: SyncPolicy(isAutomated: true, prunes: true, selfHeals: true))
        #expect(policy.restricting(environment).syncPolicy == SyncPolicy(isAutomated: true, prunes: true))
        #expect(policy.restricting(environment).limits.impersonatedUser == "system:serviceaccount:ops:deployer")
        environment.name = "prod-lab"
        #expect(policy.restricting(environment).syncPolicy.selfHeals)
        environment.syncPolicy = SyncPolicy()
        #expect(!policy.restricting(environment).syncPolicy.isAutomated, "a policy does not switch on what the repository does not ask for")
    }

    static let refusals: [(text: String, message: String)] = [
        ("rules: [{environment: [a]}]\n", "policy.yaml:3:10: unknown key 'environment'\n  did you mean 'environments'?"),
        ("rules: [{project: shp}]\nprojects: [{name: shop}]\n", "there is no project 'shp'\n  did you mean 'shop'?"),
        ("projects: [{name: a}, {name: a}]\n", "project 'a' is there a second time"),
        ("rules: [{signatures: {mode: commit}}]\n", "names nobody who may sign"),
        ("rules: [{syncWindows: [{kind: deny, schedule: '0 0 * *', duration: 1h}]}]\n", "a schedule has five fields"),
        ("rules: [{syncWindows: [{kind: forbid, schedule: '0 0 * * *', duration: 1h}]}]\n", "unknown value 'forbid'"),
        ("rules: [{syncWindows: [{kind: deny, schedule: '0 0 * * *', duration: 1h, timeZone: Mars/Olympus}]}]\n", "does not know"),
        ("rules: [{environments: ['a[']}]\n", "is no pattern"),
    ]

    @Test(arguments: refusals) func refusesWithPlaceAndAdvice(text: String, message: String) {
        do {
            _ = try policy(text)
            Issue.record("nothing was refused")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
