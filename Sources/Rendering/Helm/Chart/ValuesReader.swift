package import Manifests

/// Reads values files: several documents are merged, the later over the earlier.
package enum ValuesReader {
    /// - Throws: `GoError` in Helm's words.
    package static func values(_ bytes: [UInt8]) throws -> Value {
        var values = Object()
        do {
            let documents = try YAMLLoader.load(bytes, file: "", options: YAMLText.options)
            for document in documents {
                guard case .object(let object) = document.value else {
                    throw GoError(
                        "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \(JSONText.kind(document.value)) into Go value of type map[string]interface {}"
                    )
                }
                if let number = YAMLText.nonFinite(document.value) {
                    throw GoError("cannot unmarshal yaml document: error converting YAML to JSON: json: unsupported value: \(number)")
                }
                values = documents.count == 1 ? object : merge(values, object)
            }
        } catch let error as Diagnostic {
            throw GoError("cannot unmarshal yaml document: error converting YAML to JSON: \(GoYAMLError.text(error))")
        }
        return .object(values)
    }

    /// The first object with the second's members over its own, mappings merged.
    static func merge(_ base: Object, _ over: Object) -> Object {
        var result = base
        for member in over.members {
            if case .object(let overObject) = member.value, case .object(let baseObject)? = base[member.key] {
                result[member.key] = .object(merge(baseObject, overObject))
            } else {
                result[member.key] = member.value
            }
        }
        return result
    }
}

/// Errors of the YAML reader in go-yaml's words.
enum GoYAMLError {
    static func text(_ error: Diagnostic) -> String {
        var message = error.message
        var line = error.position?.line ?? 0
        // The reader finds these before there are lines.
        if message.hasPrefix("unsupported map key") { return message }
        if message.hasPrefix("anchor '"), message.hasSuffix("' is not defined above") {
            return "yaml: unknown " + message.dropLast("is not defined above".utf8.count) + "referenced"
        }
        if message.contains("control characters are not allowed") { return "yaml: control characters are not allowed" }
        if message.hasPrefix("not valid YAML: ") {
            message = String(message.dropFirst("not valid YAML: ".count))
            if let colon = message.range(of: ": did not find") ?? message.range(of: ": found") ?? message.range(of: ": could not find")
                ?? message.range(of: ": mapping values") ?? message.range(of: ": block")
            {
                message = String(message[message.index(colon.lowerBound, offsetBy: 2)...])
            }
            // The parser counts lines from 0, the scanner from 1, and neither names the first.
            if message.hasPrefix("did not find expected") || line == 1 { line -= 1 }
        }
        return line > 0 ? "yaml: line \(line): \(message)" : "yaml: \(message)"
    }
}

extension String {
    /// The first place of a part.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(part) { return index..<self.index(index, offsetBy: part.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
