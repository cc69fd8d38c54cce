/// A template ready to run: a file's own text, or what a `define` or `block` holds.
// Unchecked, because its nodes are a hierarchy of classes, which the compiler checks none of; nothing changes once it is parsed.
package final class Template: @unchecked Sendable {
    package let name: String
    package let source: TemplateSource
    let root: [TemplateNode]
    /// How many variables it declares, `$` included; each has a place of its own.
    let slotCount: Int

    init(name: String, source: TemplateSource, root: [TemplateNode], slotCount: Int) {
        self.name = name
        self.source = source
        self.root = root
        self.slotCount = slotCount
    }

    /// Nothing but white space and comments: such a template does not replace one of the same name.
    var isEmpty: Bool {
        root.allSatisfy { node in
            guard let text = node as? TextNode else { return false }
            return text.bytes.allSatisfy { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        }
    }
}

/// The templates that may call one another. A copy shares them until it adds its own.
package struct TemplateSet {
    package private(set) var templates: [String: Template] = [:]

    package init() {}

    package subscript(name: String) -> Template? { templates[name] }

    /// Adds a file's templates: they replace those of the same name, but for empty ones.
    package mutating func add(_ parsed: [Template]) {
        for template in parsed where templates[template.name] == nil || !template.isEmpty {
            templates[template.name] = template
        }
    }
}
