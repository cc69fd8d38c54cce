import Manifests

/// One type of a resource's schema, resolved: what merging, comparison, defaulting, pruning and validation walk along.
///
/// A class, because types refer to each other in circles (JSONSchemaProps contains itself).
/// @unchecked: `TypeBuilder` fills a node before anyone else sees it; after that nothing writes to it.
final class TypeNode: @unchecked Sendable {
    enum Shape {
        case string, integer, number, boolean
        /// A number or a text: quantities, ports.
        case numberOrString
        case list
        case map
        /// Whatever the value says.
        case any
    }

    var shape: Shape = .any
    /// The component's name such as `core.v1.PodSpec`; empty for inlined types.
    var name = ""
    var fields: [String: FieldNode] = [:]
    /// The declared fields in the schema's order: the order in which errors are reported.
    var fieldOrder: [String] = []
    /// The type of list items, or of the values of undeclared keys.
    var element: TypeNode?
    /// Lists and maps that one manager owns as a whole.
    var isAtomic = false
    var isSet = false
    var listKeys: [String] = []
    /// Keys without a declared field are kept and typed by their own values.
    var preservesUnknown = false
    var isNullable = false
    var isQuantity = false
    /// The rules of `SchemaValidator`; `nil` when there are none.
    var rules: ValidationRules?
    var defaultValue: Value?
    var required: [String] = []
    var format = ""
    /// `x-kubernetes-embedded-resource`: apiVersion, kind and metadata are allowed in it.
    var isEmbeddedResource = false

    /// An untyped value below `preservesUnknown`: maps merge by key, lists are atomic.
    static let deduced: TypeNode = {
        let node = TypeNode()
        node.preservesUnknown = true
        return node
    }()

    func field(_ name: String) -> FieldNode? { fields[name] }

    /// The type of a key's value: of the declared field, else of undeclared ones. `nil` when the key is not allowed.
    func type(of key: String) -> TypeNode? {
        if let field = fields[key] { return field.type }
        if let element { return element }
        return preservesUnknown || shape == .any ? .deduced : nil
    }
}

/// A declared field of a type.
struct FieldNode: Sendable {
    /// How an empty value is written (see `GoTypeTraits`); `.kept` for custom resources, which are written as they are.
    enum Presence: Sendable {
        case kept
        case omittedWhenEmpty
        /// Written as this value when it is missing.
        case always(Value)
    }

    var type: TypeNode
    var defaultValue: Value?
    var presence: Presence = .kept
    var patchMergeKey: String?
    var patchStrategy: [String] = []
}

/// What a JSON schema asks of a value beyond its type.
struct ValidationRules: Sendable {
    var enumeration: [Value] = []
    var minimum: Double?
    var maximum: Double?
    var isMinimumExclusive = false
    var isMaximumExclusive = false
    var multipleOf: Double?
    var minLength: Int?
    var maxLength: Int?
    var pattern: String?
    var minItems: Int?
    var maxItems: Int?
    var uniqueItems = false
    var minProperties: Int?
    var maxProperties: Int?
    var allOf: [TypeNode] = []
    var anyOf: [TypeNode] = []
    var oneOf: [TypeNode] = []
    var not: TypeNode?

    var isEmpty: Bool {
        enumeration.isEmpty && minimum == nil && maximum == nil && multipleOf == nil && minLength == nil
            && maxLength == nil && pattern == nil && minItems == nil && maxItems == nil && !uniqueItems
            && minProperties == nil && maxProperties == nil && allOf.isEmpty && anyOf.isEmpty && oneOf.isEmpty
            && not == nil
    }
}
