import Manifests
import Synchronization

/// All objects, in memory; with a journal, also on disk.
///
/// One lock around plain dictionaries: reads copy references out, writes are compare-and-swap on the resourceVersion, so
/// that whatever takes time (merging, validation, JSON) happens outside.
final class ObjectStore: Sendable {
    enum Expectation: Sendable {
        case absent
        case version(Int64)
    }

    /// The object changed between reading and writing.
    struct Raced: Error {}

    private struct Table {
        var objects: [String: StoredObject] = [:]
        /// The keys in order; lists are read along them.
        var keys: [String] = []

        mutating func insert(_ path: String) {
            keys.insert(path, at: lowerBound(path))
        }

        mutating func load(_ record: Journal.Record) {
            guard let value = record.object else { return remove(record.key.path) }
            if objects[record.key.path] == nil { insert(record.key.path) }
            objects[record.key.path] = StoredObject(value: value, resourceVersion: record.objectVersion)
        }

        mutating func remove(_ path: String) {
            let index = lowerBound(path)
            if index < keys.count, keys[index] == path { keys.remove(at: index) }
            objects[path] = nil
        }

        func lowerBound(_ path: String) -> Int {
            var (low, high) = (0, keys.count)
            while low < high {
                let middle = (low + high) / 2
                if ObjectStore.isBefore(keys[middle], path) { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private struct State {
        var version: Int64 = 1
        var tables: [String: Table] = [:]
        /// The objects that name an owner, by the owner's UID: most deletions have none, and shall not search for them.
        var dependents: [String: Set<ObjectKey>] = [:]
        var registry = Registry.builtIn
        var customResources: [String: (version: Int64, resources: [Resource])] = [:]
        var journal: Journal?
        var listener: (@Sendable (StoreEvent) -> Void)?
    }

    private let state = Mutex(State())
    static let definitions = "customresourcedefinitions.apiextensions.k8s.io"

    init() {}

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    // MARK: reading

    var registry: Registry { state.withLock { $0.registry } }
    var version: Int64 { state.withLock { $0.version } }

    func object(_ key: ObjectKey) -> StoredObject? {
        state.withLock { $0.tables[key.resource]?.objects[key.path] }
    }

    /// Objects in the order of their keys: of one namespace, or with `nil` of all; those after `start`.
    func list(_ resource: String, namespace: String?, after start: String? = nil) -> (objects: [StoredObject], version: Int64) {
        state.withLock { state in
            guard let table = state.tables[resource] else { return ([], state.version) }
            let prefix = namespace.map { "\($0)/" } ?? ""
            var index = table.lowerBound(start ?? prefix)
            if let start, index < table.keys.count, table.keys[index] == start { index += 1 }
            var objects: [StoredObject] = []
            if prefix.isEmpty { objects.reserveCapacity(table.keys.count - index) }
            while index < table.keys.count, prefix.isEmpty || table.keys[index].hasPrefix(prefix) {
                if let object = table.objects[table.keys[index]] { objects.append(object) }
                index += 1
            }
            return (objects, state.version)
        }
    }

    /// The keys of everything in a namespace.
    func keys(inNamespace namespace: String) -> [ObjectKey] {
        state.withLock { state in
            state.tables.flatMap { resource, table in
                table.keys.filter { $0.hasPrefix("\(namespace)/") }.map {
                    ObjectKey(resource: resource, namespace: namespace, name: String($0.dropFirst(namespace.count + 1)))
                }
            }
        }
    }

    /// All objects of all resources.
    func everything() -> [(key: ObjectKey, object: StoredObject)] {
        state.withLock { state in
            state.tables.flatMap { resource, table in
                table.objects.map { (Self.key(resource, $0.key), $0.value) }
            }
        }
    }

    private static func key(_ resource: String, _ path: String) -> ObjectKey {
        let slash = path.firstIndex(of: "/") ?? path.startIndex
        return ObjectKey(
            resource: resource, namespace: String(path[..<slash]), name: String(path[slash...].dropFirst()))
    }

    // MARK: writing

    func listen(_ listener: @escaping @Sendable (StoreEvent) -> Void) {
        state.withLock { $0.listener = listener }
    }

    /// Writes an object with a new resourceVersion.
    ///
    /// - Throws: `Raced` when the object is not as expected any more.
    @discardableResult
    func put(_ value: Value, at key: ObjectKey, expecting expectation: Expectation) throws(Raced) -> StoredObject {
        let result = state.withLock { state -> (StoredObject, StoreEvent, (@Sendable (StoreEvent) -> Void)?)? in
            let old = state.tables[key.resource]?.objects[key.path]
            switch expectation {
            case .absent: if old != nil { return nil }
            case .version(let version): if old?.resourceVersion != version { return nil }
            }
            state.version += 1
            var value = value
            value.setMetadata("resourceVersion", .string(String(state.version)))
            let stored = StoredObject(value: value, resourceVersion: state.version)
            if old == nil { state.tables[key.resource, default: Table()].insert(key.path) }
            state.tables[key.resource]?.objects[key.path] = stored
            Self.index(key, old: old?.value, new: value, &state)
            state.journal?.append(key: key, object: stored, version: state.version)
            if key.resource == Self.definitions { Self.rebuildRegistry(&state) }
            return (stored, StoreEvent(key: key, object: value, old: old?.value), state.listener)
        }
        guard let (stored, event, listener) = result else { throw Raced() }
        listener?(event)
        return stored
    }

    /// Removes an object; returns it with the version of its removal.
    func remove(_ key: ObjectKey, expecting version: Int64) throws(Raced) {
        let result = state.withLock { state -> (StoreEvent, (@Sendable (StoreEvent) -> Void)?)? in
            guard let old = state.tables[key.resource]?.objects[key.path], old.resourceVersion == version else { return nil }
            state.version += 1
            state.tables[key.resource]?.remove(key.path)
            Self.index(key, old: old.value, new: nil, &state)
            state.journal?.append(removalOf: key, version: state.version)
            if key.resource == Self.definitions { Self.rebuildRegistry(&state) }
            return (StoreEvent(key: key, object: nil, old: old.value), state.listener)
        }
        guard let (event, listener) = result else { throw Raced() }
        listener?(event)
    }

    private static func index(_ key: ObjectKey, old: Value?, new: Value?, _ state: inout State) {
        let before = owners(of: old)
        let after = owners(of: new)
        for uid in before where !after.contains(uid) {
            state.dependents[uid]?.remove(key)
            if state.dependents[uid]?.isEmpty == true { state.dependents[uid] = nil }
        }
        for uid in after where !before.contains(uid) { state.dependents[uid, default: []].insert(key) }
    }

    private static func owners(of object: Value?) -> [String] {
        (object?.metadata("ownerReferences")?.array ?? []).compactMap { $0["uid"]?.string }
    }

    /// The objects that name an owner.
    func dependents(of uid: String) -> [(key: ObjectKey, value: Value)] {
        state.withLock { state in
            (state.dependents[uid] ?? []).compactMap { key in
                state.tables[key.resource]?.objects[key.path].map { (key, $0.value) }
            }
        }
    }

    private static func rebuildRegistry(_ state: inout State) {
        var known: [String: (version: Int64, resources: [Resource])] = [:]
        var all: [Resource] = []
        let table = state.tables[definitions]
        for path in table?.keys ?? [] {
            guard let object = table?.objects[path] else { continue }
            let generationOrVersion = object.resourceVersion
            if let cached = state.customResources[path], cached.version == generationOrVersion {
                known[path] = cached
            } else {
                known[path] = (generationOrVersion, CustomResources.resources(of: object.value))
            }
            all += known[path]?.resources ?? []
        }
        state.customResources = known
        state.registry = Registry.builtIn.adding(all)
    }

    // MARK: the disk

    /// Loads what a journal holds and writes to it from now on.
    func attach(_ journal: consuming Journal, contents: [Journal.Record]) {
        let journal = journal
        state.withLock { state in
            for record in contents {
                state.version = max(state.version, record.version)
                state.tables[record.key.resource, default: Table()].load(record)
                Self.index(record.key, old: nil, new: record.object, &state)
            }
            Self.rebuildRegistry(&state)
            state.journal = journal
        }
    }
}

extension Value {
    /// Sets a key of `metadata`; `nil` removes it.
    mutating func setMetadata(_ key: String, _ value: Value?) {
        var metadata = self["metadata"] ?? .object(Object())
        if case .object = metadata { metadata[key] = value } else { metadata = .object(value.map { [key: $0] } ?? Object()) }
        self["metadata"] = metadata
    }

    func metadata(_ key: String) -> Value? { self["metadata"]?[key] }
}
