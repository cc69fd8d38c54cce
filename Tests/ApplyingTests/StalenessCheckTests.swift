import Manifests
import Planning
import Testing

@testable import Applying

/// What a plan's assumptions come to when the live objects are compared with them, in a first run and in one that carries on.
@Suite struct StalenessCheckTests {
    private static let reference = ObjectReference(group: "", kind: "ConfigMap", namespace: "shop", name: "a")
    private static let tracking = TrackingID.text(environment: "production", reference: reference)

    private static func object(
        uid: String = "u1", version: String = "7", color: String = "red", annotations: Object = [TrackingID.annotation: .string(tracking)],
        more: Object = Object()
    ) -> Value {
        var metadata: Object = [
            "name": "a", "namespace": "shop", "uid": .string(uid), "resourceVersion": .string(version), "annotations": .object(annotations),
        ]
        for member in more { metadata[member.key] = member.value }
        return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(metadata), "data": ["color": .string(color)]]
    }

    private static let desired: Value = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "a", "namespace": "shop", "annotations": [TrackingID.annotation: .string(tracking)]],
        "data": ["color": "blue"],
    ]

    private enum Verdict: String { case proceed, unlessDone, stale }

    private func verdict(_ action: ChangeAction, live: Value?, isResumed: Bool) -> Verdict {
        let assumed = Self.object()
        let digest =
            action == .delete
            ? Digest.sha256(of: .string(Self.tracking)) : LiveDigest.text(live: assumed, desired: Self.desired, removed: [])
        let change = Change(
            apiVersion: "v1", reference: Self.reference, action: action,
            precondition: action == .create ? .absent : .present(uid: "u1", resourceVersion: "7", digest: digest),
            desired: action == .delete ? nil : .some(Self.desired))
        switch StalenessCheck(environment: "production", isResumed: isResumed).check(change, desired: Self.desired, live: live) {
        case .proceed: return .proceed
        case .staleUnlessDone: return .unlessDone
        case .stale: return .stale
        }
    }

    private struct Case: Sendable {
        var name: String
        var action: ChangeAction
        var live: Value?
        var first: Verdict
        var resumed: Verdict
    }

    private static let cases = [
        Case(name: "nothing there yet", action: .create, live: nil, first: .proceed, resumed: .proceed),
        Case(name: "it is there, and ours", action: .create, live: object(), first: .stale, resumed: .unlessDone),
        Case(name: "it is there, and not ours", action: .create, live: object(annotations: [:]), first: .stale, resumed: .stale),
        Case(name: "as it was", action: .update, live: object(), first: .proceed, resumed: .proceed),
        Case(name: "a newer version alone", action: .update, live: object(version: "9"), first: .proceed, resumed: .proceed),
        Case(name: "another value", action: .update, live: object(version: "9", color: "blue"), first: .stale, resumed: .unlessDone),
        Case(name: "gone", action: .update, live: nil, first: .stale, resumed: .stale),
        Case(name: "made anew", action: .update, live: object(uid: "u2"), first: .stale, resumed: .stale),
        Case(name: "not replaced yet", action: .replace, live: object(), first: .proceed, resumed: .proceed),
        Case(name: "deleted, not made yet", action: .replace, live: nil, first: .stale, resumed: .proceed),
        Case(name: "replaced", action: .replace, live: object(uid: "u2", color: "blue"), first: .stale, resumed: .unlessDone),
        Case(name: "somebody made another", action: .replace, live: object(uid: "u2", annotations: [:]), first: .stale, resumed: .stale),
        Case(
            name: "being deleted", action: .replace,
            live: object(version: "9", color: "green", more: ["deletionTimestamp": "2026-01-01T00:00:00Z"]),
            first: .stale, resumed: .proceed),
        Case(name: "to be deleted", action: .delete, live: object(version: "9", color: "green"), first: .proceed, resumed: .proceed),
        Case(name: "deleted", action: .delete, live: nil, first: .proceed, resumed: .proceed),
        Case(name: "deleted and made anew", action: .delete, live: object(uid: "u2"), first: .stale, resumed: .stale),
        Case(name: "no longer ours", action: .delete, live: object(annotations: [:]), first: .stale, resumed: .stale),
        Case(
            name: "somebody asks to keep it", action: .delete,
            live: object(annotations: [TrackingID.annotation: .string(tracking), "plumb.dev/prevent-destroy": "true"]), first: .stale,
            resumed: .stale),
        Case(
            name: "a controller owns it", action: .delete,
            live: object(more: ["ownerReferences": [["kind": "Widget", "name": "w", "controller": true]]]), first: .stale, resumed: .stale),
    ]

    @Test(arguments: cases.indices) func whatIsLiveDecides(index: Int) {
        let one = Self.cases[index]
        #expect(verdict(one.action, live: one.live, isResumed: false) == one.first, "\(one.action): \(one.name)")
        #expect(verdict(one.action, live: one.live, isResumed: true) == one.resumed, "\(one.action): \(one.name), carried on")
    }

    @Test func aSecondSignalIsUrgent() {
        let stop = StopSignal()
        #expect(stop.signal == nil && !stop.isRaised)
        stop.raise(signal: 2)
        #expect(stop.signal == 2 && stop.isRaised && !stop.isUrgent)
        stop.raise(signal: 15)
        #expect(stop.signal == 2 && stop.isUrgent)
    }

    @Test func aSecondSignalCancelsWhatIsUnderWay() async throws {
        let stop = StopSignal()
        let isCancelled = try await stop.interruptible { () -> Bool in
            stop.raise(signal: 15)
            stop.raise(signal: 15)
            // Ends at once when it is cancelled.
            try? await Task.sleep(for: .seconds(60))
            return Task.isCancelled
        }
        #expect(isCancelled)
    }
}
