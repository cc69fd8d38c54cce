/// `.Files`: the files of a chart that are no templates.
final class FilesObject: GoObject {
    private let files: [String: ChartFile]
    private let names: [String]

    init(_ files: [ChartFile]) {
        self.files = Dictionary(files.map { ($0.name, $0) }) { _, last in last }
        names = self.files.keys.sorted { GoMap.isLess($0, $1) }
    }

    var typeName: String { "engine.files" }
    var kind: String { "map" }
    var underlying: GoValue {
        .map(GoMap(unsorted: names.map { .init(key: $0, value: .bytes(files[$0]?.bytes ?? [])) }, type: .bytes))
    }

    func method(_ name: String) -> GoFunction? {
        switch name {
        case "Get": GoFunction(name, [.string]) { _, values in .text(self.files[values[0].argumentText]?.bytes ?? []) }
        case "GetBytes": GoFunction(name, [.string]) { _, values in .bytes(self.files[values[0].argumentText]?.bytes ?? []) }
        case "Glob": GoFunction(name, [.string]) { _, values in .object(self.matching(values[0].argumentText)) }
        case "Lines": GoFunction(name, [.string]) { _, values in .strings(try self.lines(values[0].argumentText)) }
        case "AsConfig":
            GoFunction(name, []) { _, _ in try self.yaml { .text($0) } }
        case "AsSecrets":
            GoFunction(name, []) { _, _ in try self.yaml { .string(GoBase64.encode($0)) } }
        default: nil
        }
    }

    private func matching(_ pattern: String) -> FilesObject {
        let glob = GlobPattern(pattern) ?? GlobPattern.everything
        return FilesObject(names.filter { glob.matches($0) }.compactMap { files[$0] })
    }

    private func lines(_ name: String) throws -> [String] {
        guard let bytes = files[name]?.bytes else { return [] }
        guard !bytes.isEmpty else { throw GoError("runtime error: index out of range [-1]") }
        return ByteText.split(String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self), by: "\n")
    }

    /// The files by their names without folders.
    private func yaml(_ value: ([UInt8]) -> GoValue) throws -> GoValue {
        let members = names.map { GoMap.Member(key: SprigPaths.base($0), value: value(files[$0]?.bytes ?? [])) }
        return (try? DataFunctions.yaml(.map(GoMap(unsorted: members, type: .strings)))) ?? .string("")
    }
}
