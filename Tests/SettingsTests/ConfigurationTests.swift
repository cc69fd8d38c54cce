import Manifests
import Settings
import Testing

@Suite struct ConfigurationTests {
    private static let head = "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\n"

    private func read(_ text: String) throws -> Configuration {
        try ConfigurationReader.read(Array((Self.head + text).utf8), file: "plumb.yaml")
    }

    @Test func readsTheContractsExample() throws {
        let configuration = try read(
            """
            environments:
              - name: production
                path: environments/production
                context: production
                namespace: shop
                syncPolicy:
                  automated:
                    prune: true
                    selfHeal: true
                approvals: {required: 1, allowedSigners: .plumb/allowed_signers}
                maxDeletes: 10%
                timeout: 5m
                ignoreDifferences:
                  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}
              - name: staging
            """)
        let production = try #require(configuration.environments.first)
        #expect(production.syncPolicy == SyncPolicy(isAutomated: true, prunes: true, selfHeals: true))
        #expect(production.approvals?.required == 1)
        #expect(production.maxDeletes == "10%")
        #expect(production.timeout == .seconds(300))
        #expect(production.ignoreDifferences.first?.fields.map(\.text) == ["/spec/replicas"])
        #expect(configuration.environments.last?.path == "environments/staging")
    }

    @Test func readsApprovals() throws {
        func approvals(_ text: String) throws -> ApprovalPolicy? {
            try read("environments:\n  - {name: a, approvals: \(text)}\n").environments.first?.approvals
        }
        #expect(try approvals("{}") == ApprovalPolicy(required: 1))
        #expect(try approvals("{required: 0}") == ApprovalPolicy(required: 0))
        #expect(
            try approvals("{required: 2, requiredFor: [delete, replace, delete], excludeCommitter: true, allowedSigners: ./.plumb/signers}")
                == ApprovalPolicy(
                    required: 2, requiredFor: ["delete", "replace"], excludesCommitter: true, allowedSigners: ".plumb/signers"))
        #expect(try approvals("null") == nil)
    }

    @Test func readsWhereRunsAreRecorded() throws {
        let configuration = try read(
            """
            defaults:
              audit: {file: /var/log/plumb.jsonl, rotate: 1GiB, events: {url: "https://events.example.org/plumb", keyFile: key}}
            environments:
              - name: production
                audit: {rotate: 0, stdout: true}
              - name: staging
            """)
        let production = try #require(configuration.environments.first?.audit)
        #expect(production.file == "/var/log/plumb.jsonl" && production.rotationBytes == 0 && production.isPrinted == true)
        #expect(production.events?.url == "https://events.example.org/plumb" && production.events?.keyFile == "key")
        #expect(configuration.environments.last?.audit.rotationBytes == 1 << 30)
    }

    @Test(arguments: [
        ("{fiel: a}", "unknown key 'fiel'"), ("{rotate: many}", "must be a size"), ("{events: {}}", "has no url"),
        ("{events: {url: \"ftp://a\"}}", "is no URL"), ("{events: {url: \"https://a\", keyFile: a, keyVariable: B}}", "keyVariable"),
        ("{events: {url: \"https://a\", key: secret}}", "unknown key 'key'"),
    ])
    func wrongPlacesOfRecordsAreTold(text: String, words: String) throws {
        let fault = try #require(throws: Diagnostic.self) { try read("environments:\n  - {name: a, audit: \(text)}\n") }
        #expect(fault.message.contains(words) && fault.position?.line == 4, "\(fault)")
    }

    @Test func readsCharts() throws {
        let configuration = try read(
            """
            environments:
              - name: production
                charts:
                  - chart: charts/web
                    releaseName: site
                    namespace: web
                    valuesFiles: [values/a.yaml, ./values/b.yaml]
                    values: {replicas: 2}
                    set: [image.tag=v1]
                    includeCRDs: false
                    skipHooks: true
                    postRender: {namePrefix: x-}
                  - {chart: podinfo, repo: "https://charts.example.com", version: 6.x}
                  - {chart: "oci://registry.example.com/charts/db", version: 1.0.0}
            """)
        let environment = try #require(configuration.environments.first)
        #expect(!environment.hasOwnPath)
        let charts = environment.charts
        #expect(charts.map(\.releaseName) == ["site", "podinfo", "db"])
        #expect(charts.map(\.isPublished) == [false, true, true])
        #expect(charts[0].valuesFiles == ["values/a.yaml", "values/b.yaml"])
        #expect(charts[0].values == ["replicas": 2])
        #expect(charts[0].set == ["image.tag=v1"])
        #expect(!charts[0].includesCRDs && charts[0].skipsHooks)
        #expect(charts[0].postRender == ["namePrefix": "x-"])
        #expect(charts[1].position.line == 15)
    }

    static let refusals: [(text: String, message: String)] = [
        ("enviroments: []\n", "plumb.yaml:3:1: unknown key 'enviroments'\n  did you mean 'environments'?"),
        ("environments:\n  - {name: a, contxt: b}\n", "plumb.yaml:4:15: unknown key 'contxt'\n  did you mean 'context'?"),
        ("environments:\n  - {path: a}\n", "plumb.yaml:4:5: '0' has no name"),
        ("environments:\n  - {name: Prod}\n", "'name' must be lower-case letters"),
        ("environments:\n  - {name: a, charts: [{chrt: x}]}\n", "did you mean 'chart'?"),
        ("environments:\n  - {name: a, charts: [{chart: ../x}]}\n", "below the repository's root"),
        ("environments:\n  - {name: a, charts: [{chart: x, version: 1.0.0}]}\n", "'version' is of charts that are published alone"),
        ("environments:\n  - {name: a, charts: [{chart: My_App}]}\n", "name it with 'releaseName'"),
        ("environments:\n  - {name: a, charts: [{chart: x, repo: example.com}]}\n", "must be a URL"),
        ("environments:\n  - {name: a, charts: [{chart: x}, {chart: y/x}]}\n", "names release 'x' a second time"),
        ("environments:\n  - {name: a, charts: [{chart: x, repo: \"https://e\", digest: abc}]}\n", "64 hexadecimal digits"),
        ("environments:\n  - {name: a}\n  - {name: a}\n", "names environment 'a' a second time"),
        ("environments:\n  - {name: a, path: ../x}\n", "'path' must be a folder below the repository's root"),
        ("environments:\n  - {name: a, timeout: soon}\n", "'timeout' must be a duration"),
        ("environments:\n  - {name: a, maxDeletes: 200%}\n", "'maxDeletes' must be a number of objects or a percentage"),
        ("environments:\n  - {name: a, approvals: {requiredfor: [delete]}}\n", "did you mean 'requiredFor'?"),
        ("environments:\n  - {name: a, approvals: {requiredFor: [x]}}\n", "unknown action 'x'\n  known are create, update"),
        ("environments:\n  - {name: a, approvals: {requiredFor: [deletes]}}\n", "unknown action 'deletes'\n  did you mean 'delete'?"),
        ("environments:\n  - {name: a, approvals: {requiredFor: []}}\n", "'requiredFor' names no action"),
        ("environments:\n  - {name: a, approvals: {requiredFor: delete}}\n", "'requiredFor' must be a list"),
        ("environments:\n  - {name: a, approvals: {required: -1}}\n", "'required' must be a whole number from 0 to 100"),
        ("environments:\n  - {name: a, approvals: {required: two}}\n", "'required' must be a whole number"),
        ("environments:\n  - {name: a, approvals: {excludeCommitter: 1}}\n", "'excludeCommitter' must be true or false"),
        (
            "environments:\n  - {name: a, approvals: {allowedSigners: /etc/signers}}\n",
            "'allowedSigners' must be a file below the repository's root"
        ),
        ("environments:\n  - {name: a, approvals: {allowedSigners: ../signers}}\n", "'allowedSigners' must be a file below"),
        ("environments:\n  - {name: a, ignoreDifferences: [{kind: X, jsonPointers: [spec]}]}\n", "must be a JSON Pointer"),
    ]

    @Test(arguments: refusals) func refusesWithPlaceAndAdvice(text: String, message: String) {
        let error = #expect(throws: Diagnostic.self) { try read(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func environmentsBuildOnTheDefaults() throws {
        let configuration = try read(
            """
            environments:
              - name: a
              - {name: b, syncPolicy: {automated: {prune: true}}, timeout: 1m}
              - {name: c, syncPolicy: {automated: null}, approvals: null, ignoreDifferences: []}
            defaults:
              context: prod
              timeout: 9m
              syncPolicy: {automated: {selfHeal: true}}
              approvals: {required: 2}
              ignoreDifferences:
                - {kind: ConfigMap, jsonPointers: [/data]}
            """)
        let (a, b, c) = (configuration.environments[0], configuration.environments[1], configuration.environments[2])
        #expect(a.context == "prod" && a.timeout == .seconds(540) && a.path == "environments/a")
        #expect(a.syncPolicy == SyncPolicy(isAutomated: true, selfHeals: true))
        #expect(b.syncPolicy == SyncPolicy(isAutomated: true, prunes: true, selfHeals: true), "mappings are merged key by key")
        #expect(b.timeout == .seconds(60))
        #expect(c.syncPolicy == SyncPolicy() && c.approvals == nil && c.ignoreDifferences.isEmpty, "null takes a default back")
        #expect(a.ignoreDifferences.count == 1)
        let found = try EnvironmentLookup(configuration: configuration, tree: MemoryFileTree(["envs/x/a.yaml": ""])).environment("x")
        #expect(found.context == "prod" && found.path == "envs/x" && found.name == "x", "folders have the defaults too")
    }

    @Test func reportsEveryFaultAtOnce() throws {
        let error = #expect(throws: Diagnostics.self) {
            try read("defaults: {name: a, timeot: 5m}\nenvironments:\n  - {name: A, timeout: x}\n  - {name: b, nmespace: c}\n")
        }
        let texts = error?.all.map(\.description) ?? []
        #expect(texts.count == 5, "\(texts)")
        #expect(
            texts.contains("plumb.yaml:3:12: unknown key 'name'\n  did you mean 'namespace'?") || texts[0].contains("unknown key 'name'"))
        #expect(texts[1].contains("did you mean 'timeout'?"))
        #expect(texts[4].contains("plumb.yaml:6:") && texts[4].contains("did you mean 'namespace'?"))
    }

    /// Every declared key is in the schema with words about it, and the schema allows no other.
    @Test func theSchemaComesFromTheDeclarations() throws {
        func walk(_ schema: Value, _ path: String) {
            if let properties = schema["properties"]?.object {
                #expect(schema["additionalProperties"] == false, "\(path)")
                for member in properties {
                    #expect(member.value["description"]?.string?.isEmpty == false, "\(path).\(member.key)")
                    walk(member.value, "\(path).\(member.key)")
                }
            }
            if let items = schema["items"] { walk(items, "\(path)[]") }
        }
        let schema = ConfigurationReader.schema
        walk(schema, "")
        let environment = try #require(schema.at("properties", "environments", "items", "properties")?.object)
        let defaults = try #require(schema.at("properties", "defaults", "properties")?.object)
        #expect(environment["name"] != nil && defaults["name"] == nil)
        for member in environment where member.key != "name" && member.key != "path" {
            #expect(defaults[member.key] == member.value, "every setting may stand in the defaults: \(member.key)")
        }
        #expect(environment["timeout"]?["default"] == "5m")
    }

    @Test func findsEnvironmentsByFolder() throws {
        let tree = MemoryFileTree(["environments/production/a.yaml": "", "clusters/eu/a.yaml": "", "apps/web/a.yaml": ""])
        let lookup = EnvironmentLookup(configuration: Configuration(), tree: tree)
        #expect(try lookup.all().map(\.name) == ["production", "eu"])
        #expect(try lookup.environment("production").path == "environments/production")
        #expect(try lookup.environment("apps/web").name == "web")
        let error = #expect(throws: Diagnostic.self) { try lookup.environment("prodution") }
        #expect(error?.advice == "did you mean 'production'?")
    }
}
