import Manifests

/// The resources of a build so far, in the order in which they were read, with an index of their ids that is made when it
/// is first asked for.
struct ResourceMap: Sendable {
    private(set) var resources: [Resource] = []
    /// Which resources have an id now.
    private var current: [ResourceID: Int]?
    /// Which resources have or had an id.
    private var any: [ResourceID: [Int]]?

    init() {}

    init(_ resources: [Resource]) throws(Diagnostic) {
        for resource in resources { try append(resource) }
    }

    /// Adds a resource.
    /// - Throws: `Diagnostic` when there is one of the same id.
    mutating func append(_ resource: Resource) throws(Diagnostic) {
        let id = resource.currentID
        makeCurrentIndex()
        if let index = current?[id] {
            throw Diagnostic(
                "\(id.description) is there already: it is defined at \(resources[index].source)", at: resource.source,
                advice: "list it once, or give one of the two another name")
        }
        current?[id] = resources.count
        if any != nil {
            for id in Set(resource.allIDs) { any?[id, default: []].append(resources.count) }
        }
        resources.append(resource)
    }

    mutating func append(_ others: consuming ResourceMap) throws(Diagnostic) {
        if resources.isEmpty {
            self = others
            return
        }
        for resource in others.resources { try append(resource) }
    }

    private mutating func makeCurrentIndex() {
        guard current == nil else { return }
        var index: [ResourceID: Int] = [:]
        index.reserveCapacity(resources.count)
        for (place, resource) in resources.enumerated() { index[resource.currentID] = place }
        current = index
    }

    private mutating func makeAnyIndex() {
        guard any == nil else { return }
        var index: [ResourceID: [Int]] = [:]
        index.reserveCapacity(resources.count)
        for (place, resource) in resources.enumerated() where !resource.isDeleted {
            for id in resource.allIDs where index[id]?.last != place { index[id, default: []].append(place) }
        }
        any = index
    }

    /// The places of the resources that have or had an id.
    mutating func places(withAnyID id: ResourceID) -> [Int] {
        makeAnyIndex()
        return (any?[id] ?? []).filter { !resources[$0].isDeleted }
    }

    /// The places of the resources that match one of their ids.
    func places(where matches: (ResourceID) -> Bool) -> [Int] {
        resources.indices.filter { !resources[$0].isDeleted && resources[$0].allIDs.contains(where: matches) }
    }

    func places(selectedBy matcher: ResourceMatcher) -> [Int] {
        resources.indices.filter { matcher.selects(resources[$0]) }
    }

    /// Changes a resource in place; its id must stay as it is.
    mutating func update<Result>(_ place: Int, _ change: (inout Resource) throws -> Result) rethrows -> Result {
        try change(&resources[place])
    }

    /// Changes a resource in place, its id maybe too.
    mutating func updateID<Result>(_ place: Int, _ change: (inout Resource) throws -> Result) rethrows -> Result {
        current = nil
        any = nil
        return try change(&resources[place])
    }

    /// Changes all resources, their ids maybe too.
    mutating func updateAll(_ change: (inout Resource) throws -> Void) rethrows {
        current = nil
        any = nil
        for place in resources.indices { try change(&resources[place]) }
    }

    /// Changes all resources, but not their ids.
    mutating func updateContents(_ change: (inout Resource) throws -> Void) rethrows {
        for place in resources.indices { try change(&resources[place]) }
    }

    /// Lets go of the indices of a map that is kept for later.
    mutating func forgetIndices() {
        current = nil
        any = nil
    }

    /// Hands over all resources and keeps none.
    mutating func takeAll() -> [Resource] {
        forgetIndices()
        defer { resources = [] }
        return resources
    }

    mutating func replaceAll(_ new: [Resource]) {
        current = nil
        any = nil
        resources = new
    }

    mutating func removeDeleted() {
        guard resources.contains(where: \.isDeleted) else { return }
        replaceAll(resources.filter { !$0.isDeleted })
    }

    /// Adds a generated resource, or merges it into or puts it in place of the one of its id, as its behavior says.
    mutating func absorb(_ generated: Resource) throws(Diagnostic) {
        let id = generated.currentID
        let places = places(withAnyID: id)
        guard let place = places.first else {
            guard generated.behavior != .merge, generated.behavior != .replace else {
                throw Diagnostic(
                    "there is no \(id.description) to merge with or to replace", at: generated.source,
                    advice: "use behavior 'create', or correct the name or namespace")
            }
            return try append(generated)
        }
        guard places.count == 1 else {
            throw Diagnostic("\(places.count) resources could be merged with \(id.description)", at: generated.source)
        }
        guard generated.behavior == .merge || generated.behavior == .replace else {
            throw Diagnostic(
                "\(id.description) is there already: it is defined at \(resources[place].source)", at: generated.source,
                advice: "set behavior to 'merge' or 'replace', or choose another name")
        }
        let old = resources[place]
        var new = generated
        new.takeIdentity(of: old)
        if generated.behavior == .merge {
            new.mergeData(from: old)
            if old.origin != nil { new.origin = old.origin }
        }
        updateID(place) { $0 = new }
    }
}

extension Resource {
    /// Takes over name, namespace, labels and annotations (its own win) and all that is remembered of another.
    mutating func takeIdentity(of old: Resource) {
        setMetadataMap("labels", Self.merged(old.metadataMap("labels"), metadataMap("labels")))
        setMetadataMap("annotations", Self.merged(old.metadataMap("annotations"), metadataMap("annotations")))
        setName(old.name)
        setNamespace(old.namespace)
        previous = old.previous
        prefixes = old.prefixes
        suffixes = old.suffixes
        behavior = old.behavior
        needsHash = needsHash && old.needsHash
        allowsNameChange = old.allowsNameChange
        allowsKindChange = old.allowsKindChange
        variables = old.variables
        if transformations.isEmpty { transformations = old.transformations }
    }

    mutating func mergeData(from old: Resource) {
        var entries: [(key: String, value: String)] = []
        for key in ["data", "binaryData"] {
            let merged = Self.merged(old.map(key), map(key))
            guard case .object(var object) = value else { continue }
            object[key] = nil
            value = .object(object)
            if key == "data" { entries = merged } else if !merged.isEmpty { setMap(key, merged) }
        }
        if !entries.isEmpty { setMap("data", entries) }
    }

    private func map(_ key: String) -> [(key: String, value: String)] {
        value[key]?.object?.members.map { ($0.key, text(of: $0.value, at: [key, $0.key])) } ?? []
    }

    private mutating func setMap(_ key: String, _ entries: [(key: String, value: String)]) {
        value[key] = .object(Object(entries.map { Member(key: $0.key, value: .string($0.value)) }))
    }

    static func merged(
        _ old: [(key: String, value: String)], _ new: [(key: String, value: String)]
    ) -> [(key: String, value: String)] {
        var merged = old
        for entry in new {
            if let index = merged.firstIndex(where: { $0.key == entry.key }) {
                merged[index].value = entry.value
            } else {
                merged.append(entry)
            }
        }
        return merged.sorted { UTF8Order.isLess($0.key, $1.key) }
    }
}
