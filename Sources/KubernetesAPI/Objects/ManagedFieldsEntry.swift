package import Manifests

/// One entry of `metadata.managedFields`: which manager owns which fields.
package struct ManagedFieldsEntry: Hashable, Sendable {
    package enum Operation: String, Sendable {
        /// By server-side apply.
        case apply = "Apply"
        /// By any other write.
        case update = "Update"
    }

    package var manager: String
    package var operation: Operation
    package var apiVersion: String
    /// RFC 3339, as the server wrote it; empty when it wrote none.
    package var time: String
    /// `status`, `scale`; empty for the object itself.
    package var subresource: String
    package var fields: FieldSet

    package init(
        manager: String, operation: Operation, apiVersion: String, time: String = "", subresource: String = "", fields: FieldSet
    ) {
        self.manager = manager
        self.operation = operation
        self.apiVersion = apiVersion
        self.time = time
        self.subresource = subresource
        self.fields = fields
    }

    /// The entries of an object; none when it has no managedFields. An entry that cannot be read is left out.
    package static func entries(of object: Value) -> [ManagedFieldsEntry] {
        (object.at("metadata", "managedFields")?.array ?? []).compactMap(ManagedFieldsEntry.init(value:))
    }

    package init?(value: Value) {
        guard let operation = value["operation"]?.string.flatMap(Operation.init(rawValue:)) else { return nil }
        self.init(
            manager: value["manager"]?.string ?? "", operation: operation, apiVersion: value["apiVersion"]?.string ?? "",
            time: value["time"]?.string ?? "", subresource: value["subresource"]?.string ?? "",
            fields: FieldSet(fieldsV1: value["fieldsV1"] ?? .null))
    }

    /// The entries that own the field at a JSON pointer in a live object: those that own it, something it stands in
    /// as a whole, or something below it. List indexes are matched to the entries' list keys by looking at the object.
    package static func owners(
        of pointer: String, in object: Value, entries: [ManagedFieldsEntry]
    ) -> [ManagedFieldsEntry] {
        guard let tokens = JSONPointer.tokens(pointer) else { return [] }
        return entries.filter { $0.fields.owns(tokens[...], in: object) }
    }
}
