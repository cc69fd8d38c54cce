internal import ArgumentParser
internal import Settings

/// Which environments a command works on, and how many at a time.
package struct FleetArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Environments: names out of plumb.yaml, folders, or globs such as 'production-*'; with a ! in front to leave out.",
            valueName: "environment"))
    var environments: [String] = []

    @Flag(name: .long, help: "All environments.")
    var all = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only environments that render to something else than at this revision.",
            discussion: "Bases, components, charts and values that they use are followed.", valueName: "revision"))
    var changedSince: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only a part of the environments: 2/5 is the second of five.",
            discussion: """
                An environment's shard depends on its name alone. 'auto' takes the numbers from the job: of a Kubernetes Indexed \
                Job (JOB_COMPLETION_INDEX, JOB_COMPLETIONS), GitLab, CircleCI, Buildkite, Azure Pipelines, or PLUMB_SHARD_INDEX and \
                PLUMB_SHARD_TOTAL.
                """, valueName: "i/n"))
    var shard: String?

    @Option(name: .long, help: ArgumentHelp("Write each environment's plan into this folder, as <name>.plan.", valueName: "folder"))
    var outDir: String?

    @Option(name: .long, help: ArgumentHelp("Environments that are worked on at a time.", valueName: "n"))
    var concurrency = 4

    package init() {}

    /// Whether more than one environment may be meant: then there is a summary.
    var isMany: Bool {
        all || changedSince != nil || shard != nil || environments.count > 1
            || environments.contains { $0.contains { "*?[{!".contains($0) } }
    }

    func check() throws {
        if environments.isEmpty, !all { throw ValidationError("name an environment, such as 'production', or give --all") }
        guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency takes a number from 1 to 256") }
        if let shard, shard != "auto", Shard(shard) == nil {
            throw ValidationError("--shard takes two numbers such as 2/5, or 'auto'")
        }
    }

    /// - Throws: `ValidationError` when the job's variables do not tell.
    func part(_ variables: [String: String]) throws -> Shard? {
        guard let shard else { return nil }
        if shard != "auto" { return Shard(shard) }
        guard let part = Shard(variables: variables) else {
            throw ValidationError(
                "--shard auto: no variable tells which shard this is; set PLUMB_SHARD_INDEX (from 0) and PLUMB_SHARD_TOTAL")
        }
        return part
    }
}
