extension YAMLEmitter {
    /// A document of nodes as go-yaml v3 writes it, and kustomize with it: nothing is folded, dashes stand in the column of
    /// the key above.
    package static func text(_ node: YAMLNode) -> [UInt8] {
        var emitter = YAMLEmitter(foldsText: false)
        emitter.write(node, indent: -Self.indentBest, isInMapping: false, isInFlow: false)
        emitter.indent(to: 0)
        return emitter.take()
    }

    private mutating func write(_ node: YAMLNode, indent: Int, isInMapping: Bool, isInFlow: Bool) {
        if case .alias(let name) = node.content { return word("*\(name)") }
        if let anchor = node.anchor { word("&\(anchor)") }
        switch node.content {
        case .alias: return
        case .scalar(let text, let style): write(text, style, indent: max(indent, 0), isInFlow: isInFlow, isKey: false)
        case .sequence(let items, let isFlow):
            guard !isInFlow, !isFlow, !items.isEmpty else { return flow(items) }
            let own = isInMapping && !isIndention ? indent : indent + Self.indentBest
            for item in items {
                self.indent(to: own)
                indicator(UInt8(ascii: "-"), keepsIndention: true)
                write(item, indent: own, isInMapping: false, isInFlow: false)
            }
        case .mapping(let pairs, let isFlow):
            guard !isInFlow, !isFlow, !pairs.isEmpty else { return flow(pairs) }
            for pair in pairs { write(pair, indent: indent + Self.indentBest) }
        }
    }

    private mutating func write(_ pair: YAMLNode.Pair, indent: Int) {
        self.indent(to: indent)
        key(pair.key, isInFlow: false)
        write(pair.value, indent: indent, isInMapping: true, isInFlow: false)
    }

    private mutating func key(_ node: YAMLNode, isInFlow: Bool) {
        if case .scalar(let text, let style) = node.content, node.anchor == nil {
            write(text, style, indent: 0, isInFlow: isInFlow, isKey: true)
        } else {
            write(node, indent: 0, isInMapping: false, isInFlow: true)
        }
        append(UInt8(ascii: ":"))
        wordEnded()
    }

    private mutating func flow(_ items: [YAMLNode]) {
        open(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            isAfterSpace = index == 0
            write(item, indent: 0, isInMapping: false, isInFlow: true)
        }
        close(UInt8(ascii: "]"))
    }

    private mutating func flow(_ pairs: [YAMLNode.Pair]) {
        open(UInt8(ascii: "{"))
        for (index, pair) in pairs.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            isAfterSpace = index == 0
            key(pair.key, isInFlow: true)
            write(pair.value, indent: 0, isInMapping: true, isInFlow: true)
        }
        close(UInt8(ascii: "}"))
    }

    private mutating func open(_ byte: UInt8) {
        space()
        append(byte)
        wordEnded()
    }

    private mutating func close(_ byte: UInt8) {
        append(byte)
        wordEnded()
    }

    private mutating func word(_ text: String) {
        space()
        for byte in text.utf8 { append(byte) }
        wordEnded()
    }

    /// Writes a scalar in its style, or where that cannot be, in the next that can (`yaml_emitter_select_scalar_style`).
    private mutating func write(_ text: String, _ style: YAMLNode.Style, indent: Int, isInFlow: Bool, isKey: Bool) {
        var text = text
        text.withUTF8 { bytes in
            let analysis = YAMLTextStyle(of: bytes)
            let isMultiline = bytes.contains(UInt8(ascii: "\n"))
            var style = style == .plain && isMultiline ? .literal : style
            if style == .literal || style == .folded {
                if isInFlow || isKey || bytes.isEmpty || !Self.allowsBlock(bytes) { style = .doubleQuoted }
            }
            if style == .plain {
                let allowsPlain =
                    analysis.allowsPlain && (!isInFlow || !Self.hasFlowIndicators(bytes)) && !(bytes.isEmpty && (isInFlow || isKey))
                if !allowsPlain { style = .singleQuoted }
            }
            if style == .singleQuoted, !analysis.allowsSingleQuotes || isMultiline && isKey { style = .doubleQuoted }
            switch style {
            case .plain:
                if bytes.isEmpty { return }
                space()
                folded(bytes, indent: nil, doubles: nil)
                wordEnded()
            case .singleQuoted: singleQuoted(bytes, indent: indent + Self.indentBest)
            case .doubleQuoted: doubleQuoted(bytes, indent: nil)
            case .literal: literal(bytes, indent: indent + Self.indentBest)
            case .folded: foldedBlock(bytes, indent: indent + Self.indentBest)
            }
        }
    }

    /// Tabs keep no text out of a block here.
    private static func allowsBlock(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: "x") : $0 }.withUnsafeBufferPointer { YAMLTextStyle(of: $0).allowsBlock }
    }

    private static func hasFlowIndicators(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
                UInt8(ascii: ":"):
                return true
            case UInt8(ascii: "-") where index == 0 && text.count == 1: return true
            default: continue
            }
        }
        return false
    }

    /// `>`, with an empty line for each line end unless the text begins with a blank, which is go-yaml's way.
    private mutating func foldedBlock(_ text: UnsafeBufferPointer<UInt8>, indent: Int) {
        let first = text.first { $0 != UInt8(ascii: "\n") }
        let doublesBreaks = first != nil && first != UInt8(ascii: " ") && first != UInt8(ascii: "\t")
        blockHeader(UInt8(ascii: ">"), text)
        var (isAfterBreak, hasLeadingBlank) = (true, true)
        var index = 0
        while index < text.count {
            let width = YAMLCharacter.width(text[index])
            if YAMLCharacter.isBreak(text, index) {
                if !isAfterBreak, !hasLeadingBlank, text[index] == UInt8(ascii: "\n"), doublesBreaks { lineBreak() }
                writeBreak(text, index, width)
                isIndention = true
                isAfterBreak = true
            } else {
                if isAfterBreak {
                    self.indent(to: indent)
                    hasLeadingBlank = text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "\t")
                }
                append(text, from: index, count: width)
                isIndention = false
                isAfterBreak = false
            }
            index += width
        }
    }
}
