internal import ArgumentParser
internal import Git
internal import Manifests
internal import Rendering

/// Options of `plumb render` for charts.
struct ChartArguments: ParsableArguments {
    @Option(help: "The release's name.") var release: String?
    @Option(
        name: [.customShort("f"), .customLong("values")],
        help: "A file with values ('-' for standard input); may be repeated or a list with commas, the later wins.")
    var values: [String] = []
    @Option(name: .customLong("set"), help: "key=value over the values.") var set: [String] = []
    @Option(name: .customLong("set-string"), help: "key=value over the values, every value as text.") var setString: [String] = []
    @Option(name: .customLong("set-json"), help: "key=JSON over the values.") var setJSON: [String] = []
    @Option(name: .customLong("set-file"), help: "key=file over the values.") var setFile: [String] = []
    @Option(name: .customLong("set-literal"), help: "key=text over the values.") var setLiteral: [String] = []
    @Option(name: .customLong("kube-version"), help: "The Kubernetes version that the chart sees.") var kubeVersion: String?
    @Option(name: .customLong("api-versions"), help: "API versions that the chart sees besides the built-in ones.") var apiVersions:
        [String] = []
    @Option(name: .customLong("chart-repo"), help: ArgumentHelp("Where a published chart is had from.", valueName: "url"))
    var chartRepo: String?
    @Option(name: .customLong("chart-version"), help: "A published chart's version, or a range of versions.") var chartVersion: String?
    @Flag(name: .customLong("skip-crds"), help: "Leave out the files of the chart's crds folder.") var skipsCRDs = false
    @Flag(name: .customLong("no-hooks"), help: "Leave out the chart's hooks.") var skipsHooks = false
    @Flag(name: .customLong("skip-tests"), help: "Leave out the chart's hooks for tests.") var skipsTests = false
    @Flag(name: .customLong("is-upgrade"), help: "Set .Release.IsUpgrade instead of .Release.IsInstall.") var isUpgrade = false
    @Flag(name: .long, help: "Refuse templates that call a function without a fixed result, such as randAlphaNum.")
    var failOnRandom = false

    init() {}

    /// What is read from a command line without any of them.
    static var none: ChartArguments {
        var none = ChartArguments()
        (none.release, none.kubeVersion, none.chartRepo, none.chartVersion) = (nil, nil, nil, nil)
        (none.values, none.set, none.setString, none.setJSON) = ([], [], [], [])
        (none.setFile, none.setLiteral, none.apiVersions) = ([], [], [])
        (none.skipsCRDs, none.skipsHooks, none.skipsTests, none.isUpgrade, none.failOnRandom) = (false, false, false, false, false)
        return none
    }

    /// The first option that only means something where a chart is rendered by the command line alone; `nil` for none.
    var optionOfChartsAlone: String? {
        let given: [(String, Bool)] = [
            ("--release", release != nil), ("--values", !values.isEmpty), ("--set", !set.isEmpty), ("--set-string", !setString.isEmpty),
            ("--set-json", !setJSON.isEmpty), ("--set-file", !setFile.isEmpty), ("--set-literal", !setLiteral.isEmpty),
            ("--api-versions", !apiVersions.isEmpty), ("--chart-version", chartVersion != nil), ("--skip-crds", skipsCRDs),
            ("--no-hooks", skipsHooks), ("--skip-tests", skipsTests), ("--is-upgrade", isUpgrade),
        ]
        return given.first { $0.1 }?.0
    }
}

/// Renders one chart by the command line alone, as `helm template` does.
struct ChartRendering {
    let arguments: ChartArguments
    let options: GlobalOptions
    let context: ProcessContext

    /// Whether the argument names a chart: an archive, a chart's folder, or one that is published.
    func isChart(_ text: String) -> Bool {
        if text.hasPrefix("oci://") || arguments.chartRepo != nil { return true }
        guard options.ref == nil, options.repo == nil else { return false }
        let path = context.path(text)
        return path.hasSuffix(".tgz") || Platform.isFile(path + "/Chart.yaml")
    }

    func run(_ text: String) async throws { try render(try await chart(text)) }

    /// Renders the chart in a folder of a commit.
    func run(_ folder: String, in source: SourceSession) async throws {
        try render(try await source.charts.chart(in: source.tree, folder: folder, revision: source.commit.id))
    }

    private func render(_ chart: HelmChart) throws {
        let output = try HelmRenderer.render(chart, try release())
        let faults = output.randomness.map { call in
            Diagnostic(
                "the template calls '\(call.function)', whose result is another at each rendering",
                at: SourcePosition(file: call.template), advice: "give the value by the chart's values")
        }
        if arguments.failOnRandom, !faults.isEmpty { throw Diagnostics(faults) }
        for fault in faults { context.console.detail(fault.description) }
        context.console.output(output.pieces)
        ProcessLifetime.keep((chart, output))
    }

    private func chart(_ text: String) async throws -> HelmChart {
        let version = arguments.chartVersion ?? ""
        if text.hasPrefix("oci://") {
            return try await context.chartStore.chart(ChartReference(location: text, version: version))
        }
        if let repository = arguments.chartRepo {
            return try await context.chartStore.chart(ChartReference(repository: repository, name: text, version: version))
        }
        let path = context.path(text)
        // An archive holds all it needs; a folder may name charts elsewhere in the repository.
        let isArchive = path.hasSuffix(".tgz")
        let (root, folder) = isArchive ? (TreePath.parent(path), TreePath.name(path)) : try Platform.repositoryRoot(around: path)
        do {
            return try await context.chartStore.chart(in: try WorkingFolderTree(root: root.isEmpty ? "/" : root), folder: folder)
        } catch var fault as Diagnostic {
            // The chart is what was asked for: only what stands elsewhere needs to be named.
            if fault.position?.file == folder { fault.position = nil }
            throw fault
        }
    }

    private func release() throws -> HelmRelease {
        var release = HelmRelease(name: arguments.release ?? "release-name", namespace: options.namespace ?? "default")
        release.kubeVersion = arguments.kubeVersion
        release.apiVersions = arguments.apiVersions.flatMap { $0.split(separator: ",").map(String.init) }
        release.includesCRDs = !arguments.skipsCRDs
        release.includesHooks = !arguments.skipsHooks
        release.includesTests = !arguments.skipsTests
        release.isUpgrade = arguments.isUpgrade
        for file in arguments.values.flatMap({ $0.split(separator: ",").map(String.init) }) {
            do {
                let bytes = try Platform.read(file == "-" ? "/dev/stdin" : context.path(file))
                release.values.append(try ValuesReader.values(bytes))
            } catch let error as GoError {
                throw Diagnostic("failed to parse \(file): \(error.message)")
            }
        }
        release.assignments =
            arguments.setJSON.map { .json($0) } + arguments.set.map { .typed($0) } + arguments.setString.map { .string($0) }
        for text in arguments.setFile {
            let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2 else { throw Diagnostic("--set-file takes key=file, and this is '\(text)'") }
            let content = try Platform.read(context.path(pair[1]))
            release.assignments.append(.file(key: pair[0], content: String(decoding: content, as: UTF8.self)))
        }
        release.assignments += arguments.setLiteral.map { .literal($0) }
        return release
    }
}
