import KubernetesAPI
import Manifests
import Planning
import Testing

@testable import Applying

@Suite struct ScheduleTests {
    private func step(_ kind: String, _ name: String, _ action: ChangeAction = .create, after: [String] = []) -> Executor.Step {
        let reference = ObjectReference(group: kind == "Deployment" ? "apps" : "", kind: kind, namespace: "", name: name)
        return Executor.Step(
            change: Change(apiVersion: "v1", reference: reference, action: action, dependsOn: after, precondition: .absent),
            resource: APIResource(group: "", version: "v1", kind: kind, plural: "x", isNamespaced: false), body: nil, resourceVersion: "")
    }

    private func ready(_ schedule: inout Schedule) -> [Int] {
        var all: [Int] = []
        while let index = schedule.takeReady() { all.append(index) }
        return all
    }

    @Test func aStageWaitsUntilTheOneBeforeIsWritten() {
        var schedule = Schedule([step("ConfigMap", "a"), step("ConfigMap", "b"), step("Deployment", "web")])
        #expect(ready(&schedule) == [0, 1])
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [])
        schedule.written(1)
        #expect(ready(&schedule) == [2])
    }

    @Test func aDependencyMustBeHealthyNotMerelyWritten() {
        var schedule = Schedule([step("Pod", "a"), step("Deployment", "web", after: ["Pod/a"])])
        #expect(ready(&schedule) == [0])
        schedule.written(0)
        #expect(ready(&schedule) == [])
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [1])
    }

    @Test func aFailureSkipsWhatDependsOnItAndNothingElse() {
        var schedule = Schedule([
            step("ConfigMap", "a"), step("ConfigMap", "b"), step("Deployment", "x", after: ["ConfigMap/a"]),
            step("Deployment", "y", after: ["ConfigMap/b"]),
        ])
        #expect(ready(&schedule) == [0, 1])
        schedule.finished(0, .failed)
        schedule.finished(1, .succeeded)
        #expect(schedule.takeSkipped().map(\.0) == [2])
        #expect(ready(&schedule) == [3])
    }

    @Test func nothingIsDeletedAfterAFailure() {
        var schedule = Schedule([step("ConfigMap", "a"), step("ConfigMap", "old", .delete)])
        #expect(ready(&schedule) == [0])
        schedule.finished(0, .failed)
        #expect(schedule.takeSkipped().map(\.0) == [1])
    }

    @Test func deletionsComeLastAndInTheirOwnOrder() {
        var schedule = Schedule([
            step("ConfigMap", "a"), step("Deployment", "x", .delete), step("ConfigMap", "x", .delete, after: ["apps/Deployment/x"]),
        ])
        #expect(ready(&schedule) == [0])
        schedule.finished(0, .unchanged)
        #expect(ready(&schedule) == [1])
        schedule.finished(1, .succeeded)
        #expect(ready(&schedule) == [2])
    }
}
