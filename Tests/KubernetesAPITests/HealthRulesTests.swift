import Manifests
import Testing

@testable import KubernetesAPI

@Suite struct HealthRulesTests {
    private let now = Timestamp(seconds: 1_767_225_660)

    private func object(_ text: String) throws -> Value { try JSONParser.parse(Array(text.utf8)) }

    private static let widget = #"{"apiVersion":"db.example.org/v1","kind":"Database","metadata":{"generation":2},"status":STATUS}"#

    private static let check = HealthCheck(
        group: "db.example.org", kind: "Database",
        current: [.condition(type: "Provisioned", status: "True"), .equals(pointer: "/status/phase", value: "Running")],
        failed: [.equals(pointer: "/status/phase", value: "Broken"), .condition(type: "Lost", status: "True")])

    @Test(arguments: [
        (#"{"phase":"Running","conditions":[{"type":"Provisioned","status":"True"}]}"#, HealthStatus.current, ""),
        (#"{"phase":"Starting","conditions":[{"type":"Provisioned","status":"True"}]}"#, .inProgress, #""Starting""#),
        (#"{"phase":"Running"}"#, .inProgress, "no condition Provisioned"),
        (#"{"phase":"Running","conditions":[{"type":"Provisioned","status":"False","message":"m"}]}"#, .inProgress, "False: m"),
        (#"{"phase":"Broken"}"#, .failed, "Broken"), (#"{"conditions":[{"type":"Lost","status":"True"}]}"#, .failed, "Lost"),
        (#"{"observedGeneration":1,"phase":"Running","conditions":[{"type":"Provisioned","status":"True"}]}"#, .inProgress, "generation 2"),
        (#"{}"#, .inProgress, "no condition"),
    ])
    func anEnvironmentsOwnRule(status: String, expected: HealthStatus, says: String) throws {
        let object = try object(Self.widget.split(separator: "STATUS").joined(separator: status))
        let health = HealthRules(checks: [Self.check]).assess(object, now: now)
        #expect(health.status == expected)
        #expect(says.isEmpty || health.message.contains(says), "\(health.message)")
    }

    @Test func otherKindsKeepTheirRules() throws {
        let other = try object(#"{"apiVersion":"v1","kind":"ConfigMap"}"#)
        #expect(HealthRules(checks: [Self.check]).assess(other, now: now).status == .current)
        let wide = HealthCheck(group: "*", kind: "ConfigMap", current: [.exists(pointer: "/data/done")], failed: [])
        #expect(HealthRules(checks: [wide]).assess(other, now: now).status == .inProgress)
        let done = try object(#"{"apiVersion":"v1","kind":"ConfigMap","data":{"done":"x"}}"#)
        #expect(HealthRules(checks: [wide]).assess(done, now: now).status == .current)
    }

    @Test func aRuleOfFailuresAloneLeavesTheRest() throws {
        let check = HealthCheck(group: "apps", kind: "Deployment", current: [], failed: [.equals(pointer: "/spec/replicas", value: 0)])
        let rules = HealthRules(checks: [check])
        #expect(
            rules.assess(try object(#"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":0}}"#), now: now).status == .failed)
        #expect(
            rules.assess(try object(#"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1}}"#), now: now).status == .inProgress
        )
    }

    @Test func rulesSurviveThePlan() throws {
        let rules = HealthRules(
            isStrict: true, checks: [Self.check, HealthCheck(group: "", kind: "Pod", current: [.exists(pointer: "/a/0")], failed: [])],
            grace: .seconds(7))
        #expect(HealthRules(decoding: rules.encoded) == rules)
        #expect(HealthRules(decoding: nil) == nil)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var object: String
        var ordinary: HealthStatus
        var strict: HealthStatus
        var testDescription: String { name }
    }

    @Test(arguments: [
        Case(
            name: "load balancer without an address",
            object:
                #"{"apiVersion":"v1","kind":"Service","spec":{"type":"LoadBalancer","clusterIP":"1.2.3.4"},"status":{"loadBalancer":{}}}"#,
            ordinary: .current, strict: .inProgress),
        Case(
            name: "load balancer with an address",
            object:
                #"{"apiVersion":"v1","kind":"Service","spec":{"type":"LoadBalancer","clusterIP":"1.2.3.4"},"status":{"loadBalancer":{"ingress":[{"ip":"1.1.1.1"}]}}}"#,
            ordinary: .current, strict: .current),
        Case(name: "cluster service", object: #"{"apiVersion":"v1","kind":"Service","spec":{}}"#, ordinary: .current, strict: .current),
        Case(
            name: "ingress without an address",
            object: #"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","status":{"loadBalancer":{}}}"#,
            ordinary: .current, strict: .inProgress),
        Case(
            name: "ingress with an address",
            object: #"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","status":{"loadBalancer":{"ingress":[{"ip":"1.1.1.1"}]}}}"#,
            ordinary: .current, strict: .current),
        Case(
            name: "autoscaler without metrics yet",
            object:
                #"{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","status":{"conditions":[{"type":"AbleToScale","status":"True"},{"type":"ScalingActive","status":"False","reason":"FailedGetResourceMetric"}]}}"#,
            ordinary: .current, strict: .current),
        Case(
            name: "autoscaler whose target is not there",
            object:
                #"{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","status":{"conditions":[{"type":"AbleToScale","status":"False","reason":"FailedGetScale"}]}}"#,
            ordinary: .current, strict: .failed),
        Case(
            name: "autoscaler of the first version, whose target is not there",
            object:
                #"{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"annotations":{"autoscaling.alpha.kubernetes.io/conditions":"[{\"type\":\"AbleToScale\",\"status\":\"False\",\"reason\":\"FailedGetScale\"}]"}}}"#,
            ordinary: .current, strict: .failed),
        Case(
            name: "autoscaler of the first version that scales",
            object:
                #"{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"annotations":{"autoscaling.alpha.kubernetes.io/conditions":"[{\"type\":\"AbleToScale\",\"status\":\"True\"}]"}}}"#,
            ordinary: .current, strict: .current),
        Case(
            name: "autoscaler of the first version that nobody has seen",
            object: #"{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler"}"#, ordinary: .current, strict: .inProgress),
        Case(
            name: "pod whose container has ended before",
            object:
                #"{"apiVersion":"v1","kind":"Pod","status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":1}},"lastState":{"terminated":{"exitCode":1}}}]}}"#,
            ordinary: .inProgress, strict: .failed),
        Case(
            name: "pod that is ready again",
            object:
                #"{"apiVersion":"v1","kind":"Pod","status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","lastState":{"terminated":{"exitCode":1}}}]}}"#,
            ordinary: .current, strict: .current),
        Case(
            name: "pod that is to end and runs",
            object:
                #"{"apiVersion":"v1","kind":"Pod","spec":{"restartPolicy":"Never"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}"#,
            ordinary: .current, strict: .inProgress),
        Case(
            name: "autoscaler that scales",
            object:
                #"{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","status":{"conditions":[{"type":"AbleToScale","status":"True"}]}}"#,
            ordinary: .current, strict: .current),
        Case(
            name: "autoscaler that nobody has seen", object: #"{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler"}"#,
            ordinary: .current, strict: .inProgress),
        Case(
            name: "replica set that cannot make pods",
            object:
                #"{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"generation":1},"status":{"observedGeneration":1,"conditions":[{"type":"ReplicaFailure","status":"True"}]}}"#,
            ordinary: .inProgress, strict: .failed),
        Case(
            name: "pod whose image cannot be pulled",
            object:
                #"{"apiVersion":"v1","kind":"Pod","status":{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ErrImagePull"}}}]}}"#,
            ordinary: .inProgress, strict: .failed),
        Case(
            name: "pod of a job whose image cannot be pulled",
            object:
                #"{"apiVersion":"v1","kind":"Pod","spec":{"restartPolicy":"Never"},"status":{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ErrImagePull"}}}]}}"#,
            ordinary: .inProgress, strict: .inProgress),
        Case(name: "config map", object: #"{"apiVersion":"v1","kind":"ConfigMap"}"#, ordinary: .current, strict: .current),
    ])
    func argosRulesAskForMore(_ one: Case) throws {
        let object = try object(one.object)
        #expect(HealthRules().assess(object, now: now).status == one.ordinary)
        #expect(HealthRules(isStrict: true).assess(object, now: now).status == one.strict)
    }

    @Test(arguments: [
        (
            #"{"apiVersion":"v1","kind":"Pod","spec":{"restartPolicy":"Never"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}"#,
            HealthStatus.inProgress
        ),
        (#"{"apiVersion":"v1","kind":"Pod","spec":{"restartPolicy":"Never"},"status":{"phase":"Succeeded"}}"#, .current),
        (#"{"apiVersion":"v1","kind":"Pod","spec":{"restartPolicy":"Never"},"status":{"phase":"Failed"}}"#, .failed),
        (#"{"apiVersion":"v1","kind":"Pod","status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}"#, .current),
        (#"{"apiVersion":"batch/v1","kind":"Job","status":{"conditions":[{"type":"Complete","status":"True"}]}}"#, .current),
        (#"{"apiVersion":"batch/v1","kind":"Job","status":{"conditions":[{"type":"Suspended","status":"True"}]}}"#, .inProgress),
        (#"{"apiVersion":"batch/v1","kind":"Job","status":{"startTime":"2026-01-01T00:00:00Z"}}"#, .inProgress),
        (#"{"apiVersion":"v1","kind":"ConfigMap"}"#, .current),
    ])
    func aHookIsDoneWhenItHasEnded(text: String, expected: HealthStatus) throws {
        #expect(HealthRules().assessHook(try object(text), now: now).status == expected)
    }

    @Test(arguments: [
        (#"{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization"}"#, HealthStatus.inProgress),
        (#"{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"HelmRepository"}"#, .current),
        (#"{"apiVersion":"cert-manager.io/v1","kind":"Certificate"}"#, .inProgress),
        (#"{"apiVersion":"pkg.crossplane.io/v1","kind":"Provider"}"#, .inProgress),
        (#"{"apiVersion":"apiextensions.crossplane.io/v1","kind":"Composition"}"#, .current),
        (#"{"apiVersion":"example.org/v1","kind":"Widget"}"#, .current),
    ])
    func kindsThatReportAreWaitedFor(text: String, expected: HealthStatus) throws {
        #expect(HealthRules().assess(try object(text), now: now).status == expected)
    }
}
