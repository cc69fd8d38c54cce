import CLibgit2
import Manifests

extension GitCommit {
    /// The years 0 to 9999: what RFC 3339 can say. A commit's time is any number that somebody wrote.
    private static let secondsRange: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// Copies a `git_commit`.
    init(raw commit: OpaquePointer?) {
        let author = git_commit_author(commit)?.pointee
        let committer = git_commit_committer(commit)?.pointee
        id = git_commit_id(commit).map { ObjectID($0.pointee).hex } ?? ""
        treeID = git_commit_tree_id(commit).map { ObjectID($0.pointee).hex } ?? ""
        authorName = Self.text(author?.name)
        authorEmail = Self.text(author?.email)
        authoredAt = Self.timestamp(author?.when)
        committerName = Self.text(committer?.name)
        committerEmail = Self.text(committer?.email)
        committedAt = Self.timestamp(committer?.when)
        message = Self.text(git_commit_message(commit))
        parents = (0..<git_commit_parentcount(commit)).compactMap { index in
            git_commit_parent_id(commit, index).map { ObjectID($0.pointee).hex }
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    private static func timestamp(_ time: git_time?) -> Timestamp {
        let seconds = time?.time ?? 0
        return Timestamp(seconds: min(max(seconds, secondsRange.lowerBound), secondsRange.upperBound))
    }
}
