/// YAML as it is written: values with their styles, anchors and the order of keys; comments are not kept.
///
/// For texts inside of manifests, which kustomize reads and writes again as they are; manifests themselves are `Value`s.
package struct YAMLNode: Sendable {
    package enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

    package struct Pair: Sendable {
        package var key: YAMLNode
        package var value: YAMLNode
    }

    package indirect enum Content: Sendable {
        case scalar(String, Style)
        case sequence([YAMLNode], isFlow: Bool)
        case mapping([Pair], isFlow: Bool)
        case alias(String)
    }

    package var content: Content
    package var anchor: String?

    package init(_ content: Content, anchor: String? = nil) {
        self.content = content
        self.anchor = anchor
    }

    /// A value without a style of its own.
    package init(_ value: Value) {
        switch value {
        case .null: self.init(.scalar("null", .plain))
        case .bool(let bool): self.init(.scalar(bool ? "true" : "false", .plain))
        case .int(let int): self.init(.scalar(String(int), .plain))
        case .unsigned(let unsigned): self.init(.scalar(String(unsigned), .plain))
        case .double(let double): self.init(.scalar(NumberText.verb(double), .plain))
        case .string(let text): self.init(.scalar(text, YAMLSchema.kustomize.readsAsString(text) ? .plain : .doubleQuoted))
        case .array(let items): self.init(.sequence(items.map { YAMLNode($0) }, isFlow: false))
        case .object(let object):
            let pairs = object.members.map { Pair(key: YAMLNode(.string($0.key)), value: YAMLNode($0.value)) }
            self.init(.mapping(pairs, isFlow: false))
        }
    }

    /// Puts what differs between two values into a node that was read as the first of them: other scalars keep the style.
    package mutating func update(from old: Value, to new: Value) {
        guard old != new else { return }
        switch (content, old, new) {
        case (.scalar(_, let style), _, .string(let text)):
            content = .scalar(text, style == .plain && !YAMLSchema.kustomize.readsAsString(text) ? .doubleQuoted : style)
        case (.scalar(_, let style), _, .bool), (.scalar(_, let style), _, .int), (.scalar(_, let style), _, .unsigned),
            (.scalar(_, let style), _, .double), (.scalar(_, let style), _, .null):
            guard case .scalar(let text, _) = YAMLNode(new).content else { return }
            content = .scalar(text, style)
        case (.sequence(var items, let isFlow), .array(let before), .array(let after))
        where items.count == before.count && after.count >= before.count:
            for index in items.indices { items[index].update(from: before[index], to: after[index]) }
            items += after[before.count...].map { YAMLNode($0) }
            content = .sequence(items, isFlow: isFlow)
        case (.mapping(var pairs, let isFlow), .object(let before), .object(let after)):
            for index in pairs.indices {
                guard case .scalar(let key, _) = pairs[index].key.content, let left = before[key], let right = after[key] else { continue }
                pairs[index].value.update(from: left, to: right)
            }
            pairs += after.members.filter { before[$0.key] == nil }.map {
                Pair(key: YAMLNode(.string($0.key)), value: YAMLNode($0.value))
            }
            content = .mapping(pairs, isFlow: isFlow)
        default: content = YAMLNode(new).content
        }
    }
}
