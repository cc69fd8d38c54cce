internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An inventory in a file, for targets that serve no ConfigMaps: the same content, swapped under the run's lock. A file
/// whose name ends in `.gz` is compressed.
package struct FileInventoryStore: InventoryStore {
    private let path: String
    private let environment: String

    package init(path: String, environment: String) {
        self.path = path
        self.environment = environment
    }

    package var place: String { path }

    package func version() async throws -> String { try contents().map { Digest.sha256(of: $0) } ?? "" }

    package func read(_ glimpse: @Sendable (Inventory) -> Void) async throws -> StoredInventory {
        guard let bytes = try contents() else {
            let nothing = Inventory(environment: environment)
            glimpse(nothing)
            return StoredInventory(inventory: nothing, version: "")
        }
        let (inventory, _) = try InventoryReading(place: path).head(bytes)
        glimpse(inventory)
        return StoredInventory(inventory: inventory, version: Digest.sha256(of: bytes))
    }

    package func layout(_ inventory: Inventory) throws -> InventoryLayout {
        try InventoryLayout(whole: JSONWriter.pretty(inventory.encoded), isCompressed: path.hasSuffix(".gz"))
    }

    package func write(_ layout: InventoryLayout, replacing version: String) async throws -> String {
        guard try await self.version() == version else { throw InventoryConflict(place: path) }
        try replace(with: layout.head)
        return Digest.sha256(of: layout.head)
    }

    package func remove(version: String) async throws {
        guard try await self.version() == version else { throw InventoryConflict(place: path) }
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("removing the inventory") }
        try synchronizeFolder()
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
        try synchronizeFolder()
    }

    /// Makes the file's new name outlast a power cut.
    private func synchronizeFolder() throws {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("writing the inventory") }
        defer { close(descriptor) }
        // Some file systems cannot flush a folder and say EINVAL; then there is nothing more to be done.
        if fsync(descriptor) != 0, errno != EINVAL { throw failure("writing the inventory") }
    }

    private func failure(_ doing: String) -> Diagnostic {
        let number = errno
        let advice: String? =
            switch number {
            case ENOENT, ENOTDIR: "create its folder first, or correct 'inventory: {file: PATH}'"
            case EACCES, EPERM, EROFS: "name a file that this user may write"
            case ENOSPC, EDQUOT, EFBIG: "make room on its disk"
            default: nil
            }
        return Diagnostic("\(doing): \(String(cString: strerror(number)).lowercased())", at: SourcePosition(file: path), advice: advice)
    }
}
