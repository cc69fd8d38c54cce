internal import CLibyaml

/// Reads a YAML stream with libyaml's events straight into values.
///
/// Refuses with a place: syntax errors, bad UTF-8, duplicate keys, keys that are collections, anchors that contain
/// themselves or expand to more than `expandedNodesMax` values, nesting beyond `depthMax`.
package struct YAMLLoader: ~Copyable {
    package struct Options: Sendable {
        package var schema: YAMLSchema
        /// Fills `YAMLDocument.positions`: for configuration, whose errors name the very field.
        package var recordsPositions: Bool
        /// Fills `YAMLDocument.blanks`: kustomize tells `key:` from `key: null` in one place.
        package var recordsBlanks: Bool
        /// Takes the last value of a duplicate key instead of refusing it.
        package var allowsDuplicateKeys: Bool
        /// Refuses `.inf` and `.nan`, which JSON and so the API cannot say.
        package var refusesNonFinite: Bool
        /// Leaves folded blocks as they are written, where kustomize does not write and read them again (`YAMLFoldedText`).
        package var keepsFoldedText: Bool
        /// Turns keys that are numbers, booleans or null into text, as the API machinery does; else they are refused.
        package var convertsKeys: Bool
        /// Whether null is among those keys.
        package var convertsNullKeys = true
        /// Reads no further than the first document, whatever follows it.
        package var readsFirstDocumentOnly = false

        package init(
            schema: YAMLSchema = .kubernetes, recordsPositions: Bool = false, recordsBlanks: Bool = false,
            allowsDuplicateKeys: Bool = false, convertsKeys: Bool = true, refusesNonFinite: Bool = false, keepsFoldedText: Bool = false
        ) {
            self.schema = schema
            self.recordsPositions = recordsPositions
            self.recordsBlanks = recordsBlanks
            self.allowsDuplicateKeys = allowsDuplicateKeys
            self.convertsKeys = convertsKeys
            self.refusesNonFinite = refusesNonFinite
            self.keepsFoldedText = keepsFoldedText
        }
    }

    /// How deep collections may nest. Real manifests stay below 40; the value tree is walked recursively.
    package static let depthMax = 512
    /// How many values aliases may add to a stream. An alias shares its anchor's tree in memory, but whatever prints
    /// or compares the tree walks all of it; nine levels of nine aliases each are 387 million.
    package static let expandedNodesMax = 1_000_000

    private struct Anchor {
        var value: Value
        var nodes: Int
        /// Still open: an alias to it now would contain itself.
        var isOpen: Bool
    }

    private let file: String
    private let options: Options
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var event = yaml_event_t()
    private var values = ScratchStack<Value>()
    private var members = ScratchStack<Member>()
    private var pool = StringPool()
    private var anchors: [String: Anchor] = [:]
    private var nodes = 0
    private var expandedNodes = 0
    private var pointer: [String] = []
    /// The JSON Pointer of each value on the way to the current one, when places are recorded.
    private var paths: [String] = []
    private var positions: [String: SourcePosition] = [:]
    private var valuePositions: [String: SourcePosition] = [:]
    private var blanks: [String] = []
    private var texts: [String: String] = [:]
    private var quoted: [String] = []
    private let tracksPointer: Bool

    /// Reads all documents of a stream; `file` is what errors call it. Documents without content are left out.
    package static func load(_ bytes: [UInt8], file: String, options: Options = Options()) throws(Diagnostic) -> [YAMLDocument] {
        var result: Result<[YAMLDocument], Diagnostic> = .success([])
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(Diagnostic) in
                var loader = try YAMLLoader(buffer, file: file, options: options)
                return try loader.documents()
            }
        }
        return try result.get()
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, file: String, options: Options) throws(Diagnostic) {
        self.file = file
        self.options = options
        tracksPointer = options.recordsPositions || options.recordsBlanks
        // The parser keeps its own address: it lives on the heap and never moves.
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw Diagnostic("out of memory while reading", at: SourcePosition(file: file))
        }
        // An empty stream has no address; libyaml insists on one.
        yaml_parser_set_input_string(parser, bytes.baseAddress ?? Self.emptyInput.utf8Start, bytes.count)
    }

    private static let emptyInput: StaticString = ""

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private mutating func documents() throws(Diagnostic) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        try next()  // the stream's start
        yaml_event_delete(&event)
        while true {
            try next()
            let type = event.type
            yaml_event_delete(&event)
            guard type == YAML_DOCUMENT_START_EVENT else { return documents }
            anchors.removeAll(keepingCapacity: true)
            positions = [:]
            valuePositions = [:]
            blanks = []
            texts = [:]
            quoted = []
            try next()
            let line = Int(event.start_mark.line) + 1
            let value = try node(depth: 0)
            try next()  // the document's end
            yaml_event_delete(&event)
            if options.readsFirstDocumentOnly, case .null = value { return [] }
            if case .null = value { continue }
            documents.append(
                YAMLDocument(
                    value: value, line: line, positions: positions, valuePositions: valuePositions, blanks: blanks,
                    texts: texts, quoted: quoted))
            if options.readsFirstDocumentOnly { return documents }
        }
    }

    /// Builds the node that the current event begins, and deletes the event.
    private mutating func node(depth: Int) throws(Diagnostic) -> Value {
        if options.recordsPositions { recordPosition() }
        nodes += 1
        switch event.type {
        case YAML_SCALAR_EVENT:
            let anchor = anchorName(event.data.scalar.anchor)
            let value: Value
            do throws(Diagnostic) { value = try scalar() } catch {
                yaml_event_delete(&event)
                throw error
            }
            yaml_event_delete(&event)
            if let anchor { anchors[anchor] = Anchor(value: value, nodes: 1, isOpen: false) }
            return value
        case YAML_ALIAS_EVENT:
            return try alias()
        case YAML_SEQUENCE_START_EVENT:
            let anchor = anchorName(event.data.sequence_start.anchor)
            return try collection(anchor: anchor, depth: depth) { loader, depth throws(Diagnostic) in
                try loader.sequence(depth: depth)
            }
        case YAML_MAPPING_START_EVENT:
            let anchor = anchorName(event.data.mapping_start.anchor)
            return try collection(anchor: anchor, depth: depth) { loader, depth throws(Diagnostic) in
                try loader.mapping(depth: depth)
            }
        default:
            let unexpected = failure("a value is expected here", at: event.start_mark)
            yaml_event_delete(&event)
            throw unexpected
        }
    }

    private mutating func collection(
        anchor: String?, depth: Int, build: (inout YAMLLoader, Int) throws(Diagnostic) -> Value
    ) throws(Diagnostic) -> Value {
        let mark = event.start_mark
        yaml_event_delete(&event)
        guard depth < Self.depthMax else {
            throw failure("nested deeper than \(Self.depthMax) levels", at: mark)
        }
        guard let anchor else { return try build(&self, depth + 1) }
        let before = nodes
        anchors[anchor] = Anchor(value: .null, nodes: 0, isOpen: true)
        let value = try build(&self, depth + 1)
        anchors[anchor] = Anchor(value: value, nodes: nodes - before + 1, isOpen: false)
        return value
    }

    private mutating func sequence(depth: Int) throws(Diagnostic) -> Value {
        let start = values.count
        var index = 0
        while true {
            try next()
            if event.type == YAML_SEQUENCE_END_EVENT {
                yaml_event_delete(&event)
                return .array(values.take(from: start))
            }
            if tracksPointer { enter(String(index)) }
            let value = try node(depth: depth)
            if tracksPointer { leave() }
            values.push(value)
            index += 1
        }
    }

    private mutating func mapping(depth: Int) throws(Diagnostic) -> Value {
        let start = members.count
        var merged: [Value] = []
        while true {
            try next()
            if event.type == YAML_MAPPING_END_EVENT {
                yaml_event_delete(&event)
                var object = Object(members.take(from: start))
                for source in merged { merge(source, into: &object) }
                return .object(object)
            }
            let mark = event.start_mark
            if isMergeKey {
                yaml_event_delete(&event)
                try next()
                let sourceMark = event.start_mark
                let source = try node(depth: depth)
                guard isMergeable(source) else {
                    throw failure("'<<' merges mappings, and this is \(source.kindDescription)", at: sourceMark)
                }
                merged.append(source)
                continue
            }
            let key = try key(depth: depth)
            if tracksPointer { enter(key) }
            try next()
            if options.recordsBlanks, isBlank { blanks.append(path()) }
            let oddText = options.recordsBlanks ? plainText ?? foldedText : nil
            if options.recordsBlanks, isQuotedNeedlessly { quoted.append(path()) }
            let value = try node(depth: depth)
            if let oddText, !Self.isCanonical(oddText, value) { texts[path()] = oddText }
            if options.recordsPositions {
                // Errors point to the key; whoever changes the text asks for the value.
                let path = path()
                valuePositions[path] = positions.updateValue(position(mark), forKey: path)
            }
            if tracksPointer { leave() }
            if members.contains(from: start, where: { $0.key == key }) {
                guard options.allowsDuplicateKeys else { throw failure("key '\(key)' stands in this mapping twice", at: mark) }
                var kept = Object(members.take(from: start))
                kept[key] = value
                for member in kept.members { members.push(member) }
            } else {
                members.push(Member(key: key, value: value))
            }
        }
    }

    private mutating func key(depth: Int) throws(Diagnostic) -> String {
        let mark = event.start_mark
        // The key stands at the mapping's own pointer, whose place is the mapping's.
        let place = options.recordsPositions ? positions[path()] : nil
        let key = try node(depth: depth)
        if options.recordsPositions { positions[path()] = place }
        switch key {
        case .string(let text): return text
        case .int(let int) where options.convertsKeys: return String(int)
        case .unsigned(let unsigned) where options.convertsKeys: return String(unsigned)
        case .bool(let bool) where options.convertsKeys: return bool ? "true" : "false"
        case .double(let double) where options.convertsKeys: return NumberText.general(double)
        case .null where options.convertsKeys:
            guard options.convertsNullKeys else { throw failure("unsupported map key of type: %!s(<nil>), key: <nil>", at: mark) }
            return "null"
        case .int, .unsigned, .bool, .double, .null, .array, .object:
            throw failure("a key must be text, and this is \(key.kindDescription)", at: mark)
        }
    }

    private var isMergeKey: Bool {
        guard event.type == YAML_SCALAR_EVENT else { return false }
        let scalar = event.data.scalar
        return scalar.length == 2 && scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil
            && scalar.value[0] == UInt8(ascii: "<") && scalar.value[1] == UInt8(ascii: "<")
    }

    /// Whether the value that begins here is nothing at all.
    private var isBlank: Bool {
        guard event.type == YAML_SCALAR_EVENT else { return false }
        let scalar = event.data.scalar
        return scalar.length == 0 && scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil
    }

    /// Whether the value that begins here is a short text in quotes, or in a block, that could do without.
    private var isQuotedNeedlessly: Bool {
        guard event.type == YAML_SCALAR_EVENT else { return false }
        let scalar = event.data.scalar
        guard scalar.style != YAML_PLAIN_SCALAR_STYLE, scalar.tag == nil, scalar.length > 0, scalar.length <= 80 else { return false }
        return YAMLPlainText.canBePlain(UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: scalar.length))
    }

    /// The text of a plain scalar that may be something else than text.
    private var plainText: String? {
        guard event.type == YAML_SCALAR_EVENT else { return nil }
        let scalar = event.data.scalar
        guard scalar.style == YAML_PLAIN_SCALAR_STYLE, scalar.tag == nil, scalar.length > 0, scalar.length <= 40 else { return nil }
        switch scalar.value[0] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "~"),
            UInt8(ascii: "N"), UInt8(ascii: "T"), UInt8(ascii: "F"):
            return String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        default: return nil
        }
    }

    /// The text of a folded block that is written otherwise.
    private var foldedText: String? {
        guard event.type == YAML_SCALAR_EVENT, event.data.scalar.style == YAML_FOLDED_SCALAR_STYLE, !options.keepsFoldedText else {
            return nil
        }
        let scalar = event.data.scalar
        let text = UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: scalar.length)
        return YAMLFoldedText.rewritten(text) == nil ? nil : String(decoding: text, as: UTF8.self)
    }

    /// Whether a value would be written as the text that it was read from.
    private static func isCanonical(_ text: String, _ value: Value) -> Bool {
        switch value {
        case .int(let int): String(int) == text
        case .unsigned(let unsigned): String(unsigned) == text
        case .double(let double): NumberText.general(double) == text
        case .bool(let bool): (bool ? "true" : "false") == text
        case .null: text == "null"
        case .string(let string): string == text  // a date comes out as another text
        case .array, .object: true
        }
    }

    private func isMergeable(_ source: Value) -> Bool {
        switch source {
        case .object: true
        case .array(let sources): sources.allSatisfy { $0.object != nil }
        case .null, .bool, .int, .unsigned, .double, .string: false
        }
    }

    /// A key of the mapping itself wins over a merged one, and an earlier source over a later one (YAML's merge type).
    private func merge(_ source: Value, into object: inout Object) {
        for source in source.array ?? [source] {
            for member in source.object ?? Object() where object.index(of: member.key) == nil {
                object.members.append(member)
            }
        }
    }

    private mutating func alias() throws(Diagnostic) -> Value {
        let name = anchorName(event.data.alias.anchor) ?? ""
        let mark = event.start_mark
        yaml_event_delete(&event)
        guard let anchor = anchors[name] else { throw failure("anchor '\(name)' is not defined above", at: mark) }
        guard !anchor.isOpen else { throw failure("anchor '\(name)' contains itself", at: mark) }
        nodes += anchor.nodes
        expandedNodes += anchor.nodes
        guard expandedNodes <= Self.expandedNodesMax else {
            throw failure("anchors expand to more than \(Self.expandedNodesMax) values", at: mark)
        }
        return anchor.value
    }

    private mutating func scalar() throws(Diagnostic) -> Value {
        let scalar = event.data.scalar
        let text = UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: scalar.length)
        if let tag = scalar.tag {
            let name = String(cString: tag)
            return try YAMLTag.value(of: text, tag: name, schema: options.schema, position: position(event.start_mark))
        }
        if scalar.style == YAML_PLAIN_SCALAR_STYLE, scalar.plain_implicit != 0 {
            let value = options.schema.value(of: text)
            if options.refusesNonFinite, case .double(let double) = value, !double.isFinite { throw nonFiniteFailure() }
            // A date comes out as another text.
            guard case .string(let string) = value, string.utf8.count > 15, string.utf8.count == text.count else { return value }
        }
        if scalar.style == YAML_FOLDED_SCALAR_STYLE, options.schema == .kustomize, !options.keepsFoldedText,
            let text = YAMLFoldedText.rewritten(text)
        {
            return .string(text)
        }
        return .string(pool.string(text))
    }

    private func anchorName(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    private mutating func next() throws(Diagnostic) {
        guard yaml_parser_parse(parser, &event) == 1 else { throw parserFailure() }
    }

    // MARK: Places

    private func path() -> String { options.recordsPositions ? paths.last ?? "" : JSONPointer.text(pointer) }

    private mutating func enter(_ token: String) {
        pointer.append(token)
        if options.recordsPositions { paths.append("\(paths.last ?? "")/\(JSONPointer.escape(token))") }
    }

    private mutating func leave() {
        pointer.removeLast()
        if options.recordsPositions { paths.removeLast() }
    }

    private mutating func recordPosition() {
        positions[path()] = position(event.start_mark)
    }

    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private func failure(_ message: String, at mark: yaml_mark_t) -> Diagnostic {
        Diagnostic(message, at: position(mark))
    }

    private func nonFiniteFailure() -> Diagnostic {
        Diagnostic(
            "this number is not finite, and JSON has no way to say it", at: position(event.start_mark),
            advice: "put it into quotes if it is meant as text")
    }

    private func parserFailure() -> Diagnostic {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not valid YAML"
        let mark = parser.pointee.problem_mark
        switch parser.pointee.error {
        case YAML_READER_ERROR:
            // The reader knows the byte alone; lines are those read so far.
            var place = position(parser.pointee.mark)
            place.column = 0
            return Diagnostic("not valid UTF-8 text: \(problem) (byte \(parser.pointee.problem_offset))", at: place)
        case YAML_MEMORY_ERROR:
            return Diagnostic("out of memory while reading", at: SourcePosition(file: file))
        default:
            let context = parser.pointee.context.map { String(cString: $0) + ": " } ?? ""
            var advice: String?
            if problem.contains("cannot start any token") {
                advice = "YAML indents with spaces, never with tabs; text that starts with @, ` or % needs quotes"
            }
            return Diagnostic("not valid YAML: \(context)\(problem)", at: position(mark), advice: advice)
        }
    }
}
