import Manifests

/// An object as it is kept: the value, and its JSON as a GET sends it.
struct StoredObject: Sendable {
    var value: Value
    var json: [UInt8]
    var resourceVersion: Int64

    init(value: Value, resourceVersion: Int64) {
        self.value = value
        self.resourceVersion = resourceVersion
        json = JSONWriter.compact(value)
    }
}

/// Where an object is kept: the resource's storage key, its namespace (empty for the cluster's) and its name.
struct ObjectKey: Hashable, Sendable {
    var resource: String
    var namespace: String
    var name: String

    /// Sorts as etcd's keys do.
    var path: String { "\(namespace)/\(name)" }
}

/// What happened to an object, for whoever plays controller.
struct StoreEvent: Sendable {
    var key: ObjectKey
    /// `nil` when the object is gone.
    var object: Value?
    var old: Value?
}
