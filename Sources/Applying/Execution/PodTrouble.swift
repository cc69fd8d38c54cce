internal import KubernetesAPI
internal import Manifests

/// Why the pods of a workload are not there yet, in the words of their containers and of the last warning event.
struct PodTrouble: Sendable, Equatable {
    var reason: String
    /// It will not get better by itself, as far as one can tell.
    var isHopeless: Bool
    /// Nor by any patience.
    var isCertain: Bool

    static func hasPods(_ kind: GroupKind) -> Bool {
        switch (kind.group, kind.kind) {
        case ("apps", _), ("batch", "Job"), ("", "ReplicationController"), ("", "Pod"), ("argoproj.io", "Rollout"): true
        default: false
        }
    }

    static func isClaim(_ kind: GroupKind) -> Bool { kind == GroupKind(group: "", kind: "PersistentVolumeClaim") }

    /// Whether a volume claim is bound no earlier than somebody uses it, as its binder says: then there is nothing to wait for.
    static func waitsForConsumer(_ target: HealthTarget, client: KubernetesClient) async -> Bool {
        let options = ListOptions(fieldSelector: "reason=WaitForFirstConsumer", skipsManagedFields: true)
        let events = try? await client.list(Self.events, namespace: target.reference.namespace, options: options)
        return (events?.items ?? []).contains { event in
            event["reason"]?.string == "WaitForFirstConsumer" && event.at("involvedObject", "uid")?.string == target.uid
        }
    }

    /// `nil` when nothing is known, or may not be asked.
    static func find(of target: HealthTarget, client: KubernetesClient) async -> PodTrouble? {
        let namespace = target.reference.namespace
        guard let object = try? await client.get(target.resource, namespace: namespace, name: target.reference.name) else { return nil }
        var pods = [object]
        if target.reference.kind != "Pod" {
            guard let selector = selector(of: object) else { return nil }
            let list = try? await client.list(
                Self.pods, namespace: namespace, options: ListOptions(labelSelector: selector, skipsManagedFields: true))
            pods = newest(list?.items ?? [])
        }
        let trouble = worst(of: pods)
        let uids = Set(([object] + pods).compactMap { $0.at("metadata", "uid")?.string })
        let options = ListOptions(fieldSelector: "type=Warning", skipsManagedFields: true)
        let events = try? await client.list(Self.events, namespace: namespace, options: options)
        guard let event = lastEvent(events?.items ?? [], of: uids) else { return trouble }
        guard let trouble else { return PodTrouble(reason: event, isHopeless: false, isCertain: false) }
        return PodTrouble(
            reason: trouble.reason.contains(event) ? trouble.reason : "\(trouble.reason) (\(event))", isHopeless: trouble.isHopeless,
            isCertain: trouble.isCertain)
    }

    private static let pods = APIResource(group: "", version: "v1", kind: "Pod", plural: "pods", isNamespaced: true)
    private static let events = APIResource(group: "", version: "v1", kind: "Event", plural: "events", isNamespaced: true)

    private static func selector(of object: Value) -> String? {
        let selector = object.at("spec", "selector")
        // A replication controller's selector is the labels themselves.
        guard let labels = (selector?["matchLabels"] ?? selector)?.object, !labels.isEmpty else { return nil }
        let pairs = labels.compactMap { member in member.value.string.map { "\(member.key)=\($0)" } }
        return pairs.count == labels.count ? pairs.joined(separator: ",") : nil
    }

    /// The pods of the newest template: what the old ones suffer from is why there is a new one.
    static func newest(_ pods: [Value]) -> [Value] {
        func revision(_ pod: Value) -> String {
            let labels = pod.at("metadata", "labels")
            return labels?["pod-template-hash"]?.string ?? labels?["controller-revision-hash"]?.string ?? ""
        }
        func created(_ pod: Value) -> String { pod.at("metadata", "creationTimestamp")?.string ?? "" }
        guard let newest = pods.max(by: { created($0) < created($1) }) else { return [] }
        return pods.filter { revision($0) == revision(newest) }
    }

    /// A pod that ends in this state has little hope; the first need no patience at all.
    private static let certain: Set<String> = ["InvalidImageName", "ErrImageNeverPull"]
    private static let hopeless: Set<String> = [
        "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError", "CreateContainerError",
        "RunContainerError", "RegistryUnavailable", "ImageInspectError",
    ]

    static func worst(of pods: [Value]) -> PodTrouble? {
        var found: PodTrouble?
        for pod in pods {
            guard pod.at("metadata", "deletionTimestamp") == nil, let trouble = trouble(of: pod) else { continue }
            if trouble.isCertain { return trouble }
            if found == nil || (trouble.isHopeless && found?.isHopeless == false) { found = trouble }
        }
        return found
    }

    private static func trouble(of pod: Value) -> PodTrouble? {
        let name = pod.at("metadata", "name")?.string ?? ""
        let statuses =
            (pod.at("status", "initContainerStatuses")?.array ?? []) + (pod.at("status", "containerStatuses")?.array ?? [])
        for status in statuses {
            guard let waiting = status.at("state", "waiting"), let reason = waiting["reason"]?.string,
                reason != "ContainerCreating", reason != "PodInitializing"
            else { continue }
            let message = waiting["message"]?.string.map { ": \(line($0))" } ?? ""
            return PodTrouble(
                reason: "pod \(name): container '\(status["name"]?.string ?? "")' \(reason)\(message)",
                isHopeless: hopeless.contains(reason) || certain.contains(reason), isCertain: certain.contains(reason))
        }
        let scheduled = (pod.at("status", "conditions")?.array ?? []).first { $0["type"]?.string == "PodScheduled" }
        if let scheduled, scheduled["status"]?.string == "False", let message = scheduled["message"]?.string {
            return PodTrouble(reason: "pod \(name): \(line(message))", isHopeless: false, isCertain: false)
        }
        return nil
    }

    /// The last warning about any of the objects.
    static func lastEvent(_ events: [Value], of uids: Set<String>) -> String? {
        func time(_ event: Value) -> String {
            event["lastTimestamp"]?.string ?? event.at("series", "lastObservedTime")?.string ?? event["eventTime"]?.string ?? ""
        }
        let own = events.filter { event in
            event["type"]?.string == "Warning" && event.at("involvedObject", "uid")?.string.map(uids.contains) == true
        }
        guard let last = own.max(by: { time($0) < time($1) }) else { return nil }
        let message = line(last["message"]?.string ?? "")
        return [last["reason"]?.string ?? "", message].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    /// The beginning of a message, on one line.
    private static func line(_ text: String) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return line.count > 200 ? "\(line.prefix(200))…" : line
    }
}
