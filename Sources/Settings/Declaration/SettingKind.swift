package import Manifests

/// A sort of value that a setting may have: how it is read, and how it is described to editors.
package struct SettingKind<Content: Sendable>: Sendable {
    /// The value's JSON Schema (draft 7), without title and description.
    package let schema: Object
    /// Reads a value. What was set before, in the defaults, is what mappings build on; all other values replace it.
    /// `nil` when the field is at fault, and then the faults say why.
    let read: @Sendable (_ field: ConfigurationField, _ earlier: Content?, _ faults: inout [Diagnostic]) -> Content?

    init(
        schema: Object, read: @escaping @Sendable (ConfigurationField, Content?, inout [Diagnostic]) -> Content?
    ) {
        self.schema = schema
        self.read = read
    }

    /// A kind whose values stand for themselves.
    init(_ schema: Object, parse: @escaping @Sendable (ConfigurationField) throws(Diagnostic) -> Content) {
        self.init(schema: schema) { field, _, faults in
            do throws(Diagnostic) { return try parse(field) } catch {
                faults.append(error)
                return nil
            }
        }
    }

    /// The same values under a further rule.
    func checked(_ more: Object = [:], _ check: @escaping @Sendable (Content, ConfigurationField) throws(Diagnostic) -> Content) -> Self {
        var schema = self.schema
        for member in more { schema[member.key] = member.value }
        let read = self.read
        return SettingKind(schema: schema) { field, earlier, faults in
            guard let value = read(field, earlier, &faults) else { return nil }
            do throws(Diagnostic) { return try check(value, field) } catch {
                faults.append(error)
                return nil
            }
        }
    }

    /// The same values as something else is made of them. What the defaults say of it is replaced.
    func map<Other: Sendable>(_ transform: @escaping @Sendable (Content) -> Other) -> SettingKind<Other> {
        let read = self.read
        return SettingKind<Other>(schema: schema) { field, _, faults in read(field, nil, &faults).map(transform) }
    }

    /// A list of such values. A list replaces the one of the defaults.
    static func list<Item>(of kind: SettingKind<Item>) -> SettingKind<[Item]> where Content == [Item] {
        SettingKind(schema: ["type": "array", "items": .object(kind.schema)]) { field, _, faults in
            do throws(Diagnostic) {
                let items = try field.items()
                let count = faults.count
                let values = items.compactMap { kind.read($0, nil, &faults) }
                return faults.count == count ? values : nil
            } catch {
                faults.append(error)
                return nil
            }
        }
    }

    /// A mapping with keys of the user's own, sorted by key.
    static func dictionary<Item>(of kind: SettingKind<Item>) -> SettingKind<[String: Item]> where Content == [String: Item] {
        SettingKind(schema: ["type": "object", "additionalProperties": .object(kind.schema)]) { field, earlier, faults in
            guard let object = field.value.object else {
                faults.append(field.fault("must be a mapping, and this is \(field.value.kindDescription)"))
                return nil
            }
            let count = faults.count
            var values = earlier ?? [:]
            for member in object {
                guard let item = field.member(member.key) else {
                    values[member.key] = nil
                    continue
                }
                values[member.key] = kind.read(item, nil, &faults)
            }
            return faults.count == count ? values : nil
        }
    }
}

extension SettingKind where Content == String {
    static var text: SettingKind<String> { SettingKind(["type": "string"]) { field throws(Diagnostic) in try field.text() } }

    /// A text that is not empty.
    static var word: SettingKind<String> {
        text.checked(["minLength": 1]) { text, field throws(Diagnostic) in
            guard !text.isEmpty else { throw field.fault("is empty") }
            return text
        }
    }

    /// One of the words given; a near miss is named.
    static func choice(_ known: [String], called noun: String = "value") -> SettingKind<String> {
        SettingKind(["type": "string", "enum": .array(known.map(Value.string))]) { field throws(Diagnostic) in
            let text = try field.text()
            guard known.contains(text) else {
                let near = NearMatch.candidates(for: text, among: known).first
                throw Diagnostic(
                    "unknown \(noun) '\(text)'", at: field.position,
                    advice: near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))")
            }
            return text
        }
    }

    /// A folder below the repository's root.
    static var folder: SettingKind<String> {
        text.checked { text, field throws(Diagnostic) in
            guard let path = TreePath.join("", text) else { throw field.fault("must be a folder below the repository's root") }
            return path
        }
    }

    /// A file below the repository's root.
    static func file(orElse advice: String? = nil) -> SettingKind<String> {
        text.checked(["minLength": 1]) { text, field throws(Diagnostic) in
            guard let path = TreePath.join("", text), !path.isEmpty else {
                throw field.fault("must be a file below the repository's root", advice: advice)
            }
            return path
        }
    }

    /// A number of objects, or a percentage.
    static var amount: SettingKind<String> {
        SettingKind(["type": ["integer", "string"], "pattern": "^[0-9]+%?$", "minimum": 0]) { field throws(Diagnostic) in
            let text = try field.text()
            let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
            guard let number = Int(digits), number >= 0, !text.hasSuffix("%") || number <= 100 else {
                throw field.fault("must be a number of objects or a percentage such as 10%")
            }
            return text
        }
    }
}

extension SettingKind where Content == Value {
    /// Anything.
    static var value: SettingKind<Value> { SettingKind([:]) { field throws(Diagnostic) in field.value } }
}

extension SettingKind where Content == Bool {
    static var bool: SettingKind<Bool> { SettingKind(["type": "boolean"]) { field throws(Diagnostic) in try field.bool() } }
}

extension SettingKind where Content == Int {
    static func int(_ range: ClosedRange<Int64>) -> SettingKind<Int> {
        SettingKind(["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]) {
            field throws(Diagnostic) in try field.int(range)
        }
    }
}

extension SettingKind where Content == Int {
    /// A number of bytes.
    static var byteSize: SettingKind<Int> {
        SettingKind(["type": ["integer", "string"], "pattern": "^[0-9]+([kKmMgG][iI]?)?[bB]?$", "examples": ["100MB", "1GiB"]]) {
            field throws(Diagnostic) in
            guard let bytes = ByteSize.bytes(try field.text()) else { throw field.fault("must be a size such as 100MB or 1GiB, or 0") }
            return bytes
        }
    }
}

extension SettingKind where Content == Duration {
    static var duration: SettingKind<Duration> {
        SettingKind(["type": "string", "pattern": "^([0-9]+(ms|s|m|h))+$", "examples": ["90s", "5m", "1h30m"]]) {
            field throws(Diagnostic) in
            guard let duration = DurationText.duration(try field.text()) else {
                throw field.fault("must be a duration such as 90s, 5m or 1h30m")
            }
            return duration
        }
    }
}
