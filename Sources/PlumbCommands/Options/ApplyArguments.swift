internal import Applying
internal import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Planning

/// How plans are applied.
package struct ApplyArguments: ParsableArguments {
    @OptionGroup var audit: AuditArguments

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Requests under way at a time, at the most; fewer while the server is throttling.", valueName: "n"))
    var parallelism = ClientOptions.standardInFlight

    @Option(name: .long, help: ArgumentHelp("How long an object may take to become healthy (5m).", valueName: "duration"))
    var timeout: String?

    @Flag(name: .long, help: "Do not wait until what was applied is healthy.")
    var noWait = false

    @Flag(name: .long, help: "Start nothing more after the first failure.")
    var failFast = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Refuse plans that delete more objects than this.", discussion: "A number, or a percentage of the inventory.",
            valueName: "n or n%"))
    var maxDeletes: String?

    @Flag(name: .long, help: "Apply a commit that is older than, or not descended from, the one applied last.")
    var allowRollback = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Refuse plans that fewer people have approved.",
            discussion: "The environment's configuration can ask for more, and never for fewer.", valueName: "n"))
    var approvals: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Who may approve, in the form of ssh-keygen's ALLOWED SIGNERS.",
            discussion: "By default the file of the plan's commit that the configuration names.", valueName: "file"))
    var allowedSigners: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Keys whose approvals do not count: a key revocation list, or public keys.", valueName: "file"))
    var revokedKeys: String?

    @Option(name: .long, help: ArgumentHelp("Wait this long for another run to end.", valueName: "duration"))
    var lockTimeout: String?

    package init() {}

    func check() throws {
        try audit.check()
        guard (1...256).contains(parallelism) else { throw ValidationError("--parallelism takes a number from 1 to 256") }
        for (name, text) in [("--timeout", timeout), ("--lock-timeout", lockTimeout)] {
            if let text, DurationText.duration(text) == nil { throw ValidationError("\(name) takes a duration such as 90s or 5m") }
        }
        if let approvals, !(0...100).contains(approvals) { throw ValidationError("--approvals takes a number from 0 to 100") }
        if let maxDeletes, DeletionLimit(maxDeletes) == nil {
            throw ValidationError("--max-deletes takes a number of objects or a percentage such as 10%")
        }
    }

    /// The settings for a plan: the options, then what the environment's configuration said when it was planned.
    func settings(for plan: Plan) -> ApplySettings {
        let limit = (maxDeletes ?? plan.settings.maxDeletes).flatMap(DeletionLimit.init)
        return ApplySettings(
            parallelism: parallelism,
            timeout: timeout.flatMap(DurationText.duration) ?? plan.settings.timeoutSeconds.map { .seconds($0) } ?? .seconds(300),
            waits: !noWait, failsFast: failFast, deletionLimit: limit ?? .standard, allowsRollback: allowRollback,
            lockTimeout: lockTimeout.flatMap(DurationText.duration))
    }
}
