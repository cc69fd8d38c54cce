package import KubernetesAPI
package import Manifests
internal import Synchronization

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

    /// An item that is listed and not wanted costs about this part of a GET: a list that holds too many of them is left, and
    /// what it has not brought yet is fetched one by one.
    private static let itemsPerGet = 20
    /// Lists at a time. More of them fill memory with pages, and no server makes pages faster for it.
    private static let listsMax = 8

    private let client: KubernetesClient
    private let parallelism: Int
    private let skipsManagedFields: Bool
    private let ahead: ListsAhead?

    /// - Parameters:
    ///   - skipsManagedFields: For whoever looks at statuses alone: half the bytes.
    ///   - ahead: Lists that were begun already.
    package init(
        client: KubernetesClient, parallelism: Int = ClientOptions.standardInFlight, skipsManagedFields: Bool = false,
        ahead: ListsAhead? = nil
    ) {
        self.client = client
        self.parallelism = parallelism
        self.skipsManagedFields = skipsManagedFields
        self.ahead = ahead
    }

    static func pages(of place: ObservationPlaces.Place, client: KubernetesClient, skipsManagedFields: Bool) -> ListPages {
        client.pages(
            of: place.resource, namespace: place.namespace,
            options: ListOptions(isMetadataOnly: place.isMetadataOnly, skipsManagedFields: skipsManagedFields))
    }

    /// The live objects by reference; what is not there is not in the result.
    /// - Throws: `Diagnostics` that name each kind and namespace which our rights do not let us see.
    package func observe(_ wanted: [Wanted]) async throws -> [ObjectReference: Value] {
        let found = Mutex<[ObjectReference: Value]>([:])
        try await observe(wanted) { index, live in
            (wanted[index].reference, live)
        } handle: { kept in
            found.withLock { found in
                for (reference, live) in kept { found[reference] = live }
            }
        }
        return found.withLock { $0 }
    }

    /// Finds the objects and hands each over as its answer is read, so that thousands are never held together.
    /// - Parameters:
    ///   - sort: is given each object with its place among the wanted ones, once, on any thread. What it returns goes on to
    ///     `handle`; the rest is let go.
    ///   - handle: is given what is left of an answer, while the next page of its list is read; the page after that waits.
    /// - Throws: `Diagnostics` that name each kind and namespace which our rights do not let us see.
    package func observe<Kept: Sendable>(
        _ wanted: [Wanted], sort: @escaping @Sendable (Int, Value) -> Kept?,
        handle: @escaping @Sendable ([Kept]) async throws -> Void
    ) async throws {
        let (places, singles) = ObservationPlaces.division(wanted)
        async let listed = BoundedTasks.map(places, limit: Self.listsMax) { place in
            try await list(place, wanted, sort: sort, handle: handle)
        }
        async let fetched = fetch(singles, wanted, sort: sort, handle: handle)
        let left = try await listed.flatMap { $0 }
        var unseen = try await fetched
        unseen += try await fetch(left, wanted, sort: sort, handle: handle)
        if !unseen.isEmpty {
            throw Diagnostics(Self.diagnostics(unseen.map { (wanted[$0.index], $0.error) }.sorted { $0.0.reference < $1.0.reference }))
        }
    }

    /// One object; an error names it.
    package func observe(_ one: Wanted) async throws -> Value? {
        switch try await get(one) {
        case .success(let live): return live
        case .failure(let error): throw Diagnostics(Self.diagnostics([(one, error)]))
        }
    }

    /// Fetches objects one by one.
    /// - Returns: Those that our rights do not let us see.
    private func fetch<Kept: Sendable>(
        _ indexes: [Int], _ wanted: [Wanted], sort: @escaping @Sendable (Int, Value) -> Kept?,
        handle: @escaping @Sendable ([Kept]) async throws -> Void
    ) async throws -> [(index: Int, error: APIError)] {
        try await BoundedTasks.map(indexes, limit: parallelism) { index -> (index: Int, error: APIError)? in
            switch try await get(wanted[index]) {
            case .success(let live):
                if let live, let kept = sort(index, live) { try await handle([kept]) }
                return nil
            case .failure(let error): return (index, error)
            }
        }.compactMap { $0 }
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

    /// Reads a list for the objects that are wanted of it.
    /// - Returns: What it has not brought, when it was left or our rights do not allow it: single GETs may still do.
    private func list<Kept: Sendable>(
        _ place: ObservationPlaces.Place, _ wanted: [Wanted], sort: @escaping @Sendable (Int, Value) -> Kept?,
        handle: @escaping @Sendable ([Kept]) async throws -> Void
    ) async throws -> [Int] {
        var pages = ahead?.take(place) ?? Self.pages(of: place, client: client, skipsManagedFields: skipsManagedFields)
        var missing = Dictionary(place.members.map { (place.key(of: wanted[$0].reference), $0) }) { first, _ in first }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            while true {
                var kept: [Kept] = []
                let page: ListPages.Page?
                do throws(APIError) {
                    page = try await pages.next { item in
                        // What a list that starts over brings again was looked at already.
                        guard let key = place.key(of: item), let index = missing.removeValue(forKey: key) else { return }
                        if let one = sort(index, item) { kept.append(one) }
                    }
                } catch {
                    guard error.isForbidden || error.status == 405 else {
                        throw error.diagnostic(
                            object: nil,
                            doing: "listing \(place.resource.plural)\(place.namespace.map { " in \($0)" } ?? "")")
                    }
                    try await group.waitForAll()
                    return missing.values.sorted()
                }
                // One page is read while the one before it is worked on.
                try await group.waitForAll()
                if !kept.isEmpty { group.addTask { [kept] in try await handle(kept) } }
                guard let page, !page.isLast else {
                    try await group.waitForAll()
                    return []
                }
                if missing.isEmpty || page.remaining / Self.itemsPerGet > missing.count {
                    try await group.waitForAll()
                    return missing.values.sorted()
                }
            }
        }
    }
}

extension APIError {
    /// This error as a person is told it, with what was being done.
    package func diagnostic(object: String?, doing: String, at position: SourcePosition? = nil) -> Diagnostic {
        Diagnostic("\(doing): \(message)", at: position, object: object, advice: advice)
    }
}
