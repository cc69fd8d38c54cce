import Manifests

/// A folder of a build as it was read, remote bases not yet in their place.
struct FolderReading: Sendable {
    enum List: Sendable { case resources, components }

    struct Remote: Sendable {
        var list: List
        var index: Int
        var base: RemoteBase
    }

    var folder: KustomizationGraph.Folder
    var remotes: [Remote] = []

    /// From how many entries on files are read side by side.
    private static let parallelMin = 4
    /// Into how many runs they are shared out at the most.
    private static let runsMax = 64

    static func read(
        _ loader: FolderLoader, key: KustomizationGraph.Key, isRoot: Bool, options: KustomizeOptions
    ) async throws -> FolderReading {
        var file = try kustomization(loader, isRoot: isRoot, options: options)
        var loader = loader
        if let provider = options.charts { loader.charts = try await charts(of: &file, loader, provider) }
        if let provider = options.remoteBases { loader.remoteFiles = try await files(of: file, provider) }
        var folder = KustomizationGraph.Folder(
            loader: loader, file: file, resources: [], components: [], generators: [], transformers: [], validators: [])
        folder.resources = try await entries(file.resources, file, loader, key)
        folder.components = folders(file.components, file, loader, key)
        folder.generators = inlineOrEntries(file.generators, file, loader, key)
        folder.transformers = inlineOrEntries(file.transformers, file, loader, key)
        folder.validators = inlineOrEntries(file.validators, file, loader, key)
        var reading = FolderReading(folder: folder)
        try await reading.fetchRemotes(options.remoteBases)
        return reading
    }

    // MARK: The kustomization

    private static func kustomization(_ loader: FolderLoader, isRoot: Bool, options: KustomizeOptions) throws -> KustomizationFile {
        var found: [String] = []
        for name in KustomizationFile.names {
            let path = TreePath.child(loader.root, name)
            if let resolved = try loader.tree.resolve(path), try loader.tree.entry(at: resolved) == .file { found.append(path) }
        }
        guard let path = found.first else {
            if isRoot, options.generatesKustomization { return try GeneratedKustomization.make(loader) }
            throw Diagnostic(
                "there is no kustomization file in the folder", at: SourcePosition(file: FolderLoader.named(loader.root)),
                advice: "add a kustomization.yaml that lists its resources")
        }
        guard found.count == 1 else {
            throw Diagnostic(
                "the folder has several kustomization files: \(found.map(TreePath.name).joined(separator: ", "))",
                at: SourcePosition(file: FolderLoader.named(loader.root)), advice: "keep one of them")
        }
        let bytes = try loader.load(TreePath.name(path))
        return try KustomizationReader.read(bytes, path: path)
    }

    // MARK: Entries

    private static func entries(
        _ texts: [LocatedText], _ file: KustomizationFile, _ loader: FolderLoader, _ key: KustomizationGraph.Key
    ) async throws -> [KustomizationGraph.Entry] {
        guard texts.count >= parallelMin else { return texts.map { entry($0, file, loader, key) } }
        // Tasks with a run of entries each: most files are small.
        let runs = min(runsMax, texts.count / 2)
        let ranges = (0..<runs).map { texts.count * $0 / runs..<texts.count * ($0 + 1) / runs }
        let results = try await BoundedTasks.map(ranges, limit: BoundedTasks.processors) { range in
            texts[range].map { entry($0, file, loader, key) }
        }
        return results.flatMap { $0 }
    }

    private static func entry(
        _ text: LocatedText, _ file: KustomizationFile, _ loader: FolderLoader, _ key: KustomizationGraph.Key
    ) -> KustomizationGraph.Entry {
        do {
            let path = try loader.locate(text.text)
            if try loader.tree.entry(at: path) == .folder {
                return .folder(KustomizationGraph.Key(tree: key.tree, path: path))
            }
            let allowed = try loader.resolve(text.text)
            var resources = try ResourceReader.read(loader.tree.read(allowed), file: allowed)
            for index in resources.indices { resources[index].makeAnnotationsTexts() }
            return .resources(try ResourceMap(resources).resources)
        } catch let fault as Diagnostic {
            return .fault(located(fault, text, file))
        } catch {
            return .fault(file.diagnostic("\(error)", at: text.pointer))
        }
    }

    /// A fault of the file itself keeps its place; one of the entry gets the place of the entry.
    private static func located(_ fault: Diagnostic, _ text: LocatedText, _ file: KustomizationFile) -> Diagnostic {
        if let position = fault.position, position.line > 0 { return fault }
        return Diagnostic(fault.message, at: file.position(text.pointer), object: fault.object, advice: fault.advice)
    }

    private static func folders(
        _ texts: [LocatedText], _ file: KustomizationFile, _ loader: FolderLoader, _ key: KustomizationGraph.Key
    ) -> [KustomizationGraph.Entry] {
        texts.map { text in
            do {
                let path = try loader.locate(text.text)
                guard try loader.tree.entry(at: path) == .folder else {
                    throw Diagnostic("the component '\(text.text)' is a file, and a folder is expected")
                }
                return .folder(KustomizationGraph.Key(tree: key.tree, path: path))
            } catch let fault as Diagnostic {
                return .fault(located(fault, text, file))
            } catch {
                return .fault(file.diagnostic("\(error)", at: text.pointer))
            }
        }
    }

    /// Configurations of plugins stand in the kustomization as text, or in files or folders that it names.
    private static func inlineOrEntries(
        _ texts: [LocatedText], _ file: KustomizationFile, _ loader: FolderLoader, _ key: KustomizationGraph.Key
    ) -> [KustomizationGraph.Entry] {
        texts.map { text in
            if let resources = try? ResourceReader.read(Array(text.text.utf8), file: file.path) {
                let position = file.position(text.pointer)
                return .resources(
                    resources.map { resource in
                        var resource = resource
                        resource.source = position
                        return resource
                    })
            }
            return entry(text, file, loader, key)
        }
    }

