package import ArgumentParser
internal import Git
internal import Manifests
internal import Rendering

package struct RenderCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Print the desired objects of an environment or a folder.",
        discussion: """
            A folder on disk is rendered as it is on disk; with --ref, as it is in that commit. The objects are printed in \
            the form in which 'kustomize build' prints them.
            """)

    @Argument(help: ArgumentHelp("An environment's name, or a folder.", valueName: "environment or folder"))
    var folder: String

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let rendered = try await rendered(context)
            for warning in rendered.warnings { context.console.warning(warning.description) }
            context.console.output(YAMLEmitter.kustomize(rendered.manifests.map(\.value)))
        }
    }

    private func rendered(_ context: ProcessContext) async throws -> RenderedEnvironment {
        let path = context.path(folder)
        if options.ref == nil, options.repo == nil, Platform.isFolder(path) {
            return try await EnvironmentRenderer.render(tree: WorkingFolderTree(root: path), folder: "")
        }
        let source = try await SourceSession.open(options, context: context)
        return try await source.render(source.environment(folder))
    }
}
