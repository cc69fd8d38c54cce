internal import CLibyaml

/// Reads the first document of a text into nodes.
package struct YAMLNodeReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var event = yaml_event_t()

    /// The document; `nil` when the text is no YAML, has none, or has tags, which are not kept.
    package static func read(_ text: String) -> YAMLNode? {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress, var reader = YAMLNodeReader(base, bytes.count) else { return nil }
            return reader.document()
        }
    }

    private init?(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            return nil
        }
        yaml_parser_set_input_string(parser, bytes, count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private mutating func document() -> YAMLNode? {
        for _ in 0..<2 {  // the stream's start, the document's
            guard next() else { return nil }
            let isEnd = event.type == YAML_STREAM_END_EVENT
            yaml_event_delete(&event)
            if isEnd { return nil }
        }
        guard next() else { return nil }
        return node(depth: 0)
    }

    private mutating func next() -> Bool { yaml_parser_parse(parser, &event) == 1 }

    /// Builds the node that the current event begins, and deletes the event.
    private mutating func node(depth: Int) -> YAMLNode? {
        guard depth < YAMLLoader.depthMax else {
            yaml_event_delete(&event)
            return nil
        }
        switch event.type {
        case YAML_SCALAR_EVENT: return scalar()
        case YAML_ALIAS_EVENT:
            defer { yaml_event_delete(&event) }
            return YAMLNode(.alias(String(cString: event.data.alias.anchor)))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            let (anchor, hasTag, isFlow) = (Self.name(start.anchor), start.tag != nil, start.style == YAML_FLOW_SEQUENCE_STYLE)
            yaml_event_delete(&event)
            guard !hasTag, let items = items(depth: depth) else { return nil }
            return YAMLNode(.sequence(items, isFlow: isFlow), anchor: anchor)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            let (anchor, hasTag, isFlow) = (Self.name(start.anchor), start.tag != nil, start.style == YAML_FLOW_MAPPING_STYLE)
            yaml_event_delete(&event)
            guard !hasTag, let pairs = pairs(depth: depth) else { return nil }
            return YAMLNode(.mapping(pairs, isFlow: isFlow), anchor: anchor)
        default:
            yaml_event_delete(&event)
            return nil
        }
    }

    private mutating func scalar() -> YAMLNode? {
        defer { yaml_event_delete(&event) }
        let scalar = event.data.scalar
        guard scalar.tag == nil else { return nil }
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        let style: YAMLNode.Style
        switch scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: style = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: style = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: style = .literal
        case YAML_FOLDED_SCALAR_STYLE: style = .folded
        default: style = .plain
        }
        return YAMLNode(.scalar(text, style), anchor: Self.name(scalar.anchor))
    }

    private mutating func items(depth: Int) -> [YAMLNode]? {
        var items: [YAMLNode] = []
        while next() {
            if event.type == YAML_SEQUENCE_END_EVENT {
                yaml_event_delete(&event)
                return items
            }
            guard let item = node(depth: depth + 1) else { return nil }
            items.append(item)
        }
        return nil
    }

    private mutating func pairs(depth: Int) -> [YAMLNode.Pair]? {
        var pairs: [YAMLNode.Pair] = []
        while next() {
            if event.type == YAML_MAPPING_END_EVENT {
                yaml_event_delete(&event)
                return pairs
            }
            guard let key = node(depth: depth + 1), next(), let value = node(depth: depth + 1) else { return nil }
            pairs.append(YAMLNode.Pair(key: key, value: value))
        }
        return nil
    }

    private static func name(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? { bytes.map { String(cString: $0) } }
}
