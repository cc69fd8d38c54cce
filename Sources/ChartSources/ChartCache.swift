internal import Manifests
internal import Rendering

/// Archives that were fetched before, on disk: each under its digest, and for exact versions a note of the digest.
struct ChartCache: Sendable {
    let folder: String

    init(_ environment: ChartEnvironment) { folder = environment.cacheDirectory + "/charts" }

    /// The archive with a digest; what is damaged does not count.
    func archive(digest: String) -> [UInt8]? {
        guard let bytes = DiskFile.read(archivePath(digest)), ChartDigest.text(of: bytes) == digest else { return nil }
        return bytes
    }

    /// The archive of exactly this version, when it was fetched before.
    func archive(of reference: ChartReference, version: String) -> ChartArchive? {
        guard let note = DiskFile.read(notePath(reference, version)) else { return nil }
        let digest = String(decoding: note, as: UTF8.self)
        guard digest.hasPrefix("sha256:"), digest.utf8.count == 71, let bytes = archive(digest: digest) else { return nil }
        return ChartArchive(bytes: bytes, version: version, digest: digest)
    }

    /// Keeps an archive. A cache that cannot be written is no reason to fail.
    func keep(_ archive: ChartArchive, of reference: ChartReference) {
        guard DiskFile.createFolder(folder) else { return }
        guard DiskFile.write(archive.bytes, to: archivePath(archive.digest)) else { return }
        _ = DiskFile.write(Array(archive.digest.utf8), to: notePath(reference, archive.version))
    }

    private func archivePath(_ digest: String) -> String { "\(folder)/\(digest.dropFirst("sha256:".count)).tgz" }

    private func notePath(_ reference: ChartReference, _ version: String) -> String {
        let key = ChartDigest.text(of: Array("\(reference.repository)\n\(reference.name)\n\(version)".utf8))
        return "\(folder)/\(key.dropFirst("sha256:".count)).digest"
    }
}
