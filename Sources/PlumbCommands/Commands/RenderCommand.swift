package import ArgumentParser
internal import Git
internal import Manifests
internal import Rendering
internal import Settings

package struct RenderCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "render", _superCommandName: PlumbCommand.name, abstract: "Print the desired objects of an environment or a folder.",
        discussion: """
            A folder on disk is rendered as it is on disk; with --ref, as it is in that commit. The objects are printed in \
            the form in which 'kustomize build' prints them, a chart's in that of 'helm template --include-crds'.
            """)

    @Argument(help: ArgumentHelp("An environment's name, or a folder.", valueName: "environment or folder"))
    var folder: String

    @Option(name: .long, help: "The order of a kustomization's objects: legacy or none.")
    var reorder: KustomizeOrder = .legacy

    @Option(name: .long, help: "Which files a kustomization may read: LoadRestrictionsRootOnly or LoadRestrictionsNone.")
    var loadRestrictor: KustomizeLoadRestrictor = .rootOnly

    @OptionGroup var rendering: RenderingArguments
    @OptionGroup var chart: ChartArguments
    @OptionGroup var options: GlobalOptions

    package init() {}

    /// The command with a folder and no option, as it is read from such a command line.
    ///
    /// That is what most renderings are asked for by, and the parser takes as long for its thirty options as a small overlay
    /// takes to render. A test holds it against what the parser reads.
    package init(folder: String) {
        self.folder = folder
        (reorder, loadRestrictor) = (.legacy, .rootOnly)
        (rendering, chart, options) = (.none, .none, .none)
    }

    package func run() async throws {
        let context = ProcessContext(options, rendering)
        try await Failure.reported(context.console) {
            let charts = ChartRendering(arguments: chart, options: options, context: context)
            if charts.isChart(folder) { return try await charts.run(folder) }
            guard let rendered = try await rendered(charts, context) else { return }
            for warning in rendered.warnings { context.console.warning(warning.description) }
            try KustomizeBuild.write(rendered.manifests) { context.console.output($0) }
            ProcessLifetime.keep(rendered)
        }
    }

    /// What is printed; `nil` when it was a chart of a commit, which is printed already.
    private func rendered(_ charts: ChartRendering, _ context: ProcessContext) async throws -> RenderedEnvironment? {
        var kustomize = KustomizeOptions(
            loadRestrictor: loadRestrictor == .none ? .none : .rootOnly, order: reorder == .none ? .none : .legacy)
        let path = context.path(folder)
        if options.ref == nil, options.repo == nil, Platform.isFolder(path) {
            try checkOptions()
            let (root, folder) = try Platform.repositoryRoot(around: path)
            if rendering.allowRemoteBases {
                kustomize.remoteBases = try await remoteBases(around: root, context)
                kustomize.charts = context.chartStore
            }
            return try await EnvironmentRenderer.render(tree: WorkingFolderTree(root: root), folder: folder, options: kustomize)
        }
        let source = try await SourceSession.open(options, context: context)
        let environment = try source.environment(folder)
        if try source.isChart(environment) {
            try await charts.run(environment.path, in: source)
            return nil
        }
        try checkOptions()
        let target = ChartTarget(
            namespace: options.namespace, kubeVersion: chart.kubeVersion, failsOnRandom: chart.failOnRandom)
        return try await source.render(environment, options: kustomize, target: target)
    }

    private func checkOptions() throws {
        guard let option = chart.optionOfChartsAlone else { return }
        throw Diagnostic(
            "\(option) is for charts, and '\(folder)' is none", advice: "an environment's charts have their values in plumb.yaml")
    }

    /// The Git token goes to the host of the repository around the folder, when there is one.
    private func remoteBases(around root: String, _ context: ProcessContext) async throws -> RemoteBaseSession {
        let folder = try GitLocation(parsing: root, relativeTo: "/")
        let repository = try? await GitRepository.open(folder, environment: context.gitEnvironment, fetch: false)
        return repository?.remoteBases(context) ?? RemoteBaseSession(context: context, location: folder)
    }
}

/// kustomize's `--reorder`.
enum KustomizeOrder: String, WordArgument {
    case legacy
    case none
}

/// kustomize's `--load-restrictor`.
enum KustomizeLoadRestrictor: String, WordArgument {
    case rootOnly = "LoadRestrictionsRootOnly"
    case none = "LoadRestrictionsNone"
}
