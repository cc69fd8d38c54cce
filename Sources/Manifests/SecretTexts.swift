/// The texts that objects keep secret: the values of a Secret's `data` and `stringData`, encoded and not, and what its
/// last-applied annotation repeats.
package struct SecretTexts: Sendable {
    private var texts: Set<String> = []

    /// The annotation in which `kubectl apply` repeats the whole manifest.
    package static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    /// What stands in the place of a withheld value.
    package static let mask = "(sensitive)"
    /// The fields whose values are secret.
    package static let fields = ["data", "stringData"]
    /// Shorter texts are found in everything.
    private static let lengthMin = 3
    private static let tellingLengthMin = 8

    /// - Parameter objects: Secrets, lists of some, and others, which have none.
    package init(of objects: [Value]) {
        for object in objects { collect(object) }
    }

    package var isEmpty: Bool { texts.isEmpty }

    package static func isSecret(_ object: Value) -> Bool {
        object["kind"]?.string == "Secret" && object["apiVersion"]?.string == "v1"
    }

    private mutating func collect(_ object: Value) {
        if let items = object["items"]?.array { items.forEach { collect($0) } }
        guard Self.isSecret(object) else { return }
        collectSecrets(of: object)
        if let text = object.at("metadata", "annotations", Self.lastApplied)?.string {
            texts.insert(text)
            if let repeated = try? JSONParser.parse(text.utf8) { collectSecrets(of: repeated) }
        }
    }

    /// Every form in which others may repeat the values. A manifest that is refused may hold anything there: numbers, mappings.
    private mutating func collectSecrets(of object: Value) {
        for field in Self.fields {
            if let value = object[field] { collectLeaves(of: value) }
        }
    }

    private mutating func collectLeaves(of value: Value) {
        switch value {
        case .null, .bool: return
        case .int, .unsigned, .double: texts.insert(String(decoding: JSONWriter.canonical(value), as: UTF8.self))
        case .array(let items): items.forEach { collectLeaves(of: $0) }
        case .object(let object): object.forEach { collectLeaves(of: $0.value) }
        case .string(let text):
            texts.formUnion([text, Base64.encode(Array(text.utf8))])
            // Quoted in a message, a value of several lines has its breaks escaped.
            texts.formUnion(text.split(separator: "\n").map(String.init))
            if let decoded = Base64.decode(text) {
                let plain = String(decoding: decoded, as: UTF8.self)
                texts.insert(plain)
                texts.formUnion(plain.split(separator: "\n").map(String.init))
            }
        }
    }

    // MARK: Use

    /// A text with every secret taken out of it.
    package func redacted(_ text: String) -> String {
        var text = text
        // Longest first, so that a value within another does not leave a part of it behind.
        for value in texts.sorted(by: { $0.utf8.count > $1.utf8.count }) where value.utf8.count >= Self.lengthMin {
            text = text.split(separator: value, omittingEmptySubsequences: false).joined(separator: Self.mask)
        }
        return text
    }

    /// Whether a text has one of the longer secrets in it. Short ones, such as a user's name, are found in much that is not
    /// made of them.
    package func isRepeated(in text: String) -> Bool {
        texts.contains { $0.utf8.count >= Self.tellingLengthMin && text.contains($0) }
    }

    // MARK: Shadows

    /// An object with other values in the place of its secret ones, of the same length and alphabet: what differs in what is
    /// made of both depends on the values.
    package static func shadowed(_ object: Value) -> Value {
        guard var shadowed = object.object else { return object }
        if let items = object["items"]?.array { shadowed["items"] = .array(items.map(Self.shadowed)) }
        guard isSecret(object) else { return .object(shadowed) }
        for field in fields {
            guard let values = object[field]?.object else { continue }
            shadowed[field] = .object(
                Object(
                    values.map { member in
                        guard let text = member.value.string else { return member }
                        let plain = Base64.decode(text)
                        let other = (plain ?? Array(text.utf8)).map(Self.rotated)
                        return Member(
                            key: member.key, value: .string(plain == nil ? String(decoding: other, as: UTF8.self) : Base64.encode(other)))
                    }))
        }
        return .object(shadowed)
    }

    private static func rotated(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): (byte - UInt8(ascii: "a") + 13) % 26 + UInt8(ascii: "a")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): (byte - UInt8(ascii: "A") + 13) % 26 + UInt8(ascii: "A")
        case UInt8(ascii: "0")...UInt8(ascii: "9"): (byte - UInt8(ascii: "0") + 5) % 10 + UInt8(ascii: "0")
        default: byte
        }
    }
}

extension Diagnostic {
    /// The diagnostic without the secrets.
    package func redacted(_ secrets: SecretTexts) -> Diagnostic {
        guard !secrets.isEmpty else { return self }
        var redacted = self
        redacted.message = secrets.redacted(message)
        redacted.advice = advice.map(secrets.redacted)
        return redacted
    }
}
