import CLibgit2
import Manifests

/// Walks the first parents of a commit and finds where each path was changed last.
///
/// The paths form a tree of their own; two commits' trees are compared along it, and equal subtrees are never opened.
struct LastChangeSearch {
    /// Paths below one folder that have no answer yet.
    private struct Pending {
        var children: [String: Pending] = [:]
        /// The path that ends here.
        var path: String?
        var isEmpty: Bool { children.isEmpty && path == nil }
    }

    private let handle: RepositoryHandle
    private var pending = Pending()
    private var answers: [String: GitCommit] = [:]
    /// Whether the commit that took a path away counts as its last change.
    private let includesRemovals: Bool
    /// Parsed trees of the two commits at hand and some before.
    private var trees: [ObjectID: TreeListing] = [:]

    private static let treesMax = 4096
    /// Deeper paths are left without an answer, so that the recursion has a bound.
    private static let depthMax = 256

    init(handle: RepositoryHandle, paths: [String], includesRemovals: Bool = false) {
        self.handle = handle
        self.includesRemovals = includesRemovals
        for path in paths {
            let components = path.split(separator: "/").map(String.init)
            if components.count <= Self.depthMax { Self.add(components[...], path, to: &pending) }
        }
    }

    private static func add(_ components: ArraySlice<String>, _ path: String, to node: inout Pending) {
        guard let first = components.first else {
            node.path = path
            return
        }
        add(components.dropFirst(), path, to: &node.children[first, default: Pending()])
    }

    mutating func run(from commit: GitCommit, commitsMax: Int) throws(Libgit2Error) -> [String: GitCommit] {
        var current = commit
        var pending = Pending()
        swap(&pending, &self.pending)
        for _ in 0..<max(0, commitsMax) where !pending.isEmpty {
            let parent: GitCommit?
            if let id = current.parents.first.flatMap({ ObjectID(hex: $0) }) {
                // A shallow clone ends at a commit whose parent it does not have: nothing is known of what came before.
                guard handle.contains(id) else { break }
                parent = try handle.commit(id, on: current.id)
            } else {
                parent = nil
            }
            if trees.count > Self.treesMax { trees.removeAll(keepingCapacity: true) }
            try compare(&pending, ObjectID(hex: current.treeID), parent.flatMap { ObjectID(hex: $0.treeID) }, current)
            guard let parent else { break }
            current = parent
        }
        return answers
    }

    /// Takes the paths out of `node` at which the two objects differ, and gives them this commit for an answer.
    private mutating func compare(
        _ node: inout Pending, _ new: ObjectID?, _ old: ObjectID?, _ commit: GitCommit
    ) throws(Libgit2Error) {
        guard new != old else { return }
        if let path = node.path {
            if new != nil || includesRemovals { answers[path] = commit }
            node.path = nil
        }
        guard !node.children.isEmpty else { return }
        let newTree = try tree(new)
        let oldTree = try tree(old)
        for name in Array(node.children.keys) {
            guard var child = node.children.removeValue(forKey: name) else { continue }
            try compare(&child, newTree?[name[...].utf8]?.id, oldTree?[name[...].utf8]?.id, commit)
            if !child.isEmpty { node.children[name] = child }
        }
    }

    /// The listing of a tree; `nil` for anything else.
    private mutating func tree(_ id: ObjectID?) throws(Libgit2Error) -> TreeListing? {
        guard let id else { return nil }
        if let known = trees[id] { return known }
        // A submodule's commit is not in this repository.
        guard handle.contains(id) else { return nil }
        let listing = try handle.withObject(id, on: id.hex) { type, bytes in type == GIT_OBJECT_TREE ? TreeListing(bytes) : nil }
        trees[id] = listing
        return listing
    }
}
