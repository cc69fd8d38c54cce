import Manifests

/// The kustomizations of a build, each folder read once, and the resource files that they name, read side by side.
struct KustomizationGraph: Sendable {
    /// A folder in one of the trees of a build.
    struct Key: Hashable, Sendable {
        var tree: Int
        var path: String
    }

    /// What an entry of `resources` turned out to be.
    enum Entry: Sendable {
        case resources([Resource])
        case folder(Key)
        case fault(Diagnostic)
    }

    /// A folder with its kustomization.
    struct Folder: Sendable {
        var loader: FolderLoader
        var file: KustomizationFile
        var resources: [Entry]
        var components: [Entry]
        var generators: [Entry]
        var transformers: [Entry]
        var validators: [Entry]

        /// The folders that entries of any kind lead to.
        var folders: [(key: Key, pointer: String)] {
            var folders: [(key: Key, pointer: String)] = []
            let lists = [
                (file.resources, resources), (file.components, components), (file.generators, generators),
                (file.transformers, transformers), (file.validators, validators),
            ]
            for (texts, entries) in lists {
                for (text, entry) in zip(texts, entries) {
                    if case .folder(let key) = entry { folders.append((key, text.pointer)) }
                }
            }
            return folders
        }
    }

    private(set) var folders: [Key: Result<Folder, Diagnostic>] = [:]
    /// Those of them that hold components.
    private var components: Set<Key> = []
    let root: Key
    private var trees: [any FileTree]
    /// The numbers of remote bases' trees by repository and commit.
    private var numbers: [String: Int] = [:]
    let options: KustomizeOptions
    /// How many folders one build may have: remote bases could go on without end.
    private static let foldersMax = 100_000

    static func read(tree: IndexedTree, folder: String, options: KustomizeOptions) async throws -> KustomizationGraph {
        guard let resolved = try tree.resolve(folder), try tree.entry(at: resolved) == .folder else {
            throw Diagnostic("there is no folder '\(FolderLoader.named(folder))'", advice: "correct the path")
        }
        var graph = KustomizationGraph(root: Key(tree: 0, path: resolved), trees: [tree], options: options)
        try await graph.readAll()
        try graph.refuseCycles()
        return graph
    }

    private init(root: Key, trees: [any FileTree], options: KustomizeOptions) {
        self.root = root
        self.trees = trees
        self.options = options
    }

    func folder(_ key: Key) throws -> Folder {
        guard let result = folders[key] else { throw Diagnostic("the folder '\(key.path)' was not read") }
        return try result.get()
    }

    /// Hands a folder over to be built; its last time it is kept here no longer.
    mutating func hand(_ key: Key, isLast: Bool) -> Result<Folder, Diagnostic> {
        guard let index = folders.index(forKey: key) else { return .failure(Diagnostic("the folder '\(key.path)' was not read")) }
        // A component is a part of whatever uses it.
        if isLast, !components.contains(key) { return folders.remove(at: index).value }
        return folders.values[index]
    }

    /// Whether a folder holds a component.
    func isComponent(_ key: Key) -> Bool { components.contains(key) }

    // MARK: Reading

    private mutating func readAll() async throws {
        var pending: [Key] = [root]
        while !pending.isEmpty {
            guard folders.count + pending.count <= Self.foldersMax else {
                throw Diagnostic("the build has more than \(Self.foldersMax) kustomizations")
            }
            let (trees, options, root) = (self.trees, self.options, self.root)
            let read: @Sendable (Key) async throws -> Result<FolderReading, Diagnostic> = { key in
                let restrictor = key.tree == 0 ? options.loadRestrictor : .rootOnly
                let loader = FolderLoader(tree: trees[key.tree], root: key.path, restrictor: restrictor)
                do {
                    // The root may be read otherwise: a file may be made for it.
                    if let sharing = options.sharing, key.tree == 0, key != root {
                        return .success(
                            try await sharing.reading(key.path, restrictor) {
                                try await FolderReading.read(loader, key: key, isRoot: false, options: options)
                            })
                    }
                    return .success(try await FolderReading.read(loader, key: key, isRoot: key == root, options: options))
                } catch let fault as Diagnostic {
                    return .failure(fault)
                } catch {
                    return .failure(Diagnostic("\(error)", at: SourcePosition(file: key.path)))
                }
            }
            let results =
                pending.count == 1
                ? [try await read(pending[0])] : try await BoundedTasks.map(pending, limit: BoundedTasks.processors, read)
            var next: [Key] = []
            var known: Set<Key> = []
            for (key, result) in zip(pending, results) {
                folders[key] = result.map { reading in adopt(reading) }
            }
            for key in pending {
                guard case .success(let folder)? = folders[key] else { continue }
                if folder.file.isComponent { components.insert(key) }
                for (child, _) in folder.folders where folders[child] == nil && known.insert(child).inserted {
                    next.append(child)
                }
            }
            pending = next
        }
    }

    /// Gives the trees of remote bases their numbers.
    private mutating func adopt(_ reading: FolderReading) -> Folder {
        var folder = reading.folder
        for remote in reading.remotes {
            let number = numbers[remote.base.identity] ?? trees.count
            if number == trees.count {
                numbers[remote.base.identity] = number
                trees.append(IndexedTree(remote.base.tree))
            }
            let key = Key(tree: number, path: remote.base.folder)
            switch remote.list {
            case .resources: folder.resources[remote.index] = .folder(key)
            case .components: folder.components[remote.index] = .folder(key)
            }
        }
        return folder
    }

    // MARK: Cycles

    /// A kustomization must not lead to a folder that is on the way to it, nor to one above.
    private func refuseCycles() throws {
        var done: Set<Key> = []
        var path: [Key] = []
        try visit(root, &path, &done)
    }

    private func visit(_ key: Key, _ path: inout [Key], _ done: inout Set<Key>) throws {
        // The way is as deep as the chain of bases; recursion below is bounded by it.
        guard path.count < 1_000 else { throw Diagnostic("bases lead to bases over more than 1,000 steps") }
        path.append(key)
        defer { path.removeLast() }
        guard case .success(let folder)? = folders[key] else { return }
        for (child, pointer) in folder.folders {
            if let start = path.firstIndex(where: { $0.tree == child.tree && Self.contains(child.path, $0.path) }) {
                let way = (path[start...].map { FolderLoader.named($0.path) } + [FolderLoader.named(child.path)]).joined(separator: " → ")
                throw folder.file.diagnostic(
                    "the kustomizations go round in a circle: \(way)", at: pointer,
                    advice: "a base must not lead back to what uses it, nor to a folder above")
            }
            if !done.contains(child) { try visit(child, &path, &done) }
        }
        done.insert(key)
    }

    /// Whether a folder is another one or above it.
    private static func contains(_ folder: String, _ other: String) -> Bool {
        folder.isEmpty || folder == other || other.hasPrefix(folder + "/")
    }
}
