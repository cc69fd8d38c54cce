import KubernetesAPI
import Manifests
import Testing

@testable import Applying
@testable import Planning

@Suite struct PodTroubleTests {
    private func pod(_ name: String, waiting reason: String? = nil, hash: String = "1", created: String = "2026-01-01T00:00:00Z") -> Value {
        var status: Object = ["phase": "Pending"]
        if let reason {
            status["containerStatuses"] = [["name": "web", "state": ["waiting": ["reason": .string(reason), "message": "back-off\n5m"]]]]
        }
        return [
            "metadata": [
                "name": .string(name), "uid": .string("uid-\(name)"), "creationTimestamp": .string(created),
                "labels": ["pod-template-hash": .string(hash)],
            ], "status": .object(status),
        ]
    }

    @Test(arguments: [
        ("CrashLoopBackOff", true, false), ("ImagePullBackOff", true, false), ("ErrImagePull", true, false),
        ("CreateContainerConfigError", true, false), ("InvalidImageName", true, true),
    ])
    func whatWillNotGetBetterIsTold(reason: String, isHopeless: Bool, isCertain: Bool) throws {
        let trouble = try #require(PodTrouble.worst(of: [pod("a"), pod("b", waiting: reason)]))
        #expect(trouble.reason == "pod b: container 'web' \(reason): back-off 5m")
        #expect(trouble.isHopeless == isHopeless)
        #expect(trouble.isCertain == isCertain)
    }

    @Test func aContainerThatIsBeingMadeIsNoTrouble() {
        #expect(PodTrouble.worst(of: [pod("a", waiting: "ContainerCreating"), pod("b")]) == nil)
    }

    @Test func podsOfAnOlderTemplateDoNotCount() {
        let pods = [
            pod("old", waiting: "CrashLoopBackOff", hash: "1"), pod("new", hash: "2", created: "2026-01-01T00:01:00Z"),
        ]
        #expect(PodTrouble.newest(pods).compactMap { $0.at("metadata", "name")?.string } == ["new"])
    }

    @Test func aPodThatNoNodeTakesSaysWhy() {
        var pod = pod("a")
        pod["status"] = ["conditions": [["type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"]]]
        #expect(PodTrouble.worst(of: [pod])?.reason == "pod a: 0/3 nodes are available")
        #expect(PodTrouble.worst(of: [pod])?.isHopeless == false)
    }

    @Test func theLastWarningIsTold() {
        func event(_ time: String, _ reason: String, uid: String = "u", type: String = "Warning") -> Value {
            [
                "type": .string(type), "reason": .string(reason), "message": "m", "lastTimestamp": .string(time),
                "involvedObject": ["uid": .string(uid)],
            ]
        }
        let events = [
            event("2026-01-01T00:00:02Z", "FailedMount"), event("2026-01-01T00:00:01Z", "FailedScheduling"),
            event("2026-01-01T00:00:09Z", "Elsewhere", uid: "v"), event("2026-01-01T00:00:09Z", "Pulled", type: "Normal"),
        ]
        #expect(PodTrouble.lastEvent(events, of: ["u"]) == "FailedMount: m")
        #expect(PodTrouble.lastEvent([], of: ["u"]) == nil)
    }
}

@Suite struct HealthTargetTests {
    private func target(_ goal: HealthTarget.Goal, _ object: Value) -> HealthTarget {
        let reference = ObjectReference(group: "batch", kind: "Job", namespace: "shop", name: "a")
        let change = Change(apiVersion: "batch/v1", reference: reference, action: .create, precondition: .absent)
        let resource = APIResource(group: "batch", version: "v1", kind: "Job", plural: "jobs", isNamespaced: true)
        return HealthTarget(change: change, resource: resource, written: object, goal: goal, timeout: .seconds(1))
    }

    private func judge(_ target: HealthTarget, _ live: Value?) -> HealthTarget.Verdict {
        target.judge(live, rules: HealthRules(), now: Timestamp(seconds: 0))
    }

    private let job: Value = ["apiVersion": "batch/v1", "kind": "Job", "metadata": ["uid": "u"]]

    @Test func aDeletionIsDoneWhenTheVeryObjectIsGone() {
        #expect(judge(target(.gone, job), nil) == .done)
        #expect(judge(target(.gone, job), ["metadata": ["uid": "another"]]) == .done)
        #expect(judge(target(.gone, job), job) == .pending("it is being deleted"))
    }

    @Test func finalizersAreNamed() {
        let held: Value = ["metadata": ["uid": "u", "finalizers": ["example.org/hold", "b"]]]
        #expect(judge(target(.gone, job), held) == .pending("its deletion is held by example.org/hold, b"))
        let owner: Value = ["metadata": ["uid": "u", "finalizers": ["foregroundDeletion"]]]
        #expect(judge(target(.gone, job), owner) == .pending("its deletion waits for the objects that it owns"))
    }

    @Test func aNamespaceSaysWhatHoldsIt() {
        let held: Value = [
            "kind": "Namespace", "metadata": ["uid": "u"],
            "status": [
                "conditions": [
                    ["type": "NamespaceContentRemaining", "status": "True", "message": "configmaps. has 1 resource instances"],
                    ["type": "NamespaceFinalizersRemaining", "status": "True", "message": "a/b in 1 resource instances"],
                ]
            ],
        ]
        #expect(judge(target(.gone, job), held) == .pending("its deletion is held: a/b in 1 resource instances"))
    }

    @Test func whatTakesItselfAwayHasEnded() {
        var short = job
        short["spec"] = ["ttlSecondsAfterFinished": 0]
        #expect(judge(target(.completed, short), nil) == .done)
        #expect(judge(target(.completed, job), nil) == .failed("it was deleted while it was waited for"))
    }
}
