import Manifests

/// How a replacement takes a part of a field, or puts one in.
struct ReplacementOptions: Sendable {
    var delimiter: String
    var index: Int64
    var isCreated: Bool

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        let fields = try decoder.fields(["delimiter", "index", "encoding", "create"])
        delimiter = try fields.string("delimiter")
        index = try fields["index"]?.int() ?? 0
        isCreated = try fields.bool("create")
    }
}

/// One entry of `replacements`: a value, and the fields that it is copied to.
struct ReplacementField: Sendable {
    struct Source: Sendable {
        var selector: ResourceSelector
        var fieldPath: String
        var options: ReplacementOptions?

        init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
            let fields = try decoder.fields(["group", "version", "kind", "name", "namespace", "fieldPath", "options"])
            selector = ResourceSelector()
            selector.group = try fields.string("group")
            selector.version = try fields.string("version")
            selector.kind = try fields.string("kind")
            selector.name = try fields.string("name")
            selector.namespace = try fields.string("namespace")
            fieldPath = try fields.string("fieldPath")
            if let decoder = fields["options"] { options = try ReplacementOptions(decoder) }
        }
    }

    struct Target: Sendable {
        var select: ResourceSelector?
        var reject: [ResourceSelector]
        var fieldPaths: [String]
        var options: ReplacementOptions?
        var pointer: String

        init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
            pointer = decoder.pointer
            let fields = try decoder.fields(["select", "reject", "fieldPaths", "options"])
            if let decoder = fields["select"] { select = try ResourceSelector(decoder) }
            reject = []
            for decoder in try fields.list("reject") { reject.append(try ResourceSelector(decoder)) }
            fieldPaths = try fields.strings("fieldPaths")
            if let decoder = fields["options"] { options = try ReplacementOptions(decoder) }
        }
    }

    /// The file that holds replacements instead of this entry.
    var path: String
    var source: Source?
    var sourceValue: String?
    /// `nil` when the field is missing.
    var targets: [Target]?
    var pointer: String
    /// Its place among the replacements of the kustomization.
    var number = 0

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(["path", "source", "targets", "sourceValue"])
        path = try fields.string("path")
        if let decoder = fields["source"] { source = try Source(decoder) }
        if let decoder = fields["sourceValue"] { sourceValue = try decoder.string() }
        if fields["targets"] != nil {
            var targets: [Target] = []
            for decoder in try fields.list("targets") { targets.append(try Target(decoder)) }
            self.targets = targets
        }
    }
}
