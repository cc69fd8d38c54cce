internal import ArgumentParser

/// The options that mean the same everywhere.
package struct GlobalOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The repository: a path or a URL.", discussion: "By default the one around the working directory.", valueName: "path or URL"))
    var repo: String?

    @Option(name: .long, help: ArgumentHelp("A branch, tag or commit.", valueName: "revision"))
    var ref: String?

    @Option(name: .long, help: ArgumentHelp("The configuration file, in place of plumb.yaml in the commit.", valueName: "file"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with limits that the repository cannot widen.", discussion: "Also the variable PLUMB_POLICY.", valueName: "file"),
        completion: .file())
    var policy: String?

    @Option(name: .long, help: ArgumentHelp("The kubeconfig file.", valueName: "file"))
    var kubeconfig: String?

    @Option(name: .long, help: ArgumentHelp("The kubeconfig context.", valueName: "name"))
    var context: String?

    @Option(name: [.long, .customShort("n")], help: ArgumentHelp("For namespaced objects that name none.", valueName: "name"))
    var namespace: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Flag(name: .long, help: "Print without colours; so does the variable NO_COLOR.")
    var noColor = false

    @Flag(name: .long, help: "Write for the CI system that runs this: groups, annotations, a summary (GitHub Actions, GitLab CI).")
    var ci = false

    @Flag(name: [.long, .customShort("q")], help: "Print results and errors alone.")
    var quiet = false

    @Flag(name: [.long, .customShort("v")], help: "Say what is being done.")
    var verbose = false

    package init() {}

    /// What is read from a command line without any of them.
    static var none: GlobalOptions {
        var none = GlobalOptions()
        (none.repo, none.ref, none.config, none.policy) = (nil, nil, nil, nil)
        (none.kubeconfig, none.context, none.namespace) = (nil, nil, nil)
        (none.json, none.noColor, none.ci, none.quiet, none.verbose) = (false, false, false, false, false)
        return none
    }
}
