import CLibgit2
package import Manifests

extension GitRepository {
    /// The signature of a commit and the bytes that it signs; `nil` when it is not signed.
    /// Wraps `git_commit_extract_signature`.
    package func signature(of commit: GitCommit) throws(Diagnostic) -> (signature: String, signedPayload: [UInt8])? {
        let id = try full(commit.id)
        return try read(nil) { handle throws(Libgit2Error) in
            var signature = git_buf()
            var payload = git_buf()
            defer {
                git_buf_dispose(&signature)
                git_buf_dispose(&payload)
            }
            var oid = id.oid
            var isSigned = true
            try Libgit2.check("git_commit_extract_signature", on: commit.id) {
                let code = git_commit_extract_signature(&signature, &payload, handle.repository, &oid, nil)
                isSigned = code != GIT_ENOTFOUND.rawValue
                return isSigned ? code : 0
            }
            guard isSigned else { return .success(nil) }
            let text = String(decoding: RepositoryHandle.bytes(signature), as: UTF8.self)
            return .success((text, RepositoryHandle.bytes(payload)))
        }
    }

    /// The signature of an annotated tag and the bytes that it signs; `nil` for a lightweight tag and an unsigned one.
    package func signature(ofTag name: String) throws(Diagnostic) -> (signature: String, signedPayload: [UInt8])? {
        try read(nil) { handle throws(Libgit2Error) in
            var oid = git_oid()
            try Libgit2.check("git_reference_name_to_id", on: name) {
                git_reference_name_to_id(&oid, handle.repository, "refs/tags/\(name)")
            }
            let bytes = try handle.withObject(ObjectID(oid), on: name) { type, bytes in type == GIT_OBJECT_TAG ? Array(bytes) : nil }
            guard let bytes, let start = Self.signatureStart(bytes) else { return .success(nil) }
            return .success((String(decoding: bytes[start...], as: UTF8.self), Array(bytes[..<start])))
        }
    }

    /// Where the last signature block begins: git takes the last line that opens one.
    private static func signatureStart(_ bytes: [UInt8]) -> Int? {
        let marks = ["PGP SIGNATURE", "PGP MESSAGE", "SSH SIGNATURE", "SIGNED MESSAGE"].map { Array("-----BEGIN \($0)-----".utf8) }
        var found: Int?
        var lineStart = 0
        while lineStart < bytes.count {
            if marks.contains(where: { bytes[lineStart...].starts(with: $0) }) { found = lineStart }
            guard let newline = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            lineStart = newline + 1
        }
        return found
    }
}
