internal import KubernetesAPI
internal import Manifests

/// Why an object could not be compared.
enum ComparisonFailure: Error, Sendable {
    /// The server's refusal.
    case refused(APIError)
    /// What the configuration or a schema says.
    case faults([Diagnostic])
}

/// All that stands in the way of a plan, each thing once.
struct ComparisonFailures {
    private var faults: [Diagnostic] = []
    private var seen: Set<String> = []
    /// The objects of each namespace that is not there, in the order of the objects.
    private var missing: [(namespace: String, objects: [DesiredObject])] = []

    mutating func add(_ failure: ComparisonFailure, of object: DesiredObject) {
        switch failure {
        case .refused(let error) where error.isNotFound && error.kind == "namespaces":
            let namespace = object.reference.namespace
            if let index = missing.firstIndex(where: { $0.namespace == namespace }) {
                missing[index].objects.append(object)
            } else {
                missing.append((namespace, [object]))
            }
        case .refused(let error): add(RefusalText.diagnostic(error, object: object))
        case .faults(let all): all.forEach { add($0) }
        }
    }

    /// A server that is away says the same of every object: once is enough.
    private mutating func add(_ fault: Diagnostic) {
        if seen.insert(fault.description).inserted { faults.append(fault) }
    }

    var diagnostics: Diagnostics? {
        let all = faults + missing.map(Self.diagnostic)
        return all.isEmpty ? nil : Diagnostics(all)
    }

    private static func diagnostic(_ namespace: String, _ objects: [DesiredObject]) -> Diagnostic {
        let others = objects.count - 1
        return Diagnostic(
            "there is no namespace '\(namespace)' for it" + (others > 0 ? " and \(others) more objects" : ""),
            at: objects[0].manifest.source,
            object: objects[0].reference.id, advice: "add a Namespace '\(namespace)' to the environment, or create it first")
    }
}
