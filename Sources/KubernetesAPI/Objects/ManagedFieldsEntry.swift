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
    /// The fields in the server's form. Most readers want the manager alone, so it is taken apart on demand.
    package var fieldsV1: Value

    /// The fields as a set; made anew each time.
    package var fields: FieldSet { FieldSet(fieldsV1: fieldsV1) }

    package init(
        manager: String, operation: Operation, apiVersion: String, time: String = "", subresource: String = "", fieldsV1: Value
    ) {
        self.manager = manager
        self.operation = operation
        self.apiVersion = apiVersion
        self.time = time
        self.subresource = subresource
        self.fieldsV1 = fieldsV1
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
            fieldsV1: value["fieldsV1"] ?? .null)
    }

    /// The entries that own the field at a JSON pointer in a live object: those that own it, something it stands in
    /// as a whole, or something below it. List indexes are matched to the entries' list keys by looking at the object.
    package static func owners(
        of pointer: String, in object: Value, entries: [ManagedFieldsEntry]
    ) -> [ManagedFieldsEntry] {
        guard let tokens = JSONPointer.tokens(pointer) else { return [] }
        return owners(of: tokens, in: object, entries: entries)
    }

    package static func owners(
        of tokens: [String], in object: Value, entries: [ManagedFieldsEntry]
    ) -> [ManagedFieldsEntry] {
        entries.filter { $0.grain(of: tokens, in: object) != .none }
    }

    /// How this entry owns the field at a JSON Pointer's tokens in a live object.
    package func grain(of tokens: [String], in object: Value) -> FieldGrain {
        FieldOwnership.grain(tokens[...], in: object, fieldsV1: fieldsV1)
    }
}
