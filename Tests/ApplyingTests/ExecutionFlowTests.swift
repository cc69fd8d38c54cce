import KubernetesAPI
import Manifests
import Testing

@testable import Applying
@testable import Planning

/// What goes to the server and to the log, and when.
@Suite struct ExecutionFlowTests {
    private static func flow(_ count: Int, requestsMax: Int, chained: Bool = false) -> ExecutionFlow {
        let steps = (0..<count).map { index in
            let change = Change(
                apiVersion: "v1", reference: ObjectReference(group: "", kind: "ConfigMap", namespace: "", name: "c\(index)"),
                action: .create, dependsOn: chained && index > 0 ? ["ConfigMap/c\(index - 1)"] : [], precondition: .absent)
            return ExecutionStep(
                change: change,
                resource: APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: false),
                body: nil, resourceVersion: "")
        }
        var flow = ExecutionFlow(steps)
        flow.requestsMax = requestsMax
        return flow
    }

    private func send(_ flow: inout ExecutionFlow, most: Int = .max) -> [Int] {
        var sent: [Int] = []
        while sent.count < most, let index = flow.takeToSend() { sent.append(index) }
        return sent
    }

    private func taken(_ flow: inout ExecutionFlow, isStopping: Bool = false) -> ExecutionFlow.Records? {
        flow.takeRecords(isStopping: isStopping)
    }

    /// Writes what is due.
    private func record(_ flow: inout ExecutionFlow, isStopping: Bool = false) {
        if let records = flow.takeRecords(isStopping: isStopping) { _ = flow.recorded(records) }
    }

    @Test func nothingIsSentThatIsNotAnnounced() throws {
        var flow = Self.flow(3, requestsMax: 16)
        #expect(send(&flow).isEmpty)
        let records = try #require(taken(&flow))
        #expect(records.announced == [0, 1, 2] && records.answers.isEmpty)
        #expect(send(&flow).isEmpty, "the flush is under way")
        #expect(taken(&flow) == nil, "one at a time")
        _ = flow.recorded(records)
        #expect(send(&flow) == [0, 1, 2])
    }

    @Test func theServerIsKeptBusyWhileAnswersWaitForCompany() throws {
        var flow = Self.flow(200, requestsMax: 8)
        let first = try #require(taken(&flow))
        #expect(first.announced.count == 32)
        _ = flow.recorded(first)
        #expect(send(&flow).count == 8)
        for index in 0..<16 {
            flow.answered(.init(index: index, result: ChangeResult(.succeeded)))
            #expect(send(&flow) == [index + 8], "the next one goes without waiting for the disk")
            #expect(taken(&flow) == nil, "enough is announced")
        }
        flow.answered(.init(index: 16, result: ChangeResult(.succeeded)))
        #expect(send(&flow) == [24])
        let second = try #require(taken(&flow), "what is announced runs low")
        #expect(second.answers.map(\.index) == Array(0...16) && second.announced.count == 25)
    }

    @Test func whatHasWaitedIsWrittenAlthoughTheServerIsBusy() {
        var flow = Self.flow(200, requestsMax: 8)
        record(&flow)
        _ = send(&flow)
        flow.answered(.init(index: 0, result: ChangeResult(.succeeded)))
        #expect(taken(&flow) == nil && flow.beginsToLinger)
        flow.hasLingered()
        #expect(taken(&flow)?.answers.count == 1)
    }

    @Test func aDependentIsAnnouncedWhenTheResultIsOnDisk() throws {
        var flow = Self.flow(2, requestsMax: 16, chained: true)
        record(&flow)
        #expect(send(&flow) == [0])
        flow.answered(.init(index: 0, result: ChangeResult(.succeeded)))
        let records = try #require(taken(&flow), "nothing else is to be done: at once")
        #expect(records.announced.isEmpty)
        _ = flow.recorded(records)
        #expect(taken(&flow)?.announced == [1])
    }

    @Test func oneRequestAtATimeIsAnnouncedOneAtATime() throws {
        var flow = Self.flow(3, requestsMax: 1)
        let records = try #require(taken(&flow))
        #expect(records.announced == [0])
        _ = flow.recorded(records)
        #expect(send(&flow) == [0])
    }

    @Test func whatWasAnnouncedAndNotSentIsRecordedAsSkipped() throws {
        var flow = Self.flow(3, requestsMax: 1)
        flow.requestsMax = 8
        record(&flow)
        #expect(send(&flow, most: 1) == [0])
        flow.giveUpAnnounced(reason: "stopped")
        let records = try #require(taken(&flow, isStopping: true))
        #expect(records.answers.map(\.index) == [1, 2] && records.announced.isEmpty)
        #expect(records.finished.allSatisfy { $0.1.outcome == .skipped && $0.1.error == "stopped" })
        _ = flow.recorded(records)
        #expect(flow.isBusy, "one is under way")
        flow.answered(.init(index: 0, result: ChangeResult(.succeeded)))
        record(&flow, isStopping: true)
        #expect(!flow.isBusy && flow.results.count == 3)
    }
}
