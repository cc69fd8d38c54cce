import KubernetesAPI
import Manifests
import Testing

@Suite("Health")
struct HealthTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// A JSON object; `now` is 2026-01-01T00:01:00Z.
        var object: String
        var expected: HealthStatus
        var says = ""
        var testDescription: String { name }
    }

    private static func object(
        _ apiVersion: String, _ kind: String, _ spec: String, _ status: String, metadata: String = #""generation":2"#
    ) -> String {
        #"{"apiVersion":"\#(apiVersion)","kind":"\#(kind)","metadata":{\#(metadata)},"spec":{\#(spec)},"status":{\#(status)}}"#
    }

    private static func deployment(_ spec: String, _ status: String) -> String {
        object("apps/v1", "Deployment", #""replicas":3,"progressDeadlineSeconds":600"# + spec, #""observedGeneration":2"# + status)
    }
    private static let rolledOut =
        #","conditions":[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"},{"type":"Available","status":"True"}]"#
    private static let allReplicas = #","replicas":3,"updatedReplicas":3,"availableReplicas":3,"readyReplicas":3"#

    private static func statefulSet(_ spec: String, _ status: String) -> String {
        object("apps/v1", "StatefulSet", #""replicas":3"# + spec, #""observedGeneration":2"# + status)
    }
    private static func pod(_ status: String) -> String { object("v1", "Pod", "", status, metadata: "") }
    private static func job(_ status: String) -> String { object("batch/v1", "Job", "", status) }
    private static func custom(_ status: String, metadata: String = #""generation":2"#) -> String {
        object("ex.org/v1", "Widget", "", status, metadata: metadata)
    }
    private static func conditions(_ list: String) -> String { #""conditions":[\#(list)]"# }

    @Test(arguments: [
        // Whatever the kind.
        Case(
            name: "being deleted",
            object: object("v1", "ConfigMap", "", "", metadata: #""deletionTimestamp":"2026-01-01T00:00:00Z","finalizers":["a/b"]"#),
            expected: .terminating, says: "a/b"),
        Case(name: "older generation observed", object: custom(#""observedGeneration":1"#), expected: .inProgress, says: "generation 2"),
        Case(
            name: "reconciling",
            object: custom(conditions(#"{"type":"Reconciling","status":"True","message":"m"},{"type":"Ready","status":"True"}"#)),
            expected: .inProgress, says: "m"),
        Case(
            name: "stalled", object: custom(conditions(#"{"type":"Stalled","status":"True","reason":"R"}"#)), expected: .failed, says: "R"),
        Case(
            name: "stalled no more", object: custom(conditions(#"{"type":"Stalled","status":"False"},{"type":"Ready","status":"True"}"#)),
            expected: .current),
        // Custom resources.
        Case(name: "ready", object: custom(conditions(#"{"type":"Ready","status":"True"}"#)), expected: .current),
        Case(
            name: "not ready", object: custom(conditions(#"{"type":"Ready","status":"False","reason":"R","message":"m"}"#)),
            expected: .inProgress, says: "R: m"),
        Case(name: "ready unknown", object: custom(conditions(#"{"type":"Ready","status":"Unknown"}"#)), expected: .inProgress),
        Case(
            name: "ready about an older generation",
            object: custom(conditions(#"{"type":"Ready","status":"True","observedGeneration":1}"#)), expected: .inProgress,
            says: "generation 1"),
        Case(
            name: "ready, not synced (Crossplane)",
            object: custom(conditions(#"{"type":"Ready","status":"True"},{"type":"Synced","status":"False","reason":"ReconcileError"}"#)),
            expected: .inProgress, says: "ReconcileError"),
        Case(
            name: "synced, not ready (Crossplane)",
            object: custom(conditions(#"{"type":"Synced","status":"True"},{"type":"Ready","status":"False","reason":"Creating"}"#)),
            expected: .inProgress, says: "Creating"),
        Case(name: "not available", object: custom(conditions(#"{"type":"Available","status":"False"}"#)), expected: .inProgress),
        Case(name: "not established", object: custom(conditions(#"{"type":"Established","status":"False"}"#)), expected: .inProgress),
        Case(name: "a status without conditions", object: custom(#""phase":"x""#), expected: .current),
        Case(name: "no status", object: custom(""), expected: .current),
        // Deployment.
        Case(name: "deployment: rolled out", object: deployment("", allReplicas + rolledOut), expected: .current),
        Case(name: "deployment: not seen", object: object("apps/v1", "Deployment", "", ""), expected: .inProgress, says: "no controller"),
        Case(name: "deployment: too few", object: deployment("", #","replicas":2"# + rolledOut), expected: .inProgress, says: "2 of 3"),
        Case(
            name: "deployment: old ones left",
            object: deployment("", #","replicas":4,"updatedReplicas":3,"availableReplicas":3,"readyReplicas":3"# + rolledOut),
            expected: .inProgress, says: "old replica"),
        Case(
            name: "deployment: not updated",
            object: deployment("", #","replicas":3,"updatedReplicas":1,"availableReplicas":3,"readyReplicas":3"# + rolledOut),
            expected: .inProgress, says: "1 of 3 replicas are updated"),
        Case(
            name: "deployment: not available",
            object: deployment("", #","replicas":3,"updatedReplicas":3,"availableReplicas":1,"readyReplicas":3"# + rolledOut),
            expected: .inProgress, says: "available"),
        Case(
            name: "deployment: not ready",
            object: deployment("", #","replicas":3,"updatedReplicas":3,"availableReplicas":3,"readyReplicas":1"# + rolledOut),
            expected: .inProgress, says: "ready"),
        Case(
            name: "deployment: deadline",
            object: deployment(
                "", #","conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out"}]"#),
            expected: .failed, says: "timed out"),
        Case(
            name: "deployment: progress not reported",
            object: deployment("", allReplicas + #","conditions":[{"type":"Available","status":"True"}]"#), expected: .inProgress),
        Case(
            name: "deployment: no deadline, no report",
            object: object(
                "apps/v1", "Deployment", #""replicas":3"#,
                #""observedGeneration":2"# + allReplicas + #","conditions":[{"type":"Available","status":"True"}]"#), expected: .current),
        Case(
            name: "deployment: condition not available",
            object: deployment(
                "",
                allReplicas
                    + #","conditions":[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"},{"type":"Available","status":"False"}]"#
            ), expected: .inProgress),
        Case(name: "deployment: paused", object: deployment(#","paused":true"#, ""), expected: .current, says: "paused"),
        Case(
            name: "deployment: one replica by default", object: object("apps/v1", "Deployment", "", #""observedGeneration":2"# + rolledOut),
            expected: .inProgress, says: "0 of 1"),
        // StatefulSet.
        Case(
            name: "stateful set: done",
            object: statefulSet(#","updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}"#, allReplicas),
            expected: .current),
        Case(
            name: "stateful set: partition",
            object: statefulSet(
                #","updateStrategy":{"rollingUpdate":{"partition":2}}"#, #","replicas":3,"readyReplicas":3,"updatedReplicas":1"#),
            expected: .current),
        Case(
            name: "stateful set: partition not reached",
            object: statefulSet(
                #","updateStrategy":{"rollingUpdate":{"partition":1}}"#, #","replicas":3,"readyReplicas":3,"updatedReplicas":1"#),
            expected: .inProgress, says: "1 of 2"),
        Case(name: "stateful set: on delete", object: statefulSet(#","updateStrategy":{"type":"OnDelete"}"#, ""), expected: .current),
        Case(name: "stateful set: not ready", object: statefulSet("", #","replicas":3,"readyReplicas":1"#), expected: .inProgress),
        Case(
            name: "stateful set: revisions differ",
            object: statefulSet("", #","replicas":3,"readyReplicas":3,"currentReplicas":3,"currentRevision":"a","updateRevision":"b""#),
            expected: .inProgress),
        Case(
            name: "stateful set: revisions equal",
            object: statefulSet("", #","replicas":3,"readyReplicas":3,"currentReplicas":3,"currentRevision":"a","updateRevision":"a""#),
            expected: .current),
        Case(
            name: "stateful set: extreme partition",
            object: statefulSet(#","updateStrategy":{"rollingUpdate":{"partition":-9223372036854775808}}"#, allReplicas), expected: .current
        ),
        // DaemonSet, ReplicaSet.
        Case(
            name: "daemon set: done",
            object: object(
                "apps/v1", "DaemonSet", "",
                #""observedGeneration":2,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2,"numberReady":2"#
            ), expected: .current),
        Case(
            name: "daemon set: no nodes", object: object("apps/v1", "DaemonSet", "", #""observedGeneration":2,"desiredNumberScheduled":0"#),
            expected: .current),
        Case(
            name: "daemon set: not updated",
            object: object(
                "apps/v1", "DaemonSet", "",
                #""observedGeneration":2,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":1,"numberAvailable":2,"numberReady":2"#
            ), expected: .inProgress),
        Case(name: "daemon set: not seen", object: object("apps/v1", "DaemonSet", "", ""), expected: .inProgress),
        Case(
            name: "replica set: done",
            object: object(
                "apps/v1", "ReplicaSet", #""replicas":1"#,
                #""observedGeneration":2,"replicas":1,"fullyLabeledReplicas":1,"availableReplicas":1,"readyReplicas":1"#),
            expected: .current),
        Case(
            name: "replica set: failure",
            object: object(
                "apps/v1", "ReplicaSet", #""replicas":1"#,
                #""observedGeneration":2,"conditions":[{"type":"ReplicaFailure","status":"True","message":"quota"}]"#),
            expected: .inProgress, says: "quota"),
        // Job.
        Case(name: "job: complete", object: job(conditions(#"{"type":"Complete","status":"True"}"#)), expected: .current),
        Case(
            name: "job: failed", object: job(conditions(#"{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}"#)),
            expected: .failed, says: "BackoffLimitExceeded"),
        Case(name: "job: suspended", object: job(conditions(#"{"type":"Suspended","status":"True"}"#)), expected: .current),
        Case(name: "job: running", object: job(#""startTime":"2026-01-01T00:00:00Z","active":1"#), expected: .inProgress, says: "1 active"),
        Case(name: "job: not started", object: job(""), expected: .inProgress, says: "not started"),
        // Pod.
        Case(
            name: "pod: ready", object: pod(#""phase":"Running","# + conditions(#"{"type":"Ready","status":"True"}"#)), expected: .current),
        Case(name: "pod: running, not ready", object: pod(#""phase":"Running""#), expected: .inProgress),
        Case(
            name: "pod: crash loop",
            object: pod(#""phase":"Running","containerStatuses":[{"name":"web","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]"#),
            expected: .failed, says: "'web'"),
        Case(name: "pod: succeeded", object: pod(#""phase":"Succeeded""#), expected: .current),
        Case(name: "pod: failed", object: pod(#""phase":"Failed","message":"evicted""#), expected: .failed, says: "evicted"),
        Case(
            name: "pod: pending",
            object: pod(#""phase":"Pending","containerStatuses":[{"name":"web","state":{"waiting":{"reason":"ImagePullBackOff"}}}]"#),
            expected: .inProgress, says: "ImagePullBackOff"),
        Case(
            name: "pod: unschedulable for long",
            object: pod(
                #""phase":"Pending","#
                    + conditions(
                        #"{"type":"PodScheduled","status":"False","reason":"Unschedulable","lastTransitionTime":"2026-01-01T00:00:30Z"}"#)),
            expected: .failed),
        Case(
            name: "pod: unschedulable just now",
            object: pod(
                #""phase":"Pending","#
                    + conditions(
                        #"{"type":"PodScheduled","status":"False","reason":"Unschedulable","lastTransitionTime":"2026-01-01T00:00:50Z"}"#)),
            expected: .inProgress),
        Case(name: "pod: no phase", object: pod(""), expected: .inProgress),
        // The rest.
        Case(name: "claim: bound", object: object("v1", "PersistentVolumeClaim", "", #""phase":"Bound""#), expected: .current),
        Case(name: "claim: pending", object: object("v1", "PersistentVolumeClaim", "", #""phase":"Pending""#), expected: .inProgress),
        Case(name: "claim: lost", object: object("v1", "PersistentVolumeClaim", "", #""phase":"Lost""#), expected: .failed),
        Case(
            name: "service: load balancer without address",
            object: object("v1", "Service", #""type":"LoadBalancer","clusterIP":"10.0.0.1""#, ""), expected: .current),
        Case(
            name: "service: load balancer without cluster IP", object: object("v1", "Service", #""type":"LoadBalancer""#, ""),
            expected: .inProgress),
        Case(name: "service", object: object("v1", "Service", "", ""), expected: .current),
        Case(name: "namespace", object: object("v1", "Namespace", "", #""phase":"Active""#), expected: .current),
        Case(name: "config map", object: object("v1", "ConfigMap", "", ""), expected: .current),
        Case(name: "cron job", object: object("batch/v1", "CronJob", "", ""), expected: .current),
        Case(
            name: "definition: established",
            object: object(
                "apiextensions.k8s.io/v1", "CustomResourceDefinition", "",
                conditions(#"{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"True"}"#)), expected: .current),
        Case(
            name: "definition: installing",
            object: object(
                "apiextensions.k8s.io/v1", "CustomResourceDefinition", "",
                conditions(#"{"type":"Established","status":"False","reason":"Installing"}"#)), expected: .inProgress),
        Case(
            name: "definition: names taken",
            object: object(
                "apiextensions.k8s.io/v1", "CustomResourceDefinition", "",
                conditions(#"{"type":"NamesAccepted","status":"False","message":"taken"}"#)), expected: .failed, says: "taken"),
        Case(
            name: "definition: refused",
            object: object(
                "apiextensions.k8s.io/v1", "CustomResourceDefinition", "",
                conditions(#"{"type":"Established","status":"False","reason":"NotAccepted"}"#)), expected: .failed),
        Case(name: "definition: new", object: object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", ""), expected: .inProgress),
        Case(
            name: "API service down",
            object: object(
                "apiregistration.k8s.io/v1", "APIService", "",
                conditions(#"{"type":"Available","status":"False","reason":"ServiceNotFound"}"#)), expected: .inProgress,
            says: "ServiceNotFound"),
    ])
    func rules(_ test: Case) throws {
        let object = try JSONParser.parse(Array(test.object.utf8))
        let now = try #require(Timestamp(rfc3339: "2026-01-01T00:01:00Z"))
        let health = Health.assess(object, now: now)
        #expect(health.status == test.expected, "\(health)")
        #expect(test.says.isEmpty || health.message.contains(test.says), "\(health)")
    }

    @Test("a custom resource whose controller is known to report is in progress until it does")
    func expectedStatus() {
        let object: Value = ["apiVersion": "ex.org/v1", "kind": "Widget", "metadata": ["generation": 1]]
        #expect(Health.assess(object, expectsStatus: true).status == .inProgress)
        #expect(Health.assess(.null).status == .current)
    }
}
