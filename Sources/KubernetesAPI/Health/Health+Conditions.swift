internal import Manifests

extension Health {
    /// One of an object's `status.conditions`.
    struct Condition {
        var type: String
        var status: String
        var reason: String
        var message: String
        /// The generation that this condition is about, where it says so.
        var observedGeneration: Int64?
        var lastTransition: Timestamp?

        init(_ value: Value) {
            type = value["type"]?.string ?? ""
            status = value["status"]?.string ?? ""
            reason = value["reason"]?.string ?? ""
            message = value["message"]?.string ?? ""
            observedGeneration = value["observedGeneration"]?.int
            lastTransition = value["lastTransitionTime"]?.string.flatMap(Timestamp.init(rfc3339:))
        }

        /// Message and reason, as far as there are.
        func text(or other: String) -> String {
            switch (reason.isEmpty, message.isEmpty) {
            case (true, true): other
            case (true, false): message
            case (false, true): reason
            case (false, false): "\(reason): \(message)"
            }
        }
    }

    static func condition(_ type: String, of object: Value) -> Condition? {
        (object.at("status", "conditions")?.array ?? []).first { $0["type"]?.string == type }.map(Condition.init)
    }

    /// The conditions that say of a custom resource that it is done. `Synced` is Crossplane's, `Healthy` and `Installed`
    /// its packages', `Established` and `Offered` its definitions'.
    private static let doneTypes = ["Ready", "Synced", "Available", "Established", "Offered", "Installed", "Healthy"]

    /// The rule for every kind without one of its own: no condition of `doneTypes` may be other than True, nor be
    /// about an older generation.
    static func conditions(_ object: Value, expectsStatus: Bool) -> Health {
        let generation = object.at("metadata", "generation")?.int
        var seen = false
        for type in doneTypes {
            guard let condition = condition(type, of: object) else { continue }
            seen = true
            if let generation, let observed = condition.observedGeneration, observed < generation {
                return Health(.inProgress, "condition \(type) is of generation \(observed), and \(generation) is wanted")
            }
            if condition.status != "True" {
                return Health(
                    .inProgress, condition.text(or: "condition \(type) is \(condition.status.isEmpty ? "not set" : condition.status)"))
            }
        }
        if seen { return Health(.current) }
        let hasStatus = object["status"]?.object.map { !$0.isEmpty } ?? false
        if expectsStatus, !hasStatus { return Health(.inProgress, "no controller has reported on it yet") }
        return Health(.current)
    }

    static func customResourceDefinition(_ object: Value) -> Health {
        if let names = condition("NamesAccepted", of: object), names.status == "False" {
            return Health(.failed, names.text(or: "its names are taken"))
        }
        guard let established = condition("Established", of: object) else { return Health(.inProgress, "not established yet") }
        if established.status == "True" { return Health(.current) }
        return established.reason == "Installing" || established.status != "False"
            ? Health(.inProgress, established.text(or: "not established yet"))
            : Health(.failed, established.text(or: "not established"))
    }
}
