/// Which fields of an object are meant: a JSON Pointer, or a path through lists by what their items are called.
///
/// The paths are kustomize's (`spec.template.spec.containers[name=web].resources`) and the part of jq that Argo CD's users
/// write (`.spec.containers[] | select(.name == "web") | .resources`, `.webhooks[].clientConfig.caBundle`).
package struct FieldPattern: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case field(String)
        /// The items of a list whose members have these values; all of them without any.
        case items([Condition])
        case index(Int)
    }

    /// `.name == "web"`: what a member of an item must be.
    package struct Condition: Hashable, Sendable {
        package var path: [String]
        package var value: Value

        package init(path: [String], value: Value) {
            self.path = path
            self.value = value
        }
    }

    package var steps: [Step]
    /// As it was written.
    package var text: String

    /// Reads a JSON Pointer; `nil` when it is none, or names the whole object.
    package init?(jsonPointer text: String) {
        guard let tokens = JSONPointer.tokens(text), !tokens.isEmpty else { return nil }
        steps = tokens.map(Step.field)
        self.text = text
    }

    /// Reads a path.
    /// - Throws: `Diagnostic` without a place: what is not understood, and where in the text.
    package init(path text: String) throws(Diagnostic) {
        var parser = FieldPatternParser(text)
        steps = try parser.parse()
        self.text = text
    }
}

/// Takes a path apart.
private struct FieldPatternParser {
    private let bytes: [UInt8]
    private let text: String
    private var position = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    mutating func parse() throws(Diagnostic) -> [FieldPattern.Step] {
        var steps: [FieldPattern.Step] = []
        while true {
            skipSpaces()
            guard let byte = peek else { break }
            switch byte {
            case UInt8(ascii: "."):
                position += 1
                // `.[]` is `[]`.
                if peek == UInt8(ascii: "[") { continue }
                steps.append(.field(try name()))
            case UInt8(ascii: "["): steps.append(try bracket())
            case UInt8(ascii: "|"):
                position += 1
                skipSpaces()
                if take("select(") { try select(&steps) } else if peek != UInt8(ascii: ".") { throw fault() }
            default:
                guard steps.isEmpty else { throw fault() }
                steps.append(.field(try name()))
            }
        }
        guard !steps.isEmpty else { throw Diagnostic("names no field: '\(text)'", advice: Self.advice) }
        return steps
    }

    private static let advice =
        "fields are named like spec.template.spec.containers[name=web].resources, or like .webhooks[].clientConfig.caBundle"

    /// A plain or quoted name. A backslash takes the next character as it is.
    private mutating func name() throws(Diagnostic) -> String {
        if peek == UInt8(ascii: "\"") { return try quoted() }
        var name: [UInt8] = []
        while let byte = peek, ![UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "|"), UInt8(ascii: " ")].contains(byte) {
            position += 1
            if byte == UInt8(ascii: "\\"), let next = peek {
                name.append(next)
                position += 1
            } else {
                name.append(byte)
            }
        }
        // What jq computes rather than names.
        guard !name.isEmpty, !name.contains(where: { "()?,$]".utf8.contains($0) }) else { throw fault() }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func quoted() throws(Diagnostic) -> String {
        position += 1
        var name: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            position += 1
            if byte == UInt8(ascii: "\\"), let next = peek {
                name.append(next)
                position += 1
            } else {
                name.append(byte)
            }
        }
        guard take("\"") else { throw fault() }
        return String(decoding: name, as: UTF8.self)
    }

    /// `[]`, `[*]`, `[0]`, `["name"]`, `[name=web]`.
    private mutating func bracket() throws(Diagnostic) -> FieldPattern.Step {
        position += 1
        if take("]") || take("*]") { return .items([]) }
        if peek == UInt8(ascii: "\"") {
            let name = try quoted()
            guard take("]") else { throw fault() }
            return .field(name)
        }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "]") { position += 1 }
        let inner = String(decoding: bytes[start..<position], as: UTF8.self)
        guard take("]") else { throw fault() }
        if let index = Int(inner), index >= 0 { return .index(index) }
        var conditions: [FieldPattern.Condition] = []
        for part in inner.split(separator: ",") {
            guard let equals = part.firstIndex(of: "=") else { throw fault() }
            let key = part[..<equals].split(separator: " ").joined()
            guard !key.isEmpty else { throw fault() }
            conditions.append(.init(path: [key], value: Self.value(part[part.index(after: equals)...])))
        }
        return .items(conditions)
    }

    /// A number where it is one: a port's number; else text, with or without quotes.
    private static func value(_ text: Substring) -> Value {
        let text = text.split(separator: " ").joined(separator: " ")
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { return .string(String(text.dropFirst().dropLast())) }
        return Int64(text).map(Value.int) ?? .string(text)
    }

    /// What follows `select(`: `.name == "web")`, several with `and`. It is about the items that the step before yields.
    private mutating func select(_ steps: inout [FieldPattern.Step]) throws(Diagnostic) {
        guard case .items(var conditions) = steps.last else { throw fault() }
        repeat {
            skipSpaces()
            var path: [String] = []
            while take(".") { path.append(try name()) }
            skipSpaces()
            guard !path.isEmpty, take("==") else { throw fault() }
            skipSpaces()
            conditions.append(.init(path: path, value: try literal()))
            skipSpaces()
        } while take("and ")
        guard take(")") else { throw fault() }
        steps[steps.count - 1] = .items(conditions)
    }

    private mutating func literal() throws(Diagnostic) -> Value {
        if peek == UInt8(ascii: "\"") { return .string(try quoted()) }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ")"), bytes[position] != UInt8(ascii: " ") { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return true
        case "false": return false
        default:
            guard let number = Int64(word) else { throw fault() }
            return .int(number)
        }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func skipSpaces() {
        while peek == UInt8(ascii: " ") { position += 1 }
    }

    private func fault() -> Diagnostic {
        Diagnostic("is not understood from its character \(position + 1) on: '\(text)'", advice: Self.advice)
    }
}
