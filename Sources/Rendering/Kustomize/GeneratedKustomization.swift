import Manifests

/// The kustomization that Flux makes for a folder without one: all manifests below it, and the folders with a
/// kustomization of their own as a whole.
struct GeneratedKustomization {
    /// How many files one may list.
    private static let filesMax = 100_000

    private let loader: FolderLoader
    private var file: KustomizationFile
    /// The folders still to be looked into, below that of the kustomization, with what holds above them.
    private var pending: [(folder: String, ignore: SourceIgnore)] = []

    static func make(_ loader: FolderLoader) throws -> KustomizationFile {
        var ignore = SourceIgnore()
        for folder in foldersAbove(loader.root) { try ignore.add(fileOf: folder, in: loader.tree) }
        var scan = GeneratedKustomization(loader, ignore)
        while let (folder, ignore) = scan.pending.popLast() { try scan.visit(folder, ignore) }
        // The order of a walk through the folders.
        scan.file.resources.sort { UTF8Order.isLess($0.text.replacingSlashes, $1.text.replacingSlashes) }
        return scan.file
    }

    private init(_ loader: FolderLoader, _ ignore: SourceIgnore) {
        self.loader = loader
        file = KustomizationFile(path: FolderLoader.named(loader.root))
        pending = [("", ignore)]
    }

    private mutating func visit(_ folder: String, _ above: SourceIgnore) throws {
        let path = folder.isEmpty ? loader.root : TreePath.child(loader.root, folder)
        let items = try loader.tree.list(path)
        var ignore = above
        if items.contains(where: { $0.name == SourceIgnore.fileName }) { try ignore.add(fileOf: path, in: loader.tree) }
        let files = items.filter { $0.entry != .folder && !ignore.leavesOut(TreePath.child(path, $0.name)) }
        if !folder.isEmpty, files.contains(where: { KustomizationFile.names.contains($0.name) }) {
            file.resources.append(LocatedText(text: folder, pointer: ""))
            return
        }
        for item in files where item.name.hasSuffix(".yaml") || item.name.hasSuffix(".yml") {
            guard file.resources.count < Self.filesMax else {
                throw Diagnostic("the folder holds more than \(Self.filesMax) manifests", at: SourcePosition(file: file.path))
            }
            file.resources.append(LocatedText(text: TreePath.child(folder, item.name), pointer: ""))
        }
        // What is below a folder that is left out may be taken in again; not Git's own, which has thousands of files.
        for item in items where item.entry == .folder && item.name != ".git" { pending.append((TreePath.child(folder, item.name), ignore)) }
    }

    /// From the root of the tree on.
    private static func foldersAbove(_ folder: String) -> [String] {
        guard !folder.isEmpty else { return [] }
        var folders: [String] = []
        var path = folder
        repeat {
            path = TreePath.parent(path)
            folders.append(path)
        } while !path.isEmpty
        return folders.reversed()
    }
}

extension String {
    /// With slashes before all other characters, as a walk visits a folder's content before the next name.
    fileprivate var replacingSlashes: String {
        String(decoding: utf8.map { $0 == UInt8(ascii: "/") ? 1 : $0 }, as: UTF8.self)
    }
}
