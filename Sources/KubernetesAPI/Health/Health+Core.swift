internal import Manifests

extension Health {
    /// A pod that just came may wait for a node to be noticed.
    private static let schedulingGrace = Duration.seconds(15)

    static func pod(_ object: Value, now: Timestamp) -> Health {
        switch object.at("status", "phase")?.string {
        case "Succeeded": return Health(.current, "completed")
        case "Failed":
            return Health(.failed, object.at("status", "message")?.string ?? object.at("status", "reason")?.string ?? "the pod failed")
        case "Running":
            if condition("Ready", of: object)?.status == "True" { return Health(.current) }
            if let name = crashLooping(object) { return Health(.failed, "container '\(name)' crashes again and again (CrashLoopBackOff)") }
            return Health(.inProgress, condition("Ready", of: object)?.text(or: "not ready") ?? "not ready")
        case "Pending":
            if let scheduled = condition("PodScheduled", of: object), scheduled.status == "False", scheduled.reason == "Unschedulable" {
                let waited = scheduled.lastTransition.map(now.since) ?? .zero
                return Health(waited > schedulingGrace ? .failed : .inProgress, scheduled.text(or: "no node takes it"))
            }
            if let name = crashLooping(object) { return Health(.failed, "container '\(name)' crashes again and again (CrashLoopBackOff)") }
            return Health(.inProgress, waitingReason(object) ?? "pending")
        default: return Health(.inProgress, "not seen by a node yet")
        }
    }

    private static func containers(_ object: Value) -> [Value] {
        (object.at("status", "initContainerStatuses")?.array ?? []) + (object.at("status", "containerStatuses")?.array ?? [])
    }

    private static func crashLooping(_ object: Value) -> String? {
        containers(object).first { $0.at("state", "waiting", "reason")?.string == "CrashLoopBackOff" }
            .map { $0["name"]?.string ?? "" }
    }

    private static func waitingReason(_ object: Value) -> String? {
        for container in containers(object) {
            guard let reason = container.at("state", "waiting", "reason")?.string else { continue }
            return "container '\(container["name"]?.string ?? "")' waits: \(reason)"
        }
        return nil
    }

    static func volumeClaim(_ object: Value) -> Health {
        switch object.at("status", "phase")?.string {
        case "Bound": Health(.current)
        case "Lost": Health(.failed, "its volume is lost")
        case let phase: Health(.inProgress, "not bound yet" + (phase.map { " (\($0))" } ?? ""))
        }
    }

    static func volume(_ object: Value) -> Health {
        guard object.at("status", "phase")?.string == "Failed" else { return Health(.current) }
        return Health(.failed, object.at("status", "message")?.string ?? "the volume failed")
    }

    /// A load balancer's address is not waited for: clusters without one never give it.
    static func service(_ object: Value) -> Health {
        guard object.at("spec", "type")?.string == "LoadBalancer", (object.at("spec", "clusterIP")?.string ?? "").isEmpty else {
            return Health(.current)
        }
        return Health(.inProgress, "has no cluster IP yet")
    }
}