    // MARK: Remote bases and files

    private mutating func fetchRemotes(_ provider: (any RemoteBaseProvider)?) async throws {
        for (index, text) in folder.file.resources.enumerated() {
            if let entry = try await fetch(.resources, index, text, folder.resources[index], provider) { folder.resources[index] = entry }
        }
        for (index, text) in folder.file.components.enumerated() {
            if let entry = try await fetch(.components, index, text, folder.components[index], provider) {
                folder.components[index] = entry
            }
        }
    }

    /// What is fetched for an entry that is not in the tree; `nil` when it stays what it is.
    private mutating func fetch(
        _ list: List, _ index: Int, _ text: LocatedText, _ entry: KustomizationGraph.Entry, _ provider: (any RemoteBaseProvider)?
    ) async throws -> KustomizationGraph.Entry? {
        let isFile = list == .resources && RemoteFileURL.isOne(text.text)
        let url = RemoteBaseURL(text.text)
        guard case .fault = entry, isFile || url != nil else { return nil }
        guard let provider else {
            return .fault(
                folder.file.diagnostic(
                    "the remote base '\(RemoteBaseURL.redacted(text.text))' is not fetched", at: text.pointer,
                    advice: FolderLoader.remoteAdvice))
        }
        do {
            if isFile, url == nil || !RemoteFileURL.meansRepository(text.text) {
                switch try await provider.file(text.text) {
                case .content(let bytes):
                    var resources = try ResourceReader.read(bytes, file: RemoteBaseURL.redacted(text.text))
                    for index in resources.indices { resources[index].makeAnnotationsTexts() }
                    return .resources(try ResourceMap(resources).resources)
                case .absent(let reason):
                    guard let url, !RemoteFileURL.namesManifest(text.text) else {
                        throw Diagnostic("'\(RemoteBaseURL.redacted(text.text))' cannot be fetched: \(reason)")
                    }
                    remotes.append(Remote(list: list, index: index, base: try await base(url, provider, text)))
                    return nil
                }
            }
            guard let url else { return nil }
            remotes.append(Remote(list: list, index: index, base: try await base(url, provider, text)))
            return nil
        } catch let fault as Diagnostic {
            return .fault(Self.located(fault, text, folder.file))
        }
    }

    private mutating func base(_ url: RemoteBaseURL, _ provider: any RemoteBaseProvider, _ text: LocatedText) async throws -> RemoteBase {
        var base = try await provider.base(url)
        guard let path = try base.tree.resolve(base.folder), try base.tree.entry(at: path) == .folder else {
            throw Diagnostic(
                "the repository of '\(RemoteBaseURL.redacted(text.text))' has no folder '\(base.folder)'",
                advice: "the folder stands behind '//' in the URL")
        }
        base.folder = path
        if let warning = base.warning { folder.file.warnings.append(folder.file.diagnostic(warning, at: text.pointer)) }
        return base
    }

    /// The charts that are not in the tree.
    private static func charts(
        of file: inout KustomizationFile, _ loader: FolderLoader, _ provider: any KustomizeChartProvider
    ) async throws -> [String: Result<HelmChart, Diagnostic>] {
        var charts: [String: Result<HelmChart, Diagnostic>] = [:]
        for field in file.helmCharts where field.isPublished {
            do {
                guard try ChartInflation.folder(of: field, loader) == nil else { continue }
                if (try? SemanticVersion(strict: field.version)) == nil {
                    file.warnings.append(
                        file.diagnostic(
                            "the chart '\(field.name)' of \(ChartReference.withoutUser(field.repository)) may be another one tomorrow",
                            at: field.pointer,
                            advice: "name an exact 'version'"))
                }
                charts[field.pointer] = .success(
                    try await provider.chart(repository: field.repository, name: field.name, version: field.version))
            } catch let fault as Diagnostic {
                charts[field.pointer] = .failure(fault)
            }
        }
        return charts
    }

    /// The files that fields other than `resources` name by URL.
    private static func files(
        of file: KustomizationFile, _ provider: any RemoteBaseProvider
    ) async throws -> [String: Result<[UInt8], Diagnostic>] {
        var files: [String: Result<[UInt8], Diagnostic>] = [:]
        for url in file.namedFiles where RemoteFileURL.isOne(url) && files[url] == nil {
            do {
                switch try await provider.file(url) {
                case .content(let bytes): files[url] = .success(bytes)
                case .absent(let reason):
                    files[url] = .failure(Diagnostic("'\(RemoteBaseURL.redacted(url))' cannot be fetched: \(reason)"))
                }
            } catch let fault as Diagnostic {
                files[url] = .failure(fault)
            }
        }
        return files
    }
}

extension KustomizationFile {
    /// The files that are read along with the kustomization, but for `resources` and configurations of plugins.
    fileprivate var namedFiles: [String] {
        var names: [String] = []
        for generator in configMapGenerators + secretGenerators {
            names += generator.environmentFiles.map(\.text)
            names += generator.files.map { file in
                let sign = file.text.utf8.firstIndex(of: UInt8(ascii: "="))
                return sign.map { String(file.text[file.text.utf8.index(after: $0)...]) } ?? file.text
            }
        }
        names += (patches + patchesJSON6902).map(\.path) + patchesStrategicMerge.map(\.text) + replacements.map(\.path)
        names += configurations.map(\.text) + crds.map(\.text) + openAPI.map(\.value)
        return names
    }
}
