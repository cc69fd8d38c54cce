import Manifests

/// A text of a list in the kustomization with its place, so that an error can name it.
struct LocatedText: Sendable {
    var text: String
    var pointer: String
}

/// The resources that a patch or a replacement is meant for: expressions that match the whole of each part.
struct ResourceSelector: Sendable {
    var group = ""
    var version = ""
    var kind = ""
    var name = ""
    var namespace = ""
    var annotationSelector = ""
    var labelSelector = ""

    var gvk: GroupVersionKind { GroupVersionKind(group: group, version: version, kind: kind) }
    /// Whether it names no id at all, but maybe labels or annotations.
    var hasNoID: Bool { group.isEmpty && version.isEmpty && kind.isEmpty && name.isEmpty && namespace.isEmpty }

    static let names = ["group", "version", "kind", "name", "namespace", "annotationSelector", "labelSelector"]

    init() {}

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        let fields = try decoder.fields(Self.names)
        group = try fields.string("group")
        version = try fields.string("version")
        kind = try fields.string("kind")
        name = try fields.string("name")
        namespace = try fields.string("namespace")
        annotationSelector = try fields.string("annotationSelector")
        labelSelector = try fields.string("labelSelector")
    }

    /// As an error names it.
    var description: String {
        var parts: [String] = []
        if !group.isEmpty { parts.append("group '\(group)'") }
        if !version.isEmpty { parts.append("version '\(version)'") }
        if !kind.isEmpty { parts.append("kind '\(kind)'") }
        if !name.isEmpty { parts.append("name '\(name)'") }
        if !namespace.isEmpty { parts.append("namespace '\(namespace)'") }
        if !labelSelector.isEmpty { parts.append("labels '\(labelSelector)'") }
        if !annotationSelector.isEmpty { parts.append("annotations '\(annotationSelector)'") }
        return parts.isEmpty ? "anything" : parts.joined(separator: ", ")
    }
}

/// One entry of `patches` or `patchesJson6902`.
struct PatchField: Sendable {
    var path = ""
    var patch = ""
    var target: ResourceSelector?
    var allowsNameChange = false
    var allowsKindChange = false
    var pointer: String

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["path", "patch", "target", "options"])
        path = try fields.string("path")
        patch = try fields.string("patch")
        if let decoder = fields["target"] { target = try ResourceSelector(decoder) }
        if let decoder = fields["options"] {
            let options = try decoder.fields(["allowNameChange", "allowKindChange"])
            allowsNameChange = try options.bool("allowNameChange")
            allowsKindChange = try options.bool("allowKindChange")
        }
    }
}

/// One entry of `labels`.
struct LabelField: Sendable {
    var pairs: [(key: String, value: String)]
    var includesSelectors: Bool
    var includesTemplates: Bool
    var fieldSpecs: [FieldSpec]
    var pointer: String

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["pairs", "includeSelectors", "includeTemplates", "fields"])
        pairs = try fields.map("pairs")
        includesSelectors = try fields.bool("includeSelectors")
        includesTemplates = try fields.bool("includeTemplates")
        fieldSpecs = []
        for decoder in try fields.list("fields") { fieldSpecs.append(try FieldSpec(decoder)) }
    }
}

extension FieldSpec {
    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        let fields = try decoder.fields(["group", "version", "kind", "path", "create"])
        let kind = GroupVersionKind(
            group: try fields.string("group"), version: try fields.string("version"), kind: try fields.string("kind"))
        self.init(selector: kind, path: try fields.string("path"), isCreated: try fields.bool("create"))
    }
}

/// One entry of `images`.
struct ImageField: Sendable {
    var name: String
    var newName: String
    var newTag: String
    var tagSuffix: String
    var digest: String
    var pointer: String

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["name", "newName", "tagSuffix", "newTag", "digest"])
        name = try fields.string("name")
        newName = try fields.string("newName")
        newTag = try fields.string("newTag")
        tagSuffix = try fields.string("tagSuffix")
        digest = try fields.string("digest")
    }
}

/// One entry of `replicas`.
struct ReplicaField: Sendable {
    var name: String
    var count: Int64
    var pointer: String

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["name", "count"])
        name = try fields.string("name")
        count = try fields["count"]?.int() ?? 0
    }
}

/// One entry of `vars`.
struct VariableField: Sendable {
    var name: String
    var kind: GroupVersionKind
    var objectName: String
    var namespace: String
    var fieldPath: String
    var pointer: String

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["name", "objref", "fieldref"])
        name = try fields.string("name")
        let object = try fields["objref"]?.fields(["apiVersion", "group", "version", "kind", "name", "namespace"])
        kind = GroupVersionKind(
            group: try object?.string("group") ?? "", version: try object?.string("version") ?? "",
            kind: try object?.string("kind") ?? "")
        let apiVersion = try object?.string("apiVersion") ?? ""
        if !apiVersion.isEmpty {
            let parts = GroupVersionKind(apiVersion: apiVersion, kind: kind.kind)
            if apiVersion.contains("/") { kind.group = parts.group }
            kind.version = parts.version
        }
        objectName = try object?.string("name") ?? ""
        namespace = try object?.string("namespace") ?? ""
        let path = try fields["fieldref"]?.fields(["fieldPath"]).string("fieldPath") ?? ""
        fieldPath = path.isEmpty ? "metadata.name" : path
    }
}

/// The field `sortOptions`.
struct SortField: Sendable {
    var order: String
    var first: [String]?
    var last: [String]?
    var hasLegacyOptions: Bool
    var pointer: String

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["order", "legacySortOptions"])
        order = try fields.string("order")
        hasLegacyOptions = fields["legacySortOptions"] != nil
        if let options = try fields["legacySortOptions"]?.fields(["orderFirst", "orderLast"]) {
            first = try options.strings("orderFirst")
            last = try options.strings("orderLast")
        }
    }
}
