package import ArgumentParser
internal import Git
internal import Manifests
internal import Settings

package struct ConfigCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check plumb.yaml, print its schema.",
        subcommands: [ConfigCheckCommand.self, ConfigSchemaCommand.self])

    package init() {}
}

package struct ConfigCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration: every fault with file, line and the nearest valid key.",
        discussion: """
            The file given is checked as it is on disk, else that of the commit. That every environment's folder is there, \
            and that what the file names fits together, is checked as well.
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String?

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let configuration: Configuration
            let shown: String
            if let file = file ?? options.config {
                configuration = try ConfigurationReader.read(Platform.read(context.path(file)), file: file)
                shown = file
            } else if options.ref == nil, options.repo == nil, let file = try onDisk(context) {
                configuration = try ConfigurationReader.read(Platform.read(file), file: ConfigurationReader.defaultFile)
                shown = ConfigurationReader.defaultFile
            } else {
                let source = try await SourceSession.open(options, context: context)
                configuration = source.configuration
                shown = "\(ConfigurationReader.defaultFile) at \(source.commit.shortID)"
            }
            let names = configuration.environments.map(\.name)
            if options.json {
                context.console.output(
                    JSONWriter.pretty(["environments": .array(names.map(Value.string)), "file": .string(shown), "valid": true]))
            } else {
                context.console.info("\(shown): no faults, \(names.count == 1 ? "1 environment" : "\(names.count) environments")")
            }
        }
    }

    /// The file of the work tree around us: what is being edited is what is to be checked.
    private func onDisk(_ context: ProcessContext) throws -> String? {
        let (root, _) = try Platform.repositoryRoot(around: context.workingDirectory)
        let file = "\(root)/\(ConfigurationReader.defaultFile)"
        return Platform.isFile(file) ? file : nil
    }
}

package struct ConfigSchemaCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of plumb.yaml, for editors.",
        discussion: """
            With the YAML language server: plumb config schema > .plumb-schema.json, and as the file's first line \
            '# yaml-language-server: $schema=.plumb-schema.json'.
            """)

    package init() {}

    package func run() async throws {
        let console = Console(isQuiet: false, isVerbose: false, allowsColor: false)
        console.output(JSONWriter.pretty(ConfigurationReader.schema))
    }
}
