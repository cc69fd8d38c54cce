package import Manifests

extension Health {
    /// Judges a live object by what it says of itself: kstatus' rules (kubernetes-sigs/cli-utils, `pkg/kstatus`), with four
    /// departures where a tool that waits for a healthy result has to know better: a failed pod is Failed, a job is in
    /// progress until it has ended (as Flux judges it), a lost volume claim is Failed, and workloads that no controller
    /// has seen yet are in progress.
    ///
    /// - Parameters:
    ///   - expectsStatus: a custom resource without any status is in progress instead of current: for kinds whose
    ///     controller is known to report, for as long as the caller is willing to wait for its first word.
    ///   - now: for how long something has been waiting.
    package static func assess(_ object: Value, expectsStatus: Bool = false, now: Timestamp = Timestamp.now()) -> Health {
        if object.at("metadata", "deletionTimestamp")?.string != nil { return terminating(object) }
        if let generic = generationAndProgress(object) { return generic }
        let kind = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
        return rule(kind.groupKind, object, now: now) ?? conditions(object, expectsStatus: expectsStatus)
    }

    private static func terminating(_ object: Value) -> Health {
        let finalizers =
            (object.at("metadata", "finalizers")?.array ?? []).compactMap(\.string)
            + (object.at("spec", "finalizers")?.array ?? []).compactMap(\.string)
        return Health(.terminating, finalizers.isEmpty ? "being deleted" : "being deleted, held by " + finalizers.joined(separator: ", "))
    }

    /// What holds for every kind: the controller has to have seen this generation, and may say itself how it goes.
    private static func generationAndProgress(_ object: Value) -> Health? {
        if let generation = object.at("metadata", "generation")?.int, let observed = object.at("status", "observedGeneration")?.int,
            generation != observed
        {
            return Health(.inProgress, "generation \(generation) is not observed yet, but \(observed) is")
        }
        if let reconciling = condition("Reconciling", of: object), reconciling.status == "True" {
            return Health(.inProgress, reconciling.text(or: "reconciling"))
        }
        if let stalled = condition("Stalled", of: object), stalled.status == "True" {
            return Health(.failed, stalled.text(or: "stalled"))
        }
        return nil
    }

    /// The rule of a built-in kind; `nil` for kinds whose conditions say it all, and for custom resources.
    private static func rule(_ kind: GroupKind, _ object: Value, now: Timestamp) -> Health? {
        switch (kind.group, kind.kind) {
        case ("apps", "Deployment"): deployment(object)
        case ("apps", "StatefulSet"): statefulSet(object)
        case ("apps", "DaemonSet"): daemonSet(object)
        case ("apps", "ReplicaSet"), ("", "ReplicationController"): replicaSet(object)
        case ("batch", "Job"): job(object)
        case ("", "Pod"): pod(object, now: now)
        case ("", "PersistentVolumeClaim"): volumeClaim(object)
        case ("", "PersistentVolume"): volume(object)
        case ("", "Service"): service(object)
        case ("", "Namespace"):
            object.at("status", "phase")?.string == "Terminating" ? Health(.terminating, "being deleted") : Health(.current)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): customResourceDefinition(object)
        case ("", "Secret"), ("", "ConfigMap"), ("batch", "CronJob"), ("policy", "PodDisruptionBudget"): Health(.current)
        default: nil
        }
    }
}
