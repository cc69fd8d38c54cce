internal import Manifests

/// YAML read as `sigs.k8s.io/yaml` reads it without strictness: the last of duplicate keys wins.
enum YAMLText {
    static let options: YAMLLoader.Options = {
        var options = YAMLLoader.Options(schema: .kubernetes, recordsPositions: false, allowsDuplicateKeys: true)
        options.convertsNullKeys = false
        return options
    }()

    private static let firstOptions: YAMLLoader.Options = {
        var options = YAMLText.options
        options.readsFirstDocumentOnly = true
        return options
    }()

    /// A number that JSON cannot say, as Go prints it.
    static func nonFinite(_ value: Value) -> String? {
        switch value {
        case .double(let double): return double.isFinite ? nil : NumberText.general(double)
        case .array(let items):
            for item in items { if let found = nonFinite(item) { return found } }
            return nil
        case .object(let object):
            for member in object { if let found = nonFinite(member.value) { return found } }
            return nil
        case .null, .bool, .int, .unsigned, .string: return nil
        }
    }

    /// The first document of a text; null where there is none.
    static func first(_ bytes: [UInt8], file: String = "") throws(Diagnostic) -> Value {
        try YAMLLoader.load(bytes, file: file, options: firstOptions).first?.value ?? .null
    }
}
