internal import Manifests

/// Checks values against a JSON schema of draft 4, 6, 7, 2019-09 or 2020-12, with the faults in the words of the library
/// that Helm uses (santhosh-tekuri/jsonschema).
///
/// References lead within the document; what stands elsewhere is not fetched and takes every value.
final class JSONSchema {
    /// How deep schemas may lead into one another for one value.
    private static let depthMax = 200
    /// How many schemas may be held against values in all: alternatives that lead back to themselves double at each level.
    private static let stepsMax = 1_000_000

    let root: Value
    /// The year of the draft, or its number before there were years.
    let draft: Int
    private var expressions: [String: GoRegex] = [:]
    private var anchors: [String: Value] = [:]
    var depth = 0
    private var steps = 0

    /// - Throws: `GoError` when the schema itself is malformed.
    init(_ root: Value) throws {
        self.root = root
        draft = Self.draft(root["$schema"]?.string ?? "")
        guard root.object != nil || root.bool != nil else {
            throw GoError(
                "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'\n- at '': got \(Self.type(root)), want boolean or object"
            )
        }
        try check(root, pointer: "", depth: 0)
    }

    private static func draft(_ url: String) -> Int {
        if url.contains("draft-04") { return 4 }
        if url.contains("draft-06") { return 6 }
        if url.contains("draft-07") { return 7 }
        if url.contains("2019-09") { return 2019 }
        return 2020
    }

    // MARK: The schema itself

    private static let types = ["array", "boolean", "integer", "null", "number", "object", "string"]
    private static let schemaKeys = [
        "additionalItems", "additionalProperties", "contains", "else", "if", "not", "propertyNames", "then", "unevaluatedItems",
        "unevaluatedProperties",
    ]
    private static let schemaMaps = ["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"]
    private static let schemaLists = ["allOf", "anyOf", "oneOf", "prefixItems"]

    private func check(_ schema: Value, pointer: String, depth: Int) throws {
        guard depth < Self.depthMax else { throw GoError("a schema nests deeper than \(Self.depthMax) levels") }
        guard let object = schema.object else { return }
        for key in ["$anchor", "$dynamicAnchor"] { if let name = object[key]?.string { anchors["#" + name] = schema } }
        for key in ["$id", "id"] { if let name = object[key]?.string, depth > 0 { anchors[name] = schema } }
        if let type = object["type"] { try checkType(type, pointer) }
        for key in ["pattern"] { if let pattern = object[key]?.string { try checkPattern(pattern, pointer + "/" + key) } }
        for key in ["required"] where object[key] != nil && draft > 4 {
            guard let items = object[key]?.array, items.allSatisfy({ $0.string != nil }) else {
                throw fault(pointer + "/required", "got \(Self.type(object[key] ?? .null)), want array")
            }
        }
        for key in Self.schemaKeys { if let inner = object[key] { try check(inner, pointer: "\(pointer)/\(key)", depth: depth + 1) } }
        for key in Self.schemaMaps {
            guard let inner = object[key] else { continue }
            guard let members = inner.object else { throw fault("\(pointer)/\(key)", "got \(Self.type(inner)), want object") }
            for member in members {
                if key == "patternProperties" { try checkPattern(member.key, "\(pointer)/\(key)") }
                try check(member.value, pointer: "\(pointer)/\(key)/\(member.key)", depth: depth + 1)
            }
        }
        for key in Self.schemaLists {
            guard let inner = object[key] else { continue }
            guard let items = inner.array else { throw fault("\(pointer)/\(key)", "got \(Self.type(inner)), want array") }
            for (index, item) in items.enumerated() { try check(item, pointer: "\(pointer)/\(key)/\(index)", depth: depth + 1) }
        }
        switch object["items"] {
        case .array(let items)?:
            for (index, item) in items.enumerated() { try check(item, pointer: "\(pointer)/items/\(index)", depth: depth + 1) }
        case let item?: try check(item, pointer: "\(pointer)/items", depth: depth + 1)
        case nil: break
        }
        if let reference = object["$ref"]?.string, reference.hasPrefix("#"), target(reference) == nil, !reference.contains("Anchor") {
            throw GoError("jsonpointer \(reference.dropFirst()) not found in \"file:///values.schema.json#\"")
        }
    }

