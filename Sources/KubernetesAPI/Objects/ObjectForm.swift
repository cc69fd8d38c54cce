/// How much of its objects the server is asked for.
package enum ObjectForm: Int, Comparable, Sendable {
    /// All of them.
    case whole
    /// Type and metadata.
    case metadata
    /// Namespace, name, UID, resourceVersion, generation, labels and annotations: what tells one state of an object from another.
    case versions

    package static func < (left: ObjectForm, right: ObjectForm) -> Bool { left.rawValue < right.rawValue }
}
