internal import Manifests

extension Health {
    private static let unseen = Health(.inProgress, "no controller has seen it yet")

    /// A number of `spec` or `status`; 0 when missing.
    private static func number(_ object: Value, _ part: String, _ key: String) -> Int64 {
        object.at(part, key)?.int ?? 0
    }

    private static func wantedReplicas(_ object: Value) -> Int64 { object.at("spec", "replicas")?.int ?? 1 }

    private static func isUnseen(_ object: Value) -> Bool { object.at("status", "observedGeneration")?.int == nil }

    private static func few(_ found: Int64, _ wanted: Int64, _ what: String) -> Health? {
        found < wanted ? Health(.inProgress, "\(found) of \(wanted) replicas are \(what)") : nil
    }

    private static func many(_ found: Int64, _ wanted: Int64) -> Health? {
        guard found > wanted else { return nil }
        return Health(
            .inProgress, found - wanted == 1 ? "1 old replica is still ending" : "\(found - wanted) old replicas are still ending")
    }

    static func deployment(_ object: Value) -> Health {
        if isUnseen(object) { return unseen }
        let progressing = condition("Progressing", of: object)
        if let progressing, progressing.status == "False", progressing.reason == "ProgressDeadlineExceeded" {
            return Health(.failed, progressing.text(or: "no progress"))
        }
        // On hold because somebody wants it so: nothing will change by waiting.
        if object.at("spec", "paused")?.bool == true { return Health(.current, "its rollout is paused") }
        let wanted = wantedReplicas(object)
        let all = number(object, "status", "replicas"), updated = number(object, "status", "updatedReplicas")
        let available = number(object, "status", "availableReplicas"), ready = number(object, "status", "readyReplicas")
        if var health = few(all, wanted, "there") ?? few(updated, wanted, "updated") ?? many(all, wanted)
            ?? few(available, updated, "available") ?? few(ready, wanted, "ready")
        {
            // A quota or an admission plugin that refuses the pods: the controller tries again.
            if let failure = condition("ReplicaFailure", of: object), failure.status == "True" {
                health.message += "; \(failure.text(or: "replicas cannot be made"))"
            }
            return health
        }
        // Without a deadline (absent, or the largest number) the controller does not report progress.
        let deadline = object.at("spec", "progressDeadlineSeconds")?.int
        if let deadline, deadline != Int64(Int32.max), progressing?.reason != "NewReplicaSetAvailable" {
            return Health(
                .inProgress, progressing?.text(or: "the new replica set is not available") ?? "the new replica set is not available")
        }
        let isAvailable = condition("Available", of: object)
        guard isAvailable?.status == "True" else {
            return Health(.inProgress, isAvailable?.text(or: "not available") ?? "not available")
        }
        return Health(.current)
    }

    static func statefulSet(_ object: Value) -> Health {
        if object.at("spec", "updateStrategy", "type")?.string == "OnDelete" {
            return Health(.current, "its pods are updated when they are deleted")
        }
        if isUnseen(object) { return unseen }
        let wanted = wantedReplicas(object)
        let all = number(object, "status", "replicas"), ready = number(object, "status", "readyReplicas")
        if let health = few(all, wanted, "there") ?? few(ready, wanted, "ready") ?? many(all, wanted) { return health }
        let updated = number(object, "status", "updatedReplicas")
        if let partition = object.at("spec", "updateStrategy", "rollingUpdate", "partition")?.int {
            return few(updated, max(0, wanted.subtractingReportingOverflow(partition).partialValue), "updated") ?? Health(.current)
        }
        if let health = few(number(object, "status", "currentReplicas"), wanted, "current") { return health }
        guard object.at("status", "currentRevision")?.string == object.at("status", "updateRevision")?.string else {
            return Health(.inProgress, "\(updated) of \(wanted) replicas are updated")
        }
        return Health(.current)
    }

    static func daemonSet(_ object: Value) -> Health {
        if isUnseen(object) { return unseen }
        guard let wanted = object.at("status", "desiredNumberScheduled")?.int else { return unseen }
        let isOnDelete = object.at("spec", "updateStrategy", "type")?.string == "OnDelete"
        let updated = isOnDelete ? wanted : number(object, "status", "updatedNumberScheduled")
        return few(number(object, "status", "currentNumberScheduled"), wanted, "there") ?? few(updated, wanted, "updated")
            ?? few(number(object, "status", "numberAvailable"), wanted, "available")
            ?? few(number(object, "status", "numberReady"), wanted, "ready") ?? Health(.current)
    }

    static func replicaSet(_ object: Value) -> Health {
        if isUnseen(object) { return unseen }
        if let failure = condition("ReplicaFailure", of: object), failure.status == "True" {
            return Health(.inProgress, failure.text(or: "replicas cannot be made"))
        }
        let wanted = wantedReplicas(object)
        return few(number(object, "status", "fullyLabeledReplicas"), wanted, "labelled")
            ?? few(number(object, "status", "availableReplicas"), wanted, "available")
            ?? few(number(object, "status", "readyReplicas"), wanted, "ready")
            ?? many(number(object, "status", "replicas"), wanted) ?? Health(.current)
    }

    static func job(_ object: Value) -> Health {
        if let failed = condition("Failed", of: object), failed.status == "True" {
            return Health(.failed, failed.text(or: "the job failed"))
        }
        if let complete = condition("Complete", of: object), complete.status == "True" { return Health(.current, "completed") }
        if let suspended = condition("Suspended", of: object), suspended.status == "True" { return Health(.current, "suspended") }
        guard object.at("status", "startTime")?.string != nil else { return Health(.inProgress, "not started yet") }
        let succeeded = number(object, "status", "succeeded"), failed = number(object, "status", "failed")
        return Health(
            .inProgress, "running: \(number(object, "status", "active")) active, \(succeeded) succeeded, \(failed) failed")
    }
}
