import Manifests
import Testing

@testable import Sandbox

/// A sandbox without sockets.
struct Bench {
    let server: APIServer
    let background: Background

    init(denials: [String] = [], controllerDelay: Duration? = nil, store: ObjectStore = ObjectStore()) {
        let server = APIServer(
            store: store, policy: AccessPolicy(token: "t", denials: denials.compactMap(AccessPolicy.Denial.init)))
        server.bootstrap()
        self.server = server
        background = Background(
            server: server, controllers: controllerDelay.map { WorkloadControllers(server: server, delay: $0) },
            namespaceDelay: .milliseconds(10))
    }

    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: Value? = nil, type: String = "application/json", token: String? = "t",
        accept: String = "application/json"
    ) -> (status: Int, body: Value) {
        var headers = ["content-type": type, "accept": accept, "user-agent": "test/1"]
        if let token { headers["authorization"] = "Bearer \(token)" }
        let response = server.respond(
            to: APIRequest(method: method, target: path, headers: headers, body: body.map(JSONWriter.compact) ?? []))
        return (response.status, (try? JSONParser.parse(response.body)) ?? .string(String(decoding: response.body, as: UTF8.self)))
    }

    @discardableResult
    func apply(_ path: String, _ body: Value) -> (status: Int, body: Value) {
        send("PATCH", "\(path)?fieldManager=plumb&force=true", body, type: "application/apply-patch+yaml")
    }

    func configMap(_ name: String, owner: Value? = nil) -> Value {
        var object: Value = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": ["a": "1"]]
        if let owner { object.setMetadata("ownerReferences", [owner]) }
        return object
    }

    /// Waits for what happens in the background, five seconds at most.
    func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Runs a body while the server's own loops run.
    func running(_ body: () async throws -> Void) async rethrows {
        let background = background
        let task = Task { await background.run() }
        defer { task.cancel() }
        try await body()
    }
}

struct AccessTests {
    @Test func refusesWhoIsNotKnown() {
        let bench = Bench()
        #expect(bench.send("GET", "/api/v1/namespaces", token: "wrong").status == 401)
        #expect(bench.send("GET", "/api/v1/namespaces", token: nil).status == 403)
        #expect(bench.send("GET", "/api/v1/namespaces").status == 200)
    }

    @Test func deniesWhatRulesDeny() {
        let bench = Bench(denials: ["create:/secrets", "*:apps/deployments"])
        let secret: Value = ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"]]
        let (status, body) = bench.send("POST", "/api/v1/namespaces/default/secrets", secret)
        #expect(status == 403)
        #expect(body["message"]?.string?.contains("cannot create resource \"secrets\"") == true)
        #expect(bench.send("GET", "/apis/apps/v1/namespaces/default/deployments").status == 403)
        #expect(bench.send("GET", "/api/v1/namespaces/default/secrets").status == 200)
    }
}

struct ListTests {
    @Test func pagesHoldEachObjectOnce() {
        let bench = Bench()
        for index in 0..<7 { bench.apply("/api/v1/namespaces/default/configmaps/c\(index)", bench.configMap("c\(index)")) }
        var names: [String] = []
        var token = ""
        repeat {
            let page = bench.send("GET", "/api/v1/namespaces/default/configmaps?limit=3&continue=\(token)").body
            names += (page["items"]?.array ?? []).compactMap { $0.metadata("name")?.string }
            token = page.metadata("continue")?.string ?? ""
        } while !token.isEmpty
        #expect(names == (0..<7).map { "c\($0)" })
    }

    @Test(arguments: [
        ("labelSelector=a%3D1", ["x", "y"]), ("labelSelector=a%21%3D1", ["z"]), ("labelSelector=a%20in%20%281%2C2%29,b", ["y"]),
        ("labelSelector=%21b", ["x", "z"]), ("fieldSelector=metadata.name%3Dz", ["z"]),
    ])
    func selectorsChoose(_ query: String, _ expected: [String]) {
        let bench = Bench()
        for (name, labels) in [("x", ["a": "1"]), ("y", ["a": "1", "b": ""]), ("z", ["a": "3"])] as [(String, Value)] {
            var object = bench.configMap(name)
            object.setMetadata("labels", labels)
            bench.apply("/api/v1/namespaces/default/configmaps/\(name)", object)
        }
        let items = bench.send("GET", "/api/v1/configmaps?\(query)").body["items"]?.array ?? []
        #expect(items.compactMap { $0.metadata("name")?.string } == expected)
    }
}

