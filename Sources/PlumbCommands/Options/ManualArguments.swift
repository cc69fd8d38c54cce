internal import ArgumentParser

/// What a person takes upon himself.
package struct ManualArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Apply outside of sync windows that allow it (manualSync).", discussion: "The reason is recorded in the audit log.",
            valueName: "reason"))
    var manual: String?

    package init() {}

    func check() throws {
        guard let manual else { return }
        guard !manual.allSatisfy(\.isWhitespace) else { throw ValidationError("--manual takes the reason") }
    }
}
