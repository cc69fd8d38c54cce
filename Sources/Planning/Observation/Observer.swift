package import KubernetesAPI
package import Manifests

/// Fetches the live objects that a plan is about.
package struct Observer: Sendable {
    /// An object to look for.
    package struct Wanted: Hashable, Sendable {
        package var resource: APIResource
        package var reference: ObjectReference
        /// Whether type and metadata are enough: of what is deleted, nothing else is looked at.
        package var isMetadataOnly: Bool

        package init(resource: APIResource, reference: ObjectReference, isMetadataOnly: Bool = false) {
            self.resource = resource
            self.reference = reference
            self.isMetadataOnly = isMetadataOnly
        }
    }

    /// From how many wanted objects of one kind and namespace on a LIST is asked for in place of single GETs. Forty GETs
    /// over one connection cost a server about as much as one page of a list.
    private static let listFrom = 16
    /// An item that is listed and not wanted costs about this part of a GET: a list that holds too many of them is left, and
    /// what it has not brought yet is fetched one by one.
    private static let itemsPerGet = 20

    private let client: KubernetesClient
    private let parallelism: Int
    private let skipsManagedFields: Bool

    /// - Parameter skipsManagedFields: For whoever looks at statuses alone: half the bytes.
    package init(client: KubernetesClient, parallelism: Int = 32, skipsManagedFields: Bool = false) {
        self.client = client
        self.parallelism = parallelism
        self.skipsManagedFields = skipsManagedFields
    }

    private struct Place: Hashable, Sendable {
        var resource: APIResource
        /// Empty for all namespaces.
        var namespace: String
        var isMetadataOnly: Bool
    }

    /// The live objects by reference; what is not there is not in the result.
    /// - Throws: `Diagnostics` that name each kind and namespace which our rights do not let us see.
    package func observe(_ wanted: [Wanted]) async throws -> [ObjectReference: Value] {
        let (lists, singles) = Self.division(wanted)
        let listed = try await BoundedTasks.map(lists, limit: parallelism) { place, members in
            (members, try await list(place, members))
        }
        var found: [ObjectReference: Value] = [:]
        var rest = singles
        for (members, answer) in listed {
            found.merge(answer.found) { first, _ in first }
            if !answer.isComplete { rest += members.filter { answer.found[$0.reference] == nil } }
        }
        let answers = try await BoundedTasks.map(rest.sorted { $0.reference < $1.reference }, limit: parallelism) { one in
            (one, try await get(one))
        }
        var unseen: [(wanted: Wanted, error: APIError)] = []
        for (one, answer) in answers {
            switch answer {
            case .success(let live): if let live { found[one.reference] = live }
            case .failure(let error): unseen.append((one, error))
            }
        }
        if !unseen.isEmpty { throw Diagnostics(Self.diagnostics(unseen)) }
        return found
    }

    /// One object; an error names it.
    package func observe(_ one: Wanted) async throws -> Value? {
        switch try await get(one) {
        case .success(let live): return live
        case .failure(let error): throw Diagnostics(Self.diagnostics([(one, error)]))
        }
    }

    /// What is listed, and what is fetched one by one.
    private static func division(_ wanted: [Wanted]) -> (lists: [(Place, [Wanted])], singles: [Wanted]) {
        func grouped(_ wanted: [Wanted], byNamespace: Bool) -> [(Place, [Wanted])] {
            var places: [Place: [Wanted]] = [:]
            for one in wanted {
                let namespace = byNamespace ? one.reference.namespace : ""
                places[Place(resource: one.resource, namespace: namespace, isMetadataOnly: one.isMetadataOnly), default: []].append(one)
            }
            return places.map { ($0, $1) }
        }
        var lists: [(Place, [Wanted])] = []
        var sparse: [Wanted] = []
        for (place, members) in grouped(wanted, byNamespace: true) {
            if members.count >= listFrom, place.resource.verbs.contains("list") {
                lists.append((place, members))
            } else {
                sparse += members
            }
        }
        // Many namespaces with a few objects of a kind each: one list over all of them.
        var singles: [Wanted] = []
        for (place, members) in grouped(sparse, byNamespace: false) {
            let isDense = place.resource.isNamespaced && members.count >= 2 * listFrom && place.resource.verbs.contains("list")
            if isDense { lists.append((place, members)) } else { singles += members }
        }
        func smallest(_ members: [Wanted]) -> ObjectReference? { members.map(\.reference).min() }
        lists.sort { left, right in
            guard let first = smallest(left.1), let second = smallest(right.1) else { return false }
            return first < second
        }
        return (lists, singles)
    }

    private func get(_ one: Wanted) async throws -> Result<Value?, APIError> {
        do throws(APIError) {
            return .success(
                try await client.get(
                    one.resource, namespace: one.reference.namespace, name: one.reference.name, skipsManagedFields: skipsManagedFields,
                    isMetadataOnly: one.isMetadataOnly))
        } catch {
            if error.isForbidden { return .failure(error) }
            throw error.diagnostic(object: one.reference.id, doing: "reading the live object")
        }
    }

    /// One line for each kind and namespace that we may not look at, however many objects of it are wanted.
    private static func diagnostics(_ unseen: [(wanted: Wanted, error: APIError)]) -> [Diagnostic] {
        var counts: [String: Int] = [:]
        var firsts: [(key: String, wanted: Wanted, error: APIError)] = []
        for (wanted, error) in unseen {
            let key = "\(wanted.reference.groupKind) \(wanted.reference.namespace)"
            if counts[key] == nil { firsts.append((key, wanted, error)) }
            counts[key, default: 0] += 1
        }
        return firsts.map { key, wanted, error in
            let others = (counts[key] ?? 1) - 1
            return Diagnostic(
                "the target does not let us see it" + (others > 0 ? " and \(others) more of its kind" : "") + ": \(error.message)",
                object: wanted.reference.id, advice: error.advice)
        }
    }

    /// What a list brought of the wanted objects; not complete when it was left, or our rights do not allow it: single GETs
    /// may still do.
    private func list(_ place: Place, _ members: [Wanted]) async throws -> (found: [ObjectReference: Value], isComplete: Bool) {
        let wanted = Set(members.map(\.reference))
        let all = place.resource.isNamespaced && place.namespace.isEmpty
        var found: [ObjectReference: Value] = [:]
        do throws(APIError) {
            let isComplete = try await client.pages(
                of: place.resource, namespace: place.resource.isNamespaced && !all ? place.namespace : nil,
                options: ListOptions(isMetadataOnly: place.isMetadataOnly, skipsManagedFields: skipsManagedFields)
            ) { page in
                // A list that starts over brings everything again.
                if page.isFirst { found = [:] }
                for item in page.items {
                    guard let name = item.at("metadata", "name")?.string else { continue }
                    let reference = ObjectReference(
                        group: place.resource.group, kind: place.resource.kind,
                        namespace: place.resource.isNamespaced ? item.at("metadata", "namespace")?.string ?? "" : "", name: name)
                    if wanted.contains(reference) { found[reference] = item }
                }
                let missing = wanted.count - found.count
                return missing > 0 && page.remaining / Self.itemsPerGet <= missing
            }
            return (found, isComplete || found.count == wanted.count)
        } catch {
            if error.isForbidden || error.status == 405 { return ([:], false) }
            throw error.diagnostic(
                object: nil, doing: "listing \(place.resource.plural)\(place.namespace.isEmpty ? "" : " in \(place.namespace)")")
        }
    }
}

extension APIError {
    /// This error as a person is told it, with what was being done.
    package func diagnostic(object: String?, doing: String, at position: SourcePosition? = nil) -> Diagnostic {
        Diagnostic("\(doing): \(message)", at: position, object: object, advice: advice)
    }
}
