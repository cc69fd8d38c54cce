package import Manifests

/// A commit, copied out of the repository.
package struct GitCommit: Hashable, Sendable {
    /// 40 hexadecimal digits, lower case.
    package var id: String
    package var authorName: String
    package var authorEmail: String
    package var authoredAt: Timestamp
    package var committerName: String
    package var committerEmail: String
    package var committedAt: Timestamp
    /// The whole message, without blank lines in front.
    package var message: String
    /// The ids of the parents, first parent first.
    package var parents: [String]
    /// The id of the root tree.
    package var treeID: String

    /// The first 12 digits of the id: enough to tell commits apart in practice, and the same on every machine.
    package var shortID: String { String(id.prefix(12)) }

    /// The first line of the message.
    package var summary: String {
        String(message.split(whereSeparator: \.isNewline).first ?? "")
    }

    /// When the author wrote it, RFC 3339 in UTC.
    package var authoredAtText: String { authoredAt.rfc3339 }
    /// When it was committed, RFC 3339 in UTC.
    package var committedAtText: String { committedAt.rfc3339 }
}
