internal import ArgumentParser

/// What all commands that render take.
package struct RenderingArguments: ParsableArguments {
    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Fetch the bases and files that kustomizations name by URL.",
            discussion: "Always on for an environment with 'allowRemoteBases: true' in plumb.yaml."))
    var allowRemoteBases = false

    @Flag(name: .long, help: "Taken for kustomize's sake, and not needed: charts in kustomizations are always inflated.")
    var enableHelm = false

    package init() {}

    /// What is read from a command line without any of them.
    static var none: RenderingArguments {
        var none = RenderingArguments()
        (none.allowRemoteBases, none.enableHelm) = (false, false)
        return none
    }
}
