import Manifests

/// Makes a ConfigMap or a Secret of literals, files and files of variables.
struct ConfigGenerator {
    let isSecret: Bool
    let field: GeneratorField
    let options: GeneratorOptions?
    let loader: FolderLoader
    /// Where errors point to.
    let position: (String) -> SourcePosition?

    func generate() throws -> Resource {
        guard !field.name.isEmpty else { throw Diagnostic("a generator must have a name", at: position(field.pointer)) }
        var object: Object = ["apiVersion": "v1", "kind": .string(isSecret ? "Secret" : "ConfigMap")]
        object["metadata"] = metadata()
        if isSecret { object["type"] = .string(field.type.isEmpty ? "Opaque" : field.type) }
        let pairs = try self.pairs()
        if isSecret {
            object["data"] = .object(Object(pairs.map { Member(key: $0.key, value: .string(Self.base64($0.value))) }))
        } else {
            setData(pairs, &object)
        }
        if options?.isImmutable ?? false { object["immutable"] = true }
        var resource = Resource(value: .object(object), source: position(field.pointer) ?? SourcePosition(file: ""))
        resource.needsHash = !(options?.disablesNameSuffixHash ?? false)
        resource.behavior = field.behavior
        return resource
    }

    private func metadata() -> Value {
        var metadata: Object = ["name": .string(field.name)]
        if !field.namespace.isEmpty { metadata["namespace"] = .string(field.namespace) }
        for (key, entries) in [("labels", options?.labels ?? []), ("annotations", options?.annotations ?? [])] where !entries.isEmpty {
            metadata[key] = .object(Object(entries.map { Member(key: $0.key, value: .string($0.value)) }))
        }
        return .object(metadata)
    }

    private func setData(_ pairs: [(key: String, value: [UInt8])], _ object: inout Object) {
        var data: [Member] = []
        var binary: [Member] = []
        for pair in pairs {
            let isText = pair.value.withUnsafeBufferPointer { UTF8Check.firstInvalidOffset(in: $0) == nil }
            if isText {
                data.append(Member(key: pair.key, value: .string(String(decoding: pair.value, as: UTF8.self))))
            } else {
                binary.append(Member(key: pair.key, value: .string(Self.base64(pair.value))))
            }
        }
        if !data.isEmpty { object["data"] = .object(Object(data)) }
        if !binary.isEmpty { object["binaryData"] = .object(Object(binary)) }
    }

    /// Base64, in lines of 70 characters when it is longer than one.
    static func base64(_ bytes: [UInt8]) -> String {
        let text = Array(Base64.encode(bytes).utf8)
        guard text.count >= 70 else { return String(decoding: text, as: UTF8.self) }
        var lines: [UInt8] = []
        lines.reserveCapacity(text.count + text.count / 70 + 1)
        for start in stride(from: 0, to: text.count, by: 70) {
            lines.append(contentsOf: text[start..<min(start + 70, text.count)])
            lines.append(UInt8(ascii: "\n"))
        }
        return String(decoding: lines, as: UTF8.self)
    }

    // MARK: Pairs

    private func pairs() throws -> [(key: String, value: [UInt8])] {
        var pairs: [(key: String, value: [UInt8])] = []
        var known: Set<String> = []
        func add(_ key: String, _ value: [UInt8], _ pointer: String) throws {
            guard known.insert(key).inserted else {
                throw Diagnostic("the key '\(key)' is given twice for '\(field.name)'", at: position(pointer))
            }
            pairs.append((key, value))
        }
        for file in field.environmentFiles {
            let bytes = try load(file.text, file.pointer)
            for pair in try EnvironmentFile.pairs(bytes, file: file.text) { try add(pair.key, pair.value, file.pointer) }
        }
        for literal in field.literals {
            let bytes = Array(literal.text.utf8)
            guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign > 0 else {
                throw Diagnostic("a literal must have the form key=value", at: position(literal.pointer))
            }
            try add(String(decoding: bytes[..<sign], as: UTF8.self), Self.unquoted(bytes[(sign + 1)...]), literal.pointer)
        }
        for file in field.files {
            let parts = file.text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, !parts.contains(where: \.isEmpty) else {
                throw Diagnostic(
                    "'\(file.text)' must have the form path or key=path", at: position(file.pointer))
            }
            let path = parts[parts.count - 1]
            try add(parts.count == 2 ? parts[0] : TreePath.name(path), load(path, file.pointer), file.pointer)
        }
        return pairs.sorted { UTF8Order.isLess($0.key, $1.key) }
    }

    private func load(_ path: String, _ pointer: String) throws -> [UInt8] {
        do { return try loader.load(path) } catch let fault as Diagnostic {
            throw Diagnostic(fault.message, at: position(pointer), advice: fault.advice)
        }
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.count >= 2, let first = bytes.first, first == bytes.last, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
        else { return Array(bytes) }
        return Array(bytes.dropFirst().dropLast())
    }
}

/// A file of variables: `NAME=value` in lines, comments behind `#`.
enum EnvironmentFile {
    /// Go's scanner refuses longer lines.
    private static let lineBytesMax = 65_536

    static func pairs(_ bytes: [UInt8], file: String) throws(Diagnostic) -> [(key: String, value: [UInt8])] {
        var pairs: [(key: String, value: [UInt8])] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var line = line
            // A longer line ends kustomize's reading, without an error.
            if line.count >= lineBytesMax { return pairs }
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
            if number == 1, line.starts(with: bom) { line = line.dropFirst(3) }
            guard line.withUnsafeBufferPointer({ UTF8Check.firstInvalidOffset(in: $0) }) == nil else {
                throw Diagnostic("the line is not valid UTF-8 text", at: SourcePosition(file: file, line: number))
            }
            while let first = line.first, first == 0x20 || (0x09...0x0D).contains(first) { line = line.dropFirst() }
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let sign = line.firstIndex(of: UInt8(ascii: "=")) ?? line.endIndex
            let key = String(decoding: line[..<sign], as: UTF8.self)
            guard !key.isEmpty else { continue }
            pairs.append((key, sign < line.endIndex ? Array(line[(sign + 1)...]) : []))
        }
        return pairs
    }
}