    private func checkType(_ type: Value, _ pointer: String) throws {
        let names = type.array ?? [type]
        for name in names where !Self.types.contains(name.string ?? "") {
            let list = Self.types.map { "'\($0)'" }.joined(separator: ", ")
            throw GoError(
                """
                "file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with '\(metaschema)'
                - at '': allOf failed
                  - at '\(pointer)/type': anyOf failed
                    - at '\(pointer)/type': value must be one of \(list)
                    - at '\(pointer)/type': got \(Self.type(type)), want array
                """)
        }
    }

    private func checkPattern(_ pattern: String, _ pointer: String) throws {
        do {
            expressions[pattern] = try GoRegex(pattern)
        } catch {
            throw fault(pointer, "\(SchemaFault.quoted(pattern)) is not valid regex: \(error)")
        }
    }

    private var metaschema: String {
        switch draft {
        case 4, 6, 7: "http://json-schema.org/draft-0\(draft)/schema#"
        case 2019: "https://json-schema.org/draft/2019-09/schema#"
        default: "https://json-schema.org/draft/2020-12/schema#"
        }
    }

    private func fault(_ pointer: String, _ message: String) -> GoError {
        GoError(
            "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with '\(metaschema)'\n- at '\(pointer)': \(message)"
        )
    }

    func expression(_ pattern: String) -> GoRegex? {
        if let known = expressions[pattern] { return known }
        let made = try? GoRegex(pattern)
        expressions[pattern] = made
        return made
    }

    /// The schema that a reference leads to; `nil` when it leads nowhere in this document.
    func target(_ reference: String) -> Value? {
        if reference == "#" || reference.isEmpty { return root }
        if let anchor = anchors[reference] { return anchor }
        guard let hash = reference.firstIndex(of: "#") else { return nil }
        var base = root
        let document = String(reference[..<hash])
        if !document.isEmpty {
            let isRoot = root["$id"]?.string == document || root["id"]?.string == document
            if let anchor = anchors[document] { base = anchor } else if !isRoot { return nil }
        }
        let pointer = reference[reference.index(after: hash)...]
        if pointer.isEmpty { return base }
        guard pointer.hasPrefix("/") else { return nil }
        for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let key = ByteText.split(ByteText.split(String(token), by: "~1").joined(separator: "/"), by: "~0").joined(separator: "~")
            switch base {
            case .object(let object):
                guard let next: Value = object[key] else { return nil }
                base = next
            case .array(let items):
                guard let index = Int(key), items.indices.contains(index) else { return nil }
                base = items[index]
            default: return nil
            }
        }
        return base
    }

    // MARK: Values

    /// - Throws: `GoError` when the schema has no end.
    func validate(_ value: Value) throws -> [SchemaFault] {
        var evaluated = Evaluated()
        steps = 0
        let found = faults(root, value, [], &evaluated)
        guard steps < Self.stepsMax else {
            throw GoError("the schema's parts lead into one another more than \(Self.stepsMax) times")
        }
        return found
    }

    /// Counts one schema that is held against a value.
    /// - Returns: whether there may be more.
    func countStep() -> Bool {
        steps += 1
        return steps < Self.stepsMax
    }

    /// What a schema and those that it leads to have looked at, for `unevaluatedProperties` and `unevaluatedItems`.
    struct Evaluated {
        var properties = Set<String>()
        var items = Set<Int>()

        mutating func formUnion(_ other: Evaluated) {
            properties.formUnion(other.properties)
            items.formUnion(other.items)
        }
    }

    static func type(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .int, .unsigned, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    static func isDeeper(_ depth: Int) -> Bool { depth > depthMax }
}
