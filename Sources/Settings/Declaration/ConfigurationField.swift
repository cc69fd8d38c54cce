internal import Manifests

/// One value of the configuration file with the way to it, so that every error names file and line.
package struct ConfigurationField: Sendable {
    let value: Value
    let pointer: String
    let document: YAMLDocument
    let file: String

    /// The member of a mapping; `nil` when it is missing or null.
    func member(_ key: String) -> ConfigurationField? {
        guard let value = value[key], !value.isNull else { return nil }
        return ConfigurationField(value: value, pointer: "\(pointer)/\(JSONPointer.escape(key))", document: document, file: file)
    }

    /// What to say of a key that is not known: the nearest one that is.
    func unknown(_ key: String, among known: [String]) -> Diagnostic {
        let near = NearMatch.candidates(for: key, among: known).first
        return Diagnostic(
            "unknown key '\(key)'", at: document.positions["\(pointer)/\(JSONPointer.escape(key))"] ?? position,
            advice: near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))")
    }

    func text() throws(Diagnostic) -> String {
        switch value {
        case .string(let text): return text
        case .int(let int): return String(int)
        case .null, .bool, .unsigned, .double, .array, .object: throw fault("must be text, and this is \(value.kindDescription)")
        }
    }

    func bool() throws(Diagnostic) -> Bool {
        guard let bool = value.bool else { throw fault("must be true or false, and this is \(value.kindDescription)") }
        return bool
    }

    func int(_ range: ClosedRange<Int64>) throws(Diagnostic) -> Int {
        guard let int = value.int, range.contains(int) else {
            throw fault("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(int)
    }

    func items() throws(Diagnostic) -> [ConfigurationField] {
        guard let array = value.array else { throw fault("must be a list, and this is \(value.kindDescription)") }
        return array.enumerated().map { index, item in
            ConfigurationField(value: item, pointer: "\(pointer)/\(index)", document: document, file: file)
        }
    }

    var position: SourcePosition { document.position(of: pointer) ?? SourcePosition(file: file) }

    func fault(_ message: String, advice: String? = nil) -> Diagnostic {
        let name = pointer.split(separator: "/").last.map { "'\($0)' " } ?? ""
        return Diagnostic("\(name)\(message)", at: position, advice: advice)
    }
}