struct LifeTests {
    private static func owner(_ object: Value, isBlocking: Bool = false) -> Value {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "name": object.metadata("name") ?? "", "uid": object.metadata("uid") ?? "",
            "blockOwnerDeletion": .bool(isBlocking),
        ]
    }

    @Test(arguments: ["Background", "Foreground", "Orphan"])
    func ownedObjectsFollow(_ policy: String) async {
        let bench = Bench()
        let path = "/api/v1/namespaces/default/configmaps"
        await bench.running {
            let parent = bench.apply("\(path)/parent", bench.configMap("parent")).body
            bench.apply("\(path)/child", bench.configMap("child", owner: Self.owner(parent, isBlocking: true)))
            bench.send("DELETE", "\(path)/parent?propagationPolicy=\(policy)")
            #expect(await bench.eventually { bench.send("GET", "\(path)/parent").status == 404 })
            if policy == "Orphan" {
                #expect(bench.send("GET", "\(path)/child").body.metadata("ownerReferences") == nil)
            } else {
                #expect(await bench.eventually { bench.send("GET", "\(path)/child").status == 404 })
            }
        }
    }

    @Test func namespacesEndWithTheirContents() async {
        let bench = Bench()
        await bench.running {
            bench.send("POST", "/api/v1/namespaces", ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]])
            bench.apply("/api/v1/namespaces/shop/configmaps/a", bench.configMap("a"))
            #expect(bench.send("DELETE", "/api/v1/namespaces/shop").body.at("status", "phase") == "Terminating")
            #expect(bench.apply("/api/v1/namespaces/shop/configmaps/b", bench.configMap("b")).status == 403)
            #expect(await bench.eventually { bench.send("GET", "/api/v1/namespaces/shop").status == 404 })
            #expect(bench.send("GET", "/api/v1/namespaces/shop/configmaps/a").status == 404)
        }
    }

    @Test func aJournalBringsEverythingBack() throws {
        let folder = try FileAccess.makeTemporaryFolder()
        let path = "\(folder)/journal.jsonl"
        let first = ObjectStore()
        let (journal, records) = try Journal.open(path: path)
        first.attach(journal, contents: records)
        let bench = Bench(store: first)
        for name in ["a", "b", "c"] { bench.apply("/api/v1/namespaces/default/configmaps/\(name)", bench.configMap(name)) }
        bench.send("DELETE", "/api/v1/namespaces/default/configmaps/b")
        let before = bench.send("GET", "/api/v1/configmaps").body
        // A write that a power cut tore.
        let bytes = try #require(try FileAccess.read(path)) + Array(#"{"resource":"configmaps","na"#.utf8)
        try FileAccess.writeAtomically(bytes, to: path)
        let second = ObjectStore()
        let (again, kept) = try Journal.open(path: path)
        second.attach(again, contents: kept)
        let after = Bench(store: second)
        #expect(after.send("GET", "/api/v1/configmaps").body == before)
    }
}

struct ControllerTests {
    private static func deployment(_ annotations: Value) -> Value {
        [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "w", "annotations": annotations],
            "spec": [
                "replicas": 2, "progressDeadlineSeconds": 1, "minReadySeconds": 0, "selector": ["matchLabels": ["a": "w"]],
                "template": ["metadata": ["labels": ["a": "w"]], "spec": ["containers": [["name": "c", "image": "i:1"]]]],
            ],
        ]
    }

    private static func condition(_ type: String, of object: Value) -> Value? {
        (object.at("status", "conditions")?.array ?? []).first { $0["type"]?.string == type }
    }

    @Test(arguments: [
        ("5ms", "Available", "True", "MinimumReplicasAvailable"), ("fail", "Progressing", "False", "ProgressDeadlineExceeded"),
        ("never", "Progressing", "False", "ProgressDeadlineExceeded"),
    ])
    func deploymentsEndAsToldTo(_ after: String, _ type: String, _ status: String, _ reason: String) async {
        let bench = Bench(controllerDelay: .milliseconds(5))
        let path = "/apis/apps/v1/namespaces/default/deployments/w"
        await bench.running {
            #expect(bench.apply(path, Self.deployment(["sandbox.plumb.dev/ready-after": .string(after)])).status == 201)
            #expect(
                await bench.eventually {
                    let condition = Self.condition(type, of: bench.send("GET", path).body)
                    return condition?["status"]?.string == status && condition?["reason"]?.string == reason
                })
        }
    }

    @Test func jobsComplete() async {
        let bench = Bench(controllerDelay: .milliseconds(5))
        let path = "/apis/batch/v1/namespaces/default/jobs/j"
        let template: Value = ["spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i:1"]]]]
        await bench.running {
            bench.apply(
                path, ["apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "j"], "spec": ["template": template]])
            #expect(
                await bench.eventually {
                    Self.condition("Complete", of: bench.send("GET", path).body)?["status"]?.string == "True"
                })
        }
    }

    @Test func withoutControllersAStatusStaysBare() async throws {
        let bench = Bench()
        let path = "/apis/apps/v1/namespaces/default/deployments/w"
        try await bench.running {
            bench.apply(path, Self.deployment([:]))
            try await Task.sleep(for: .milliseconds(50))
            #expect(bench.send("GET", path).body["status"] == [:])
        }
    }
}
