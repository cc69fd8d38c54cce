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
        /// Whether there is a state in which it needs no look.
        package var isSeen: Bool

        package init(resource: APIResource, reference: ObjectReference, isMetadataOnly: Bool = false, isSeen: Bool = false) {
            self.resource = resource
            self.reference = reference
            self.isMetadataOnly = isMetadataOnly
            self.isSeen = isSeen
        }
    }

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
            options: ListOptions(form: place.form, skipsManagedFields: skipsManagedFields))
    }

    /// Who is told of the live objects, on any thread.
    private struct Listener<Kept: Sendable>: Sendable {
        let wanted: [Wanted]
        let stands: @Sendable (Int, Value) -> Bool
        let sort: @Sendable (Int, Value) -> Kept?
        let handle: @Sendable ([Kept]) async throws -> Void

        /// - Returns: What of an object goes on to `handle`.
        func receive(_ index: Int, _ live: Value) -> Kept? { isStanding(index, live) ? nil : sort(index, live) }

        func isStanding(_ index: Int, _ live: Value) -> Bool { wanted[index].isSeen && stands(index, live) }
    }

    /// The live objects by reference; what is not there is not in the result.
    /// - Throws: `Diagnostics` that name each kind and namespace which our rights do not let us see.
    package func observe(_ wanted: [Wanted]) async throws -> [ObjectReference: Value] {
        let found = Mutex<[ObjectReference: Value]>([:])
        try await observe(wanted) { _, _ in
            false
        } sort: { index, live in
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
    ///   - stands: is given each object that was seen before with its place among the wanted ones, on any thread, perhaps with
    ///     metadata alone. Of those of which it says so nothing more is read.
    ///   - sort: is given each other object with its place, once, on any thread. What it returns goes on to `handle`; the rest
    ///     is let go.
    ///   - handle: is given what is left of an answer, while the next page of its list is read; the page after that waits.
    /// - Throws: `Diagnostics` that name each kind and namespace which our rights do not let us see.
    package func observe<Kept: Sendable>(
        _ wanted: [Wanted], stands: @escaping @Sendable (Int, Value) -> Bool, sort: @escaping @Sendable (Int, Value) -> Kept?,
        handle: @escaping @Sendable ([Kept]) async throws -> Void
    ) async throws {
        let listener = Listener(wanted: wanted, stands: stands, sort: sort, handle: handle)
        let (places, singles) = ObservationPlaces.division(wanted)
        async let listed = BoundedTasks.map(places, limit: Self.listsMax) { try await list($0, for: listener) }
        async let fetched = fetch(singles, for: listener)
        let left = try await listed.flatMap { $0 }
        var unseen = try await fetched
        unseen += try await fetch(left, for: listener)
        if !unseen.isEmpty {
            throw Diagnostics(Self.diagnostics(unseen.map { (wanted[$0.index], $0.error) }.sorted { $0.0.reference < $1.0.reference }))
        }
    }

    /// Reads the metadata of objects, in lists where many of them stand together.
    /// - Parameter see: is given each object that is there with its place among the wanted ones, on any thread. What our rights
    ///   do not let us see is left out.
    func look(_ wanted: [Wanted], see: @escaping @Sendable (Int, Value) -> Void) async throws {
        let listener = Listener<Never>(
            wanted: wanted, stands: { _, _ in false },
            sort: { index, live in
                see(index, live)
                return nil
            }, handle: { _ in })
        let (places, singles) = ObservationPlaces.division(wanted)
        async let listed = BoundedTasks.map(places, limit: Self.listsMax) { place in
            var place = place
            place.form = .versions
            return try await read(place, for: listener)
        }
        async let fetched = fetch(singles, for: listener)
        let left = try await listed.flatMap { $0 }
        _ = try await (fetched, fetch(left, for: listener))
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
    private func fetch<Kept>(_ indexes: [Int], for listener: Listener<Kept>) async throws -> [(index: Int, error: APIError)] {
        try await BoundedTasks.map(indexes, limit: parallelism) { index -> (index: Int, error: APIError)? in
            switch try await get(listener.wanted[index]) {
            case .success(let live):
                if let live, let kept = listener.receive(index, live) { try await listener.handle([kept]) }
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
    /// - Returns: What it has not brought, when it was left or our rights do not allow it, or has brought in another state than
    ///   it was seen in: single GETs may still do.
    private func list<Kept>(_ place: ObservationPlaces.Place, for listener: Listener<Kept>) async throws -> [Int] {
        guard place.form == .versions else { return try await read(place, for: listener) }
        var changed: [Int] = []
        var left = try await read(place, for: listener) { changed.append($0) }
        left += changed
        if ObservationPlaces.areFew(left.count, among: place.members.count) { return left }
        var whole = place
        whole.form = .whole
        whole.members = left
        return try await read(whole, for: listener)
    }

    /// Reads the pages of a list.
    /// - Parameter changed: is given the place of each object in another state than it was seen in, where it is for them that
    ///   versions are listed.
    /// - Returns: What it has not brought, when it was left or our rights do not allow it.
    private func read<Kept>(
        _ place: ObservationPlaces.Place, for listener: Listener<Kept>, changed: ((Int) -> Void)? = nil
    ) async throws -> [Int] {
        let wanted = listener.wanted
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
                        guard let changed else {
                            if let one = listener.receive(index, item) { kept.append(one) }
                            return
                        }
                        if !listener.isStanding(index, item) { changed(index) }
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
                if !kept.isEmpty { group.addTask { [kept] in try await listener.handle(kept) } }
                guard let page, !page.isLast else {
                    try await group.waitForAll()
                    return []
                }
                if missing.isEmpty || page.remaining / ObservationPlaces.itemsPerGet > missing.count {
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
