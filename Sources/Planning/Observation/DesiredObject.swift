package import KubernetesAPI
package import Manifests

/// A manifest made ready for its target: what exactly is applied, and where.
///
/// A class, because there are thousands and they stand in many lists: a copy of all their parts each time would take longer than
/// what is done with them.
package final class DesiredObject: Sendable {
    package let manifest: Manifest
    /// The body of the apply: namespace and tracking annotation filled in, what only a server writes taken out.
    package let body: Value
    package let resource: APIResource
    package let reference: ObjectReference
    /// The plan defines this kind itself: the server does not know it yet.
    package let isOfPlannedKind: Bool
    /// The body's (`ChangeBuilder.digest`).
    package let digest: String

    package init(
        manifest: Manifest, body: Value, resource: APIResource, reference: ObjectReference, isOfPlannedKind: Bool, digest: String
    ) {
        self.manifest = manifest
        self.body = body
        self.resource = resource
        self.reference = reference
        self.isOfPlannedKind = isOfPlannedKind
        self.digest = digest
    }
}

/// The kinds that manifests define themselves, which the target may not serve yet.
struct PlannedKinds: Sendable {
    private(set) var discovery = Discovery()

    private static let definition = GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")

    init(_ manifests: [Manifest]) {
        for manifest in manifests where manifest.groupVersionKind.groupKind == Self.definition {
            discovery.add(customResourceDefinition: manifest.value)
        }
    }
}

/// Makes manifests ready for a target.
package struct DesiredPreparation: Sendable {
    let environment: String
    let defaultNamespace: String
    let discovery: Discovery

    package init(environment: String, defaultNamespace: String, discovery: Discovery) {
        self.environment = environment
        self.defaultNamespace = defaultNamespace
        self.discovery = discovery
    }

    /// - Throws: `Diagnostics` for kinds that the target does not serve and for objects that are one and the same there.
    package func prepare(_ manifests: [Manifest]) async throws -> [DesiredObject] {
        let planned = PlannedKinds(manifests)
        let parts = stride(from: 0, to: manifests.count, by: Self.partSize).map { start in
            manifests[start..<min(start + Self.partSize, manifests.count)]
        }
        let answers = try await BoundedTasks.map(parts, limit: BoundedTasks.processors) { part in
            part.map { manifest in Result { () throws(Diagnostic) in try prepare(manifest, planned: planned) } }
        }
        var prepared: [DesiredObject] = []
        prepared.reserveCapacity(manifests.count)
        var faults: [Diagnostic] = []
        var places: [ObjectReference: SourcePosition] = [:]
        for (manifest, answer) in zip(manifests, answers.joined()) {
            do throws(Diagnostic) {
                let object = try answer.get()
                if let first = places[object.reference] {
                    faults.append(
                        Diagnostic(
                            "defined twice: here and at \(first)", at: manifest.source, object: object.reference.id,
                            advice: "one names the namespace that the other is given by default"))
                    continue
                }
                places[object.reference] = manifest.source
                prepared.append(object)
            } catch { faults.append(error) }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
        return prepared
    }

    /// How many manifests are made ready at a time, side by side with others.
    private static let partSize = 64

    /// One manifest made ready.
    func prepare(_ manifest: Manifest, planned: PlannedKinds) throws(Diagnostic) -> DesiredObject {
        let (resource, isServed, reference) = try place(of: manifest, planned: planned)
        let body = body(of: manifest, reference: reference)
        return DesiredObject(
            manifest: manifest, body: body, resource: resource, reference: reference, isOfPlannedKind: !isServed,
            digest: ChangeBuilder.digest(of: body))
    }

    /// The object that a manifest is in the target.
    func reference(of manifest: Manifest, planned: PlannedKinds) throws(Diagnostic) -> ObjectReference {
        try place(of: manifest, planned: planned).reference
    }

    private func place(of manifest: Manifest, planned: PlannedKinds) throws(Diagnostic)
        -> (resource: APIResource, isServed: Bool, reference: ObjectReference)
    {
        let kind = manifest.groupVersionKind
        let served = discovery.resource(for: kind)
        guard let resource = served ?? planned.discovery.resource(for: kind) else { throw notServed(kind, manifest) }
        if served != nil, !resource.verbs.isEmpty, !resource.verbs.contains("patch") {
            throw Diagnostic(
                "the target does not let objects of this kind be applied", at: manifest.source, object: manifest.reference.id,
                advice: "\(kind.kind) is made by others; take it out of the repository")
        }
        var reference = manifest.reference
        if !resource.isNamespaced {
            reference.namespace = ""
        } else if reference.namespace.isEmpty {
            reference.namespace = manifest.defaultNamespace ?? defaultNamespace
        }
        return (resource, served != nil, reference)
    }

    private func notServed(_ kind: GroupVersionKind, _ manifest: Manifest) -> Diagnostic {
        var advice: String
        if let failure = discovery.failure(ofGroup: kind.group) {
            advice = "the target's API group \(kind.group) does not answer: \(failure)"
        } else if let other = discovery.resource(for: kind.groupKind) {
            advice = "it serves \(kind.kind) as \(other.apiVersion)"
        } else if discovery.isServed(group: kind.group) || kind.group.isEmpty {
            let kinds = Set(discovery.resources.filter { $0.group == kind.group }.map(\.kind))
            advice =
                NearMatch.candidates(for: kind.kind, among: kinds).first.map { "did you mean '\($0)'?" }
                ?? "its CustomResourceDefinition is neither in the target nor in this environment"
        } else {
            advice = "its CustomResourceDefinition is neither in the target nor in this environment"
        }
        return Diagnostic(
            "the target serves no kind '\(kind.kind)' in \(kind.apiVersion)", at: manifest.source,
            object: manifest.reference.id, advice: advice)
    }

    /// Metadata that only a server writes; exported manifests carry it, and an apply with it fails or means nothing.
    private static let serverFields = [
        "managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink", "deletionTimestamp",
        "deletionGracePeriodSeconds",
    ]

    private func body(of manifest: Manifest, reference: ObjectReference) -> Value {
        var object = manifest.value.object ?? Object()
        object["status"] = nil
        var metadata = object["metadata"]?.object ?? Object()
        for field in Self.serverFields { metadata[field] = nil }
        metadata["namespace"] = reference.namespace.isEmpty ? nil : .string(reference.namespace)
        var annotations = metadata["annotations"]?.object ?? Object()
        annotations[TrackingID.annotation] = .string(TrackingID.text(environment: environment, reference: reference))
        metadata["annotations"] = .object(annotations)
        object["metadata"] = .object(metadata)
        if Sensitivity.isSensitive(reference.groupKind) { Self.encodeStringData(&object) }
        // A controller writes what an aggregated role grants; whatever a manifest says of it would be fought over for ever.
        if reference.kind == "ClusterRole", object["aggregationRule"]?.object?.isEmpty == false { object["rules"] = nil }
        return .object(object)
    }

    /// `stringData` is `data` before it is encoded; the server never shows it again, so it is encoded here.
    private static func encodeStringData(_ object: inout Object) {
        guard let plain = object["stringData"]?.object else { return }
        var data = object["data"]?.object ?? Object()
        for member in plain {
            guard let text = member.value.string else { continue }
            data[member.key] = .string(Base64.encode(Array(text.utf8)))
        }
        // What is no text stays where it is, for the server to refuse.
        let rest = Object(plain.members.filter { $0.value.string == nil && !$0.value.isNull })
        object["stringData"] = rest.isEmpty ? nil : .object(rest)
        object["data"] = .object(data)
    }
}
