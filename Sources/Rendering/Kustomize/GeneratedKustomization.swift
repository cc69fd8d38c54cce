import Manifests

/// The kustomization that Flux makes for a folder without one: all manifests below it, and the folders with a
/// kustomization of their own as a whole.
enum GeneratedKustomization {
    /// What Flux leaves out of a source: version control and the files of CI systems and other tools.
    private static let ignored: Set<String> = [
        ".git", ".github", ".circleci", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml",
        "codeship-services.yml", "codeship-steps.yml", ".goreleaser.yml", ".sops.yaml", ".flux.yaml",
    ]
    /// How many files one may list.
    private static let filesMax = 100_000

    static func make(_ loader: FolderLoader) throws -> KustomizationFile {
        var file = KustomizationFile(path: FolderLoader.named(loader.root))
        var pending = [""]
        while let folder = pending.popLast() {
            let items = try loader.tree.list(folder.isEmpty ? loader.root : TreePath.child(loader.root, folder))
            if !folder.isEmpty, items.contains(where: { KustomizationFile.names.contains($0.name) && $0.entry != .folder }) {
                file.resources.append(LocatedText(text: folder, pointer: ""))
                continue
            }
            for item in items where !ignored.contains(item.name) {
                let path = TreePath.child(folder, item.name)
                switch item.entry {
                case .folder: pending.append(path)
                case .file, .link:
                    guard item.name.hasSuffix(".yaml") || item.name.hasSuffix(".yml") else { continue }
                    guard file.resources.count < filesMax else {
                        throw Diagnostic("the folder holds more than \(filesMax) manifests", at: SourcePosition(file: file.path))
                    }
                    file.resources.append(LocatedText(text: path, pointer: ""))
                }
            }
        }
        // The order of a walk through the folders.
        file.resources.sort { UTF8Order.isLess($0.text.replacingSlashes, $1.text.replacingSlashes) }
        return file
    }
}

extension String {
    /// With slashes before all other characters, as a walk visits a folder's content before the next name.
    fileprivate var replacingSlashes: String {
        String(decoding: utf8.map { $0 == UInt8(ascii: "/") ? 1 : $0 }, as: UTF8.self)
    }
}
