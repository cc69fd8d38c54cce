package import Manifests

/// One key of a mapping, declared once: the reader, the errors for unknown keys and the JSON Schema all come from it.
package struct Setting<Root: Sendable>: Sendable {
    package let key: String
    /// What editors show: a sentence or two, the form's details included.
    package let documentation: String
    package let schema: Object
    package let isRequired: Bool
    /// Whether the key may stand in `defaults:` too.
    package let isShareable: Bool
    let read: @Sendable (ConfigurationField, inout Root, inout [Diagnostic]) -> Void
    /// Takes back what the defaults set: what a key with the value null does.
    let reset: @Sendable (_ root: inout Root, _ empty: Root) -> Void

    /// - Parameter standard: The value that holds when the key is not written, for editors; a value that comes out of
    ///   others is told in words in the documentation.
    init<Item: Sendable>(
        _ key: String, _ path: any WritableKeyPath<Root, Item> & Sendable, _ kind: SettingKind<Item>, default standard: Value? = nil,
        isRequired: Bool = false, isShareable: Bool = true, _ documentation: String
    ) {
        self.init(
            key, schema: kind.schema, default: standard, isRequired: isRequired, isShareable: isShareable, documentation,
            read: { field, root, faults in
                if let value = kind.read(field, root[keyPath: path], &faults) { root[keyPath: path] = value }
            }, reset: { $0[keyPath: path] = $1[keyPath: path] })
    }

    /// A key for what may be missing.
    init<Item: Sendable>(
        _ key: String, _ path: any WritableKeyPath<Root, Item?> & Sendable, _ kind: SettingKind<Item>, default standard: Value? = nil,
        isRequired: Bool = false, isShareable: Bool = true, _ documentation: String
    ) {
        self.init(
            key, schema: kind.schema, default: standard, isRequired: isRequired, isShareable: isShareable, documentation,
            read: { field, root, faults in
                if let value = kind.read(field, root[keyPath: path], &faults) { root[keyPath: path] = value }
            }, reset: { $0[keyPath: path] = $1[keyPath: path] })
    }

    private init(
        _ key: String, schema: Object, default standard: Value? = nil, isRequired: Bool, isShareable: Bool, _ documentation: String,
        read: @escaping @Sendable (ConfigurationField, inout Root, inout [Diagnostic]) -> Void,
        reset: @escaping @Sendable (inout Root, Root) -> Void
    ) {
        self.key = key
        self.documentation = documentation
        var schema = schema
        schema["description"] = .string(documentation)
        if let standard { schema["default"] = standard }
        self.schema = schema
        self.isRequired = isRequired
        self.isShareable = isShareable
        self.read = read
        self.reset = reset
    }
}

extension Setting {
    /// The key as one of a larger whole that holds its values at a place.
    func lifted<Whole: Sendable>(_ place: any WritableKeyPath<Whole, Root> & Sendable) -> Setting<Whole> {
        Setting<Whole>(
            key, schema: schema, isRequired: isRequired, isShareable: isShareable, documentation,
            read: { field, whole, faults in read(field, &whole[keyPath: place], &faults) },
            reset: { whole, empty in reset(&whole[keyPath: place], empty[keyPath: place]) })
    }
}
