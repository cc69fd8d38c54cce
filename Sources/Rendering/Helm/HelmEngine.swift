internal import Manifests

/// Runs all templates of a chart and its subcharts in Helm's order (pkg/engine/engine.go).
final class HelmEngine {
    private struct Renderable {
        var path: String
        var bytes: [UInt8]
        var scope: GoMap
        var basePath: String
    }

    private let tree: ChartTree
    private let values: GoMap
    private let release: GoMap
    private let capabilities: CapabilitiesObject
    private let limits: EvaluationLimits
    private let lookup: ((String, String, String, String) throws -> Value)?
    private var renderables: [Renderable] = []
    private(set) var randomness: [HelmOutput.Randomness] = []

    init(
        tree: ChartTree, values: GoMap, release: GoMap, capabilities: CapabilitiesObject, limits: EvaluationLimits,
        lookup: ((String, String, String, String) throws -> Value)?
    ) {
        self.tree = tree
        self.values = values
        self.release = release
        self.capabilities = capabilities
        self.limits = limits
        self.lookup = lookup
    }

    /// What each file writes, by its path.
    /// - Throws: `GoError` in Helm's words.
    func render(_ cache: TemplateCache) throws -> [RenderedFile] {
        _ = collect(tree, values.retyped(.values))
        sort()
        let set = try parse(cache)
        var answer: ((String, String, String, String) throws -> GoValue)?
        if let lookup { answer = { GoValue(live: try lookup($0, $1, $2, $3)) } }
        let host = HelmHost(lookup: answer)
        let evaluator = Evaluator(templates: set, limits: limits, host: host)
        defer { randomness = host.randomness.map { .init(function: $0.function, template: $0.template) } }
        var rendered: [RenderedFile] = []
        for renderable in renderables where !SprigPaths.base(renderable.path).hasPrefix("_") {
            host.file = renderable.path
            renderable.scope["Template"] = .map(
                GoMap(
                    unsorted: [
                        .init(key: "Name", value: .string(renderable.path)), .init(key: "BasePath", value: .string(renderable.basePath)),
                    ], type: .values))
            do {
                evaluator.tracedSource = set[renderable.path]?.source
                let text = try evaluator.metered { try evaluator.text(of: renderable.path, .map(renderable.scope.retyped(.values))) }
                rendered.append(RenderedFile(path: renderable.path, written: text.textBytes ?? [], marks: evaluator.takeMarks()))
            } catch let error as GoError {
                throw HelmErrorText.execution(error, file: renderable.path)
            }
        }
        return rendered
    }

    /// The templates of all files. The first fault in the order of the files counts, though all are read.
    private func parse(_ cache: TemplateCache) throws -> TemplateSet {
        let files = renderables.map { ChartFile(name: $0.path, bytes: $0.bytes) }
        let parsed = SideBySide.map(files, bytes: files.reduce(0) { $0 + $1.bytes.count }) { file in
            Result { try cache.templates(file.bytes, name: file.name) }
        }
        var set = TemplateSet()
        for (file, result) in zip(files, parsed) {
            do {
                set.add(try result.get())
            } catch let error as GoError {
                throw HelmErrorText.parse(error, file: file.name)
            }
        }
        return set
    }

    /// The files of a chart and below, each with the values that its templates see.
    private func collect(_ tree: ChartTree, _ own: GoMap) -> GoMap {
        let subcharts = GoMap()
        let scope = GoMap(unsorted: [
            .init(key: "Chart", value: .map(tree.metadata.goValue(isRoot: tree.isRoot))),
            .init(key: "Files", value: .object(FilesObject(tree.chart.files))), .init(key: "Release", value: .map(release)),
            .init(key: "Capabilities", value: .object(capabilities)), .init(key: "Values", value: .map(own)),
            .init(key: "Subcharts", value: .map(subcharts)),
        ])
        for dependency in tree.dependencies {
            var table = GoMap(type: .values)
            if case .map(let map)? = own[dependency.name] { table = map.retyped(.values) }
            subcharts[dependency.name] = .map(collect(dependency, table))
        }
        for file in tree.chart.templates {
            if tree.isLibrary, !SprigPaths.base(file.name).hasPrefix("_") { continue }
            renderables.append(
                Renderable(path: tree.path + "/" + file.name, bytes: file.bytes, scope: scope, basePath: tree.path + "/templates"))
        }
        return scope
    }

    /// The deepest paths first, and among equals the last name first.
    private func sort() {
        let keyed = renderables.map { (depth: $0.path.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) }, renderable: $0) }
        renderables = keyed.sorted { left, right in
            if left.depth != right.depth { return left.depth > right.depth }
            return UTF8Text.isLess(right.renderable.path, left.renderable.path)
        }.map(\.renderable)
    }
}
