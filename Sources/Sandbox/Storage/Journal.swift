import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The store on disk: a file of one JSON line for each write, rewritten at start so that it holds each object once.
///
/// What has been written survives the end of the process, however it comes; a torn last line is left out when reading.
struct Journal: Sendable {
    struct Record: Sendable {
        var key: ObjectKey
        var object: Value?
        var objectVersion: Int64
        var version: Int64
    }

    private let descriptor: Int32

    /// Reads a journal and opens it for appending.
    ///
    /// - Throws: `Diagnostic` when the file cannot be read or written.
    static func open(path: String) throws(Diagnostic) -> (journal: Journal, records: [Record]) {
        let records = try FileAccess.read(path).map(read) ?? []
        let live = compact(records)
        var bytes: [UInt8] = []
        for record in live { bytes += line(record) }
        if let last = records.last, live.last?.version != last.version {
            // The counter must not go back when the last write was a removal.
            bytes += line(Record(key: last.key, object: nil, objectVersion: 0, version: last.version))
        }
        try FileAccess.writeAtomically(bytes, to: path)
        let descriptor = systemOpen(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw Diagnostic("cannot write '\(path)': \(String(cString: strerror(errno)))") }
        return (Journal(descriptor: descriptor), live + records.suffix(1).filter { $0.object == nil })
    }

    private static func compact(_ records: [Record]) -> [Record] {
        var latest: [ObjectKey: Int] = [:]
        for (index, record) in records.enumerated() { latest[record.key] = index }
        return records.enumerated().filter { latest[$0.element.key] == $0.offset && $0.element.object != nil }.map(\.element)
    }

    private static func read(_ bytes: [UInt8]) -> [Record] {
        bytes.split(separator: 0x0A).compactMap { line in
            guard let value = try? JSONParser.parse(line), let resource = value["resource"]?.string,
                let version = value["version"]?.int
            else { return nil }
            let key = ObjectKey(
                resource: resource, namespace: value["namespace"]?.string ?? "", name: value["name"]?.string ?? "")
            let object = value["object"]
            let own = object?.metadata("resourceVersion")?.string.flatMap(Int64.init) ?? version
            return Record(key: key, object: object, objectVersion: own, version: version)
        }
    }

    private static func line(_ record: Record) -> [UInt8] {
        line(key: record.key, json: record.object.map(JSONWriter.compact), version: record.version)
    }

    private static func line(key: ObjectKey, json: [UInt8]?, version: Int64) -> [UInt8] {
        let head: Value = [
            "resource": .string(key.resource), "namespace": .string(key.namespace), "name": .string(key.name),
            "version": .int(version),
        ]
        var bytes = JSONWriter.compact(head)
        if let json {
            bytes.removeLast()
            bytes += Array(#","object":"#.utf8) + json + [UInt8(ascii: "}")]
        }
        bytes.append(0x0A)
        return bytes
    }

    func append(key: ObjectKey, object: StoredObject, version: Int64) {
        write(Self.line(key: key, json: object.json, version: version))
    }

    func append(removalOf key: ObjectKey, version: Int64) {
        write(Self.line(key: key, json: nil, version: version))
    }

    private func write(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                $0.baseAddress.map { base in systemWrite(descriptor, base + offset, bytes.count - offset) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            // A full disk loses durability, not the running server.
            if count <= 0 { return }
            offset += count
        }
    }
}
