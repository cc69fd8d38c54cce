internal import Manifests

/// What a reviewer must not overlook in a change: what cannot be taken back.
enum ChangeDanger {
    static func dangers(of change: Change) -> [String] {
        // A hook is made anew each time it runs.
        if change.hook != nil { return [] }
        switch change.action {
        case .delete: return loss(of: change.reference.groupKind).map { [$0] } ?? []
        case .replace:
            let lost = loss(of: change.reference.groupKind) ?? interruption(of: change.reference.groupKind)
            return ["it is deleted and made anew" + (lost.map { ": \($0)" } ?? "")]
        case .create, .update: return change.takeover.map { ["it is taken over from \($0.owner)"] } ?? []
        case .noOp: return []
        }
    }

    /// What goes for good with an object that is deleted.
    private static func loss(of kind: GroupKind) -> String? {
        switch (kind.group, kind.kind) {
        case ("", "Namespace"): "everything in the namespace is deleted with it"
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): "all objects of its kind are deleted with it, in every namespace"
        case ("", "PersistentVolumeClaim"): "the data on its volume is lost unless the volume is retained"
        case ("", "PersistentVolume"): "the data on it is lost unless the volume is retained"
        default: nil
        }
    }

    /// What stops for a while when an object is replaced, or comes back otherwise.
    private static func interruption(of kind: GroupKind) -> String? {
        switch (kind.group, kind.kind) {
        case ("apps", "Deployment"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"), ("", "ReplicationController"):
            "its pods are deleted with it, and none runs until new ones are ready"
        case ("apps", "StatefulSet"): "its pods are deleted with it; the claims of its volumes stay"
        case ("batch", "Job"): "its pods and their logs are deleted with it, and it runs again"
        case ("batch", "CronJob"): "its jobs and their pods are deleted with it"
        case ("", "Pod"): "what runs in it is stopped, and its logs and scratch volumes are lost"
        case ("", "Service"): "it gets another cluster address and load balancer, and answers nobody in between"
        case ("", "Secret"), ("", "ConfigMap"): "pods that start in between do not find it"
        case ("rbac.authorization.k8s.io", _): "the rights it grants are missing in between"
        case ("storage.k8s.io", "StorageClass"): "claims that are made in between find no class"
        default: nil
        }
    }
}

extension Plan {
    /// What a reviewer must not overlook in the plan as a whole: what an apply refuses unless it is told to go on.
    package var dangers: [String] {
        var dangers: [String] = []
        if isRollback {
            let commits = undoes.isEmpty ? "" : "; it undoes \(undoes.count == 1 ? "1 commit" : "\(undoesText) commits")"
            dangers.append(
                "this is a rollback: the commit is older than, or no descendant of, the one applied last\(commits); apply needs --allow-rollback"
            )
        }
        let maximum = (settings.maxDeletes.flatMap(DeletionLimit.init) ?? .standard).maximum(of: settings.inventoryCount)
        if count(.delete) > maximum {
            dangers.append(
                "it deletes \(count(.delete)) of \(settings.inventoryCount) objects, and \(maximum) are allowed: "
                    + "apply refuses it without --max-deletes \(count(.delete))")
        }
        return dangers
    }

    private var undoesText: String { undoes.count >= Self.undoesMax ? "\(Self.undoesMax) or more" : String(undoes.count) }
}
