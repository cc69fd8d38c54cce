package import Manifests

/// Turns the documents of a file into manifests: lists are opened up, what is no API object is refused with its line.
package enum ManifestReader {
    /// Reads one YAML or JSON file.
    /// - Throws: `Diagnostic` for a text that is neither, `Diagnostics` for all documents of it that are no API objects.
    package static func manifests(in bytes: [UInt8], file: String) throws -> [Manifest] {
        let documents = try documents(in: bytes, file: file)
        var manifests: [Manifest] = []
        var faults: [Diagnostic] = []
        // Items of a list need places of their own, which only lists are worth being recorded for.
        var positioned: [YAMLDocument]?
        for (index, document) in documents.enumerated() {
            let position = SourcePosition(file: file, line: document.line)
            guard let items = listItems(document.value) else {
                check(document.value, at: position, manifests: &manifests, faults: &faults)
                continue
            }
            if positioned == nil, !file.hasSuffix(".json") {
                positioned = try YAMLLoader.load(bytes, file: file, options: .init(recordsPositions: true))
            }
            for (itemIndex, item) in items.enumerated() {
                var place = positioned?[index].positions["/items/\(itemIndex)"] ?? position
                place.column = 0
                check(item, at: place, manifests: &manifests, faults: &faults)
            }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
        return manifests
    }

    private static func documents(in bytes: [UInt8], file: String) throws -> [YAMLDocument] {
        guard file.hasSuffix(".json") else { return try YAMLLoader.load(bytes, file: file, options: .init(refusesNonFinite: true)) }
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return [] }
        do {
            let value = try JSONParser.parse(bytes, options: .init(refusesDuplicateKeys: true))
            let line = 1 + bytes.prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }.count { $0 == 0x0A }
            return value.isNull ? [] : [YAMLDocument(value: value, line: line)]
        } catch {
            throw Diagnostic(
                "not valid JSON: \(error.message)", at: SourcePosition(file: file, line: error.line, column: error.column))
        }
    }

    /// The items of `kind: List` and of every typed list, such as `ConfigMapList`.
    private static func listItems(_ value: Value) -> [Value]? {
        guard let kind = value["kind"]?.string, kind.hasSuffix("List"), value["apiVersion"]?.string != nil else { return nil }
        return value["items"]?.array
    }

    private static func check(
        _ value: Value, at position: SourcePosition, manifests: inout [Manifest], faults: inout [Diagnostic]
    ) {
        let manifest = Manifest(value: value, source: position)
        let found = ManifestCheck.faults(of: manifest)
        if found.isEmpty { manifests.append(manifest) } else { faults += found }
    }
}
