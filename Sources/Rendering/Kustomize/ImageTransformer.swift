import Manifests

/// Changes names, tags and digests of images (the field `images`).
struct ImageTransformer: Sendable {
    private let image: ImageField
    private let specs: [FieldSpec]
    /// The name as an expression where it is one: kustomize does not escape it.
    private let expression: GoRegex?
    private let name: [UInt8]

    init(_ image: ImageField, specs: [FieldSpec]) throws(Diagnostic) {
        self.image = image
        self.specs = specs
        name = Array(image.name.utf8)
        if name.allSatisfy(Self.isPlain) {
            expression = nil
        } else {
            expression = try AnchoredPattern.compile(
                "^\(image.name)(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$", written: image.name)
        }
    }

    func apply(to map: inout ResourceMap) throws {
        var list = FieldSpecList(specs)
        try map.updateContents { resource in
            let kind = resource.gvk
            guard kind.kind != "CustomResourceDefinition" else { return }
            do {
                if try findsContainers(resource.value, depth: 0) { try changeContainers(&resource.value) }
                for spec in list.specs(for: kind) {
                    try FieldWalker.apply(spec, to: &resource.value) { try change(&$0) }
                }
            } catch let fault as Diagnostic {
                throw Diagnostic(fault.message, at: resource.source, object: resource.currentID.description, advice: fault.advice)
            }
        }
    }

    // MARK: Containers anywhere

    private static func isContainers(_ key: String) -> Bool { key == "containers" || key == "initContainers" }

    /// Whether an image below would change, so that nothing is copied when none does.
    private func findsContainers(_ value: Value, depth: Int) throws -> Bool {
        switch value {
        case .object(let object):
            for member in object.members {
                if try findsContainers(member.value, depth: depth + 1) { return true }
                if Self.isContainers(member.key), case .array(let items) = member.value {
                    for item in items where try matchesImage(of: item) { return true }
                }
            }
            return false
        case .array(let items):
            for item in items where try findsContainers(item, depth: depth + 1) { return true }
            return false
        case .null, .bool, .int, .unsigned, .double, .string: return false
        }
    }

    private func matchesImage(of item: Value) throws -> Bool {
        switch item {
        case .object(let object):
            guard let value = object["image"] else { return false }
            guard ScalarText.isScalar(value) else { throw Diagnostic("an image is text, and here is \(value.kindDescription)") }
            return matches(Array(ScalarText.text(value).utf8))
        case .null: return false
        case .bool, .int, .unsigned, .double, .string, .array:
            throw Diagnostic("a container is a mapping, and here is \(item.kindDescription)")
        }
    }

    private func changeContainers(_ value: inout Value) throws {
        switch value {
        case .object(var object):
            value = .null
            defer { value = .object(object) }
            for index in object.members.indices {
                try changeContainers(&object.members[index].value)
                guard Self.isContainers(object.members[index].key), case .array(var items) = object.members[index].value else { continue }
                object.members[index].value = .null
                defer { object.members[index].value = .array(items) }
                for place in items.indices where try matchesImage(of: items[place]) {
                    guard case .object(var container) = items[place] else { continue }
                    items[place] = .null
                    try container.update("image") { try change(&$0) }
                    items[place] = .object(container)
                }
            }
        case .array(var items):
            value = .null
            defer { value = .array(items) }
            for index in items.indices { try changeContainers(&items[index]) }
        case .null, .bool, .int, .unsigned, .double, .string: return
        }
    }

    // MARK: One image

    private func change(_ value: inout Value) throws {
        guard ScalarText.isScalar(value) else { throw Diagnostic("an image is text, and here is \(value.kindDescription)") }
        let text = ScalarText.text(value)
        guard matches(Array(text.utf8)) else { return }
        var (name, tag, digest) = Self.split(text)
        if !image.newName.isEmpty { name = image.newName }
        if !image.newTag.isEmpty, !image.digest.isEmpty {
            (tag, digest) = (image.newTag, image.digest)
        } else if !image.newTag.isEmpty {
            (tag, digest) = (image.newTag, "")
        } else if !image.digest.isEmpty {
            (tag, digest) = ("", image.digest)
        } else if !image.tagSuffix.isEmpty {
            tag += image.tagSuffix
            digest = ""
        }
        if !tag.isEmpty { name += ":" + tag }
        if !digest.isEmpty { name += "@" + digest }
        if case .string = value { value = .string(name) } else { value = ScalarText.plain(name) }
    }

    private func matches(_ text: [UInt8]) -> Bool {
        if let expression { return expression.isMatch(text) }
        guard text.count >= name.count else { return false }
        for (own, other) in zip(name, text) where own != other && (own != UInt8(ascii: ".") || other == 0x0A) { return false }
        var index = name.count
        func skipTag() { while index < text.count, Self.isTag(text[index]) { index += 1 } }
        if index < text.count, text[index] == UInt8(ascii: ":") {
            index += 1
            skipTag()
        }
        let algorithm = Array("@sha256:".utf8)
        if text[index...].starts(with: algorithm) {
            index += algorithm.count
            skipTag()
        }
        return index == text.count
    }

    private static func isTag(_ byte: UInt8) -> Bool {
        isPlain(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ":") && byte != UInt8(ascii: "@")
            || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-")...UInt8(ascii: ":"),
            UInt8(ascii: "_"), UInt8(ascii: "@"):
            true
        default: false
        }
    }

    /// Takes an image apart; a colon before the first slash belongs to the registry's port.
    static func split(_ image: String) -> (name: String, tag: String, digest: String) {
        let bytes = Array(image.utf8)
        var start = bytes.firstIndex(of: UInt8(ascii: "/")) ?? 0
        if start < 0 { start = 0 }
        func text(_ range: some Sequence<UInt8>) -> String { String(decoding: Array(range), as: UTF8.self) }
        let at = bytes[start...].firstIndex(of: UInt8(ascii: "@"))
        let colon = bytes[start...].firstIndex(of: UInt8(ascii: ":"))
        switch (colon, at) {
        case (nil, nil): return (image, "", "")
        case (nil, let at?): return (text(bytes[..<at]), "", text(bytes[(at + 1)...]))
        case (let colon?, let at?) where at < colon: return (text(bytes[..<at]), "", text(bytes[(at + 1)...]))
        case (let colon?, let at?):
            return (text(bytes[..<colon]), text(bytes[(colon + 1)..<at]), text(bytes[(at + 1)...]))
        case (let colon?, nil): return (text(bytes[..<colon]), text(bytes[(colon + 1)...]), "")
        }
    }
}
