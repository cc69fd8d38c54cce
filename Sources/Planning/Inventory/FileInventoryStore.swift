internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An inventory in a file, for targets that serve no ConfigMaps: the same content, swapped under the run's lock.
package struct FileInventoryStore: InventoryStore {
    private let path: String
    private let environment: String

    package init(path: String, environment: String) {
        self.path = path
        self.environment = environment
    }

    package var place: String { path }

    package func read() async throws -> StoredInventory {
        guard let bytes = try contents() else {
            return StoredInventory(inventory: Inventory(environment: environment), version: "")
        }
        let value: Value
        do { value = try JSONParser.parse(bytes) } catch {
            throw Diagnostic(
                "the inventory is not JSON: \(error)", at: SourcePosition(file: path), advice: "somebody changed it; restore it")
        }
        return StoredInventory(inventory: try Inventory(decoding: value, at: path), version: Digest.sha256(of: bytes))
    }

    package func write(_ inventory: Inventory, replacing version: String) async throws -> String {
        let current = try contents().map { Digest.sha256(of: $0) } ?? ""
        guard current == version else { throw InventoryConflict(place: path) }
        let bytes = JSONWriter.pretty(inventory.encoded)
        try replace(with: bytes)
        return Digest.sha256(of: bytes)
    }

    package func remove(version: String) async throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("removing the inventory") }
    }

    private func contents() throws -> [UInt8]? {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return nil }
            throw failure("reading the inventory")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard ferror(file) == 0 else { throw failure("reading the inventory") }
        return bytes
    }

    /// Whole or not at all, and on disk before this returns.
    private func replace(with bytes: [UInt8]) throws {
        let neighbour = "\(path).new"
        guard let file = fopen(neighbour, "we") else { throw failure("writing the inventory") }
        let written = fwrite(bytes, 1, bytes.count, file)
        let isFlushed = fflush(file) == 0 && fsync(fileno(file)) == 0
        let isClosed = fclose(file) == 0
        guard written == bytes.count, isFlushed, isClosed, rename(neighbour, path) == 0 else {
            let fault = failure("writing the inventory")
            unlink(neighbour)
            throw fault
        }
    }

    private func failure(_ doing: String) -> Diagnostic {
        Diagnostic("\(doing): \(String(cString: strerror(errno)))", at: SourcePosition(file: path))
    }
}
