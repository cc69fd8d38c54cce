import Manifests

/// An object on its way through a build, with what kustomize remembers of it (in annotations of its own).
struct Resource: Sendable {
    var value: Value
    /// The file and line that defines it, or that of the generator.
    var source: SourcePosition
    /// Kind, name and namespace before each change of them, oldest first.
    var previous: [PreviousID] = []
    var prefixes: [String] = []
    var suffixes: [String] = []
    var behavior = GenerationBehavior.unspecified
    /// Whether the name gets a hash of the content.
    var needsHash = false
    var allowsNameChange = false
    var allowsKindChange = false
    /// The variables that read from this resource.
    var variables: [String] = []
    /// Few builds ask for origins, which are large: a list keeps the resource small.
    private var origins: [Origin] = []
    var origin: Origin? {
        get { origins.first }
        set { origins = newValue.map { [$0] } ?? [] }
    }
    var transformations: [Origin] = []
    /// The fields that stand in the source without a value (`key:`), as JSON Pointers: a strategic-merge patch takes
    /// them out, but keeps those that say `null`.
    var blanks: [String] = []
    /// The source texts of scalars that are written otherwise, by JSON Pointer: replacements copy texts.
    var texts: [String: String] = [:]
    /// The pointers of texts that stand in quotes or blocks in the source without need: what a patch puts there keeps the
    /// quotes.
    var quoted: [String] = []
    /// The annotations that are no texts in the source, until a JSON patch makes what JSON makes of them.
    var oddAnnotations: [Member] = []
    /// Entries that were added to several mappings at once: kustomize keeps one node for all, so that who changes one of
    /// them changes all.
    var sharedEntries: [SharedEntry] = []
    /// Whether a chart brought it: the field `namespace` leaves its namespace alone.
    var isOfChart = false
    /// Whether a patch has deleted it.
    var isDeleted = false

    init(value: Value, source: SourcePosition) {
        self.value = value
        self.source = source
    }

    struct PreviousID: Hashable, Sendable {
        var kind: String
        var name: String
        var effectiveNamespace: String
    }

    enum GenerationBehavior: Sendable {
        case unspecified, create, replace, merge

        /// An unknown word counts as none, as in kustomize.
        init(_ text: String) {
            switch text {
            case "create": self = .create
            case "replace": self = .replace
            case "merge": self = .merge
            default: self = .unspecified
            }
        }
    }
}

extension Resource {
    var apiVersion: String { value["apiVersion"].map(ScalarText.text) ?? "" }
    var kind: String { value["kind"].map(ScalarText.text) ?? "" }
    var gvk: GroupVersionKind { GroupVersionKind(apiVersion: apiVersion, kind: kind) }
    var name: String { metadata("name") }
    var namespace: String { metadata("namespace") }

    private func metadata(_ key: String) -> String {
        guard case .object(let object) = value, let metadata = object["metadata"], let field = metadata[key] else { return "" }
        switch field {
        case .null, .object, .array: return ""
        case .bool, .int, .unsigned, .double, .string: return ScalarText.text(field)
        }
    }

    /// What it is called now.
    var currentID: ResourceID { ResourceID(kind: gvk, name: name, namespace: namespace) }

    /// What it was called where it was defined.
    var originalID: ResourceID { previous.first.map(id) ?? currentID }

    /// What it was called at any time, the original first and the current id last.
    var allIDs: [ResourceID] {
        guard !previous.isEmpty else { return [currentID] }
        return previous.map(id) + [currentID]
    }

    private func id(_ previous: PreviousID) -> ResourceID {
        var kind = gvk
        kind.kind = previous.kind
        return ResourceID(kind: kind, name: previous.name, effectiveNamespace: previous.effectiveNamespace)
    }

    /// Remembers the current id before it changes.
    mutating func storePreviousID() {
        let id = currentID
        previous.append(
            PreviousID(kind: id.kind.kind, name: id.name, effectiveNamespace: id.effectiveNamespace))
    }

    mutating func setName(_ name: String) { setMetadata("name", .string(name)) }

    mutating func setNamespace(_ namespace: String) {
        setMetadata("namespace", namespace.isEmpty ? nil : .string(namespace))
    }

    mutating func setMetadata(_ key: String, _ field: Value?) {
        guard case .object(var object) = value else { return }
        value = .null
        if let index = object.index(of: "metadata"), case .object(var metadata) = object.members[index].value {
            object.members[index].value = .null
            metadata[key] = field
            object.members[index].value = .object(metadata)
        } else if let field {
            object["metadata"] = .object([key: field])
        }
        value = .object(object)
    }

    /// A map of `metadata` as texts: labels or annotations.
    func metadataMap(_ key: String) -> [(key: String, value: String)] {
        guard let members = value["metadata"]?[key]?.object?.members else { return [] }
        return members.map { ($0.key, text(of: $0.value, at: ["metadata", key, $0.key])) }
    }

    /// The text of a scalar as it stands in the source, if it still is what stood there.
    func text(of value: Value, at path: [String]) -> String {
        if value.isNull, !blanks.isEmpty, blanks.contains(JSONPointer.text(path)) { return "" }
        guard !texts.isEmpty, let text = texts[JSONPointer.text(path)], ScalarText.plain(text) == value else {
            return ScalarText.text(value)
        }
        return text
    }

    /// Replaces a map of `metadata` by texts, or takes it out when there is none.
    mutating func setMetadataMap(_ key: String, _ entries: [(key: String, value: String)]) {
        setMetadata(key, entries.isEmpty ? nil : .object(Object(entries.map { Member(key: $0.key, value: .string($0.value)) })))
    }

    func annotation(_ key: String) -> String? {
        value["metadata"]?["annotations"]?[key].map(ScalarText.text)
    }
}
