import Manifests

/// What a resource that refers to others is known by.
struct Referrer: Sendable {
    var id: ResourceID
    var prefixes: [String]
    var suffixes: [String]
    /// The namespaces of the service accounts that a role binding names: those may be referred to as well.
    var accountNamespaces: [String]

    /// - Throws: `Diagnostic` when a role binding names a service account in a namespace that is no text.
    init(_ resource: Resource) throws(Diagnostic) {
        id = resource.currentID
        prefixes = resource.prefixes
        suffixes = resource.suffixes
        accountNamespaces = []
        guard id.kind.kind == "RoleBinding", case .array(let subjects)? = resource.value["subjects"] else { return }
        for subject in subjects where subject["kind"]?.string == "ServiceAccount" {
            guard let namespace = subject["namespace"] else { continue }
            guard case .string(let text) = namespace else {
                throw Diagnostic(
                    "the namespace of a subject is text, and here is \(namespace.kindDescription)", at: resource.source,
                    object: id.description, advice: "give the service account's namespace, or leave the field out")
            }
            accountNamespaces.append(text)
        }
    }
}

/// All resources by the kinds and names that they had, for looking up what a name refers to.
struct ReferenceIndex: Sendable {
    /// A resource that may be referred to.
    struct Candidate: Sendable {
        var place: Int
        var name: String
        var namespace: String
        var id: ResourceID
        var previous: [Resource.PreviousID]
        var prefixes: [String]
        var suffixes: [String]
        var originalNamespace: String
    }

    private struct Key: Hashable, Sendable {
        var kind: String
        var name: String
    }

    private var candidates: [Candidate] = []
    private var places: [Key: [Int]] = [:]
    /// The same apart by current namespace, for names that many resources share.
    private var crowded: [Key: [String: [Int]]] = [:]
    private static let crowdedMin = 16

    init(_ resources: [Resource]) {
        candidates.reserveCapacity(resources.count)
        for (place, resource) in resources.enumerated() where !resource.previous.isEmpty {
            let id = resource.currentID
            let number = candidates.count
            candidates.append(
                Candidate(
                    place: place, name: id.name, namespace: resource.namespace, id: id, previous: resource.previous,
                    prefixes: resource.prefixes, suffixes: resource.suffixes,
                    originalNamespace: resource.previous[0].effectiveNamespace))
            for previous in resource.previous {
                // References may leave out the kind.
                for key in [Key(kind: previous.kind, name: previous.name), Key(kind: "", name: previous.name)]
                where places[key]?.last != number {
                    places[key, default: []].append(number)
                }
            }
        }
        for (key, numbers) in places where numbers.count >= Self.crowdedMin {
            crowded[key] = Dictionary(grouping: numbers) { candidates[$0].id.effectiveNamespace }
        }
    }

    /// The resource that a name refers to, as kustomize chooses it.
    /// - Throws: `Diagnostic` when several are meant and their names differ.
    func select(
        _ name: String, _ field: NameReferences.Field, _ referrer: Referrer, _ roleReference: GroupVersionKind?,
        namespace: String?, comparesNamespaces: Bool
    ) throws -> Candidate? {
        let target = field.target
        var selected = reachable(Key(kind: target.kind, name: name), from: referrer).filter { candidate in
            Self.hadKind(candidate, target) && (roleReference.map { Self.hadKind(candidate, $0) } ?? true)
        }
        guard !selected.isEmpty else { return nil }
        if let namespace { selected = inNamespace(namespace, selected, referrer) }
        selected = selected.filter { Self.isNear($0, referrer) }
        if selected.count == 1 { return selected[0] }
        selected = selected.filter { Self.sharesAffixes($0, referrer, allowsEmpty: true) }
        if selected.count > 1 { selected = selected.filter { Self.sharesAffixes($0, referrer, allowsEmpty: false) } }
        guard let first = selected.first else { return nil }
        let isUnambiguous = selected.allSatisfy { $0.name == first.name && (!comparesNamespaces || $0.namespace == first.namespace) }
        guard isUnambiguous else {
            let names = selected.map(\.id.description).joined(separator: ", ")
            throw Diagnostic("the name '\(name)' may mean several resources: \(names)", advice: "give them different names in their bases")
        }
        return first
    }

    /// The resources of a name that the referrer may reach: its own namespace's, those of the cluster, those of the
    /// namespaces that a role binding names; a resource of the cluster reaches all.
    private func reachable(_ key: Key, from referrer: Referrer) -> [Candidate] {
        if let apart = crowded[key], !referrer.id.isClusterScoped {
            let namespaces = [referrer.id.effectiveNamespace, ResourceID.clusterScope] + referrer.accountNamespaces
            let numbers = Set(namespaces).flatMap { apart[$0] ?? [] }.sorted()
            return numbers.map { candidates[$0] }
        }
        guard let numbers = places[key] else { return [] }
        return numbers.map { candidates[$0] }.filter { candidate in
            referrer.id.isClusterScoped || candidate.id.isClusterScoped
                || candidate.id.effectiveNamespace == referrer.id.effectiveNamespace
                || referrer.accountNamespaces.contains(candidate.namespace)
        }
    }

    private static func hadKind(_ candidate: Candidate, _ selector: GroupVersionKind) -> Bool {
        candidate.previous.contains { previous in
            var kind = candidate.id.kind
            kind.kind = previous.kind
            return selector.selects(kind)
        }
    }

    /// kustomize takes the resources that were in the namespace originally, and only when none at all was, those there now.
    private func inNamespace(_ namespace: String, _ selected: [Candidate], _ referrer: Referrer) -> [Candidate] {
        guard namespace != ResourceID.clusterScope else { return [] }
        if hasOriginal(namespace, referrer) { return selected.filter { $0.originalNamespace == namespace } }
        return selected.filter { $0.id.effectiveNamespace == namespace }
    }

    /// Whether any resource within reach was in the namespace originally.
    private func hasOriginal(_ namespace: String, _ referrer: Referrer) -> Bool {
        guard let current = originalNamespaces[namespace] else { return false }
        if referrer.id.isClusterScoped { return true }
        return current.contains(referrer.id.effectiveNamespace) || current.contains(ResourceID.clusterScope)
            || referrer.accountNamespaces.contains { current.contains($0) }
    }

    /// The namespaces in which the resources are now that came from one.
    private(set) var originalNamespaces: [String: Set<String>] = [:]

    mutating func noteOriginalNamespaces(of resources: [Resource]) {
        for resource in resources {
            let current = resource.currentID.effectiveNamespace
            let original = resource.previous.first?.effectiveNamespace ?? current
            originalNamespaces[original, default: []].insert(current)
        }
    }

    private static func isNear(_ candidate: Candidate, _ referrer: Referrer) -> Bool {
        referrer.id.isClusterScoped || candidate.id.isClusterScoped || candidate.id.kind.kind == "ServiceAccount"
            || candidate.id.effectiveNamespace == referrer.id.effectiveNamespace
    }

    private static func sharesAffixes(_ candidate: Candidate, _ referrer: Referrer, allowsEmpty: Bool) -> Bool {
        shares(candidate.prefixes, referrer.prefixes, allowsEmpty) && shares(candidate.suffixes, referrer.suffixes, allowsEmpty)
    }

    private static func shares(_ left: [String], _ right: [String], _ allowsEmpty: Bool) -> Bool {
        if left.isEmpty || right.isEmpty { return allowsEmpty || (left.isEmpty && right.isEmpty) }
        return zip(left.reversed(), right.reversed()).allSatisfy { $0 == $1 }
    }
}
