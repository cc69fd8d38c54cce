package import KubernetesAPI
package import Manifests

/// Fetches the live objects that a plan is about.
package struct Observer: Sendable {
    /// An object to look for.
    package struct Wanted: Hashable, Sendable {
        package var resource: APIResource
        package var reference: ObjectReference

        package init(resource: APIResource, reference: ObjectReference) {
            self.resource = resource
            self.reference = reference
        }
    }

    /// From how many wanted objects of one kind and namespace on a LIST is asked for in place of single GETs. Forty GETs
    /// over one connection cost a server about as much as one page of a list.
    private static let listFrom = 16

    private let client: KubernetesClient
    private let parallelism: Int
    private let skipsManagedFields: Bool

    /// - Parameter skipsManagedFields: For whoever looks at statuses alone: half the bytes.
    package init(client: KubernetesClient, parallelism: Int = 32, skipsManagedFields: Bool = false) {
        self.client = client
        self.parallelism = parallelism
        self.skipsManagedFields = skipsManagedFields
    }

    /// The live objects by reference; what is not there is not in the result.
    package func observe(_ wanted: [Wanted]) async throws -> [ObjectReference: Value] {
        struct Place: Hashable {
            var resource: APIResource
            var namespace: String
        }
        let groups = Dictionary(grouping: wanted) { Place(resource: $0.resource, namespace: $0.reference.namespace) }
        var singles: [Wanted] = []
        var lists: [(Place, [Wanted])] = []
        for (place, members) in groups {
            if members.count >= Self.listFrom, place.resource.verbs.contains("list") {
                lists.append((place, members))
            } else {
                singles += members
            }
        }
        var found: [ObjectReference: Value] = [:]
        for (place, members) in lists.sorted(by: { $0.1[0].reference < $1.1[0].reference }) {
            if let items = try await list(place.resource, namespace: place.namespace) {
                let names = Set(members.map(\.reference.name))
                for item in items {
                    guard let name = item.at("metadata", "name")?.string, names.contains(name) else { continue }
                    var reference = members[0].reference
                    reference.name = name
                    found[reference] = item
                }
            } else {
                singles += members
            }
        }
        let answers = try await BoundedTasks.map(singles.sorted { $0.reference < $1.reference }, limit: parallelism) { [self] one in
            (one.reference, try await get(one))
        }
        for (reference, live) in answers where live != nil { found[reference] = live }
        return found
    }

    /// One object; an error names it.
    package func observe(_ one: Wanted) async throws -> Value? { try await get(one) }

    private func get(_ one: Wanted) async throws -> Value? {
        do {
            return try await client.get(
                one.resource, namespace: one.reference.namespace, name: one.reference.name, skipsManagedFields: skipsManagedFields)
        } catch {
            throw error.diagnostic(object: one.reference.id, doing: "reading the live object")
        }
    }

    /// `nil` when our rights do not allow the list: single GETs may still do.
    private func list(_ resource: APIResource, namespace: String) async throws -> [Value]? {
        do {
            return try await client.list(
                resource, namespace: resource.isNamespaced ? namespace : nil, options: ListOptions(skipsManagedFields: skipsManagedFields)
            ).items
        } catch {
            if error.isForbidden || error.status == 405 { return nil }
            throw error.diagnostic(object: nil, doing: "listing \(resource.plural)\(namespace.isEmpty ? "" : " in \(namespace)")")
        }
    }
}

extension APIError {
    /// This error as a person is told it, with what was being done.
    package func diagnostic(object: String?, doing: String, at position: SourcePosition? = nil) -> Diagnostic {
        Diagnostic("\(doing): \(message)", at: position, object: object, advice: advice)
    }
}
