internal import Applying
package import ArgumentParser
internal import Auditing
internal import Manifests
internal import Planning

/// `plumb audit verify`: 0 when every log is intact, 1 when one is not.
package struct AuditVerifyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that no record of an audit log was changed, moved, added or taken away.",
        discussion: """
            Files rotated away (FILE.1, FILE.2 …) are checked with the log they belong to. The chain alone cannot show \
            that the newest records were cut off: each run leaves in the inventory how far the log went, which \
            --against-inventory compares; --head takes such an end from elsewhere.
            """)

    @Argument(help: "The log, such as plumb-audit.jsonl.", completion: .file())
    var files: [String]

    @Option(help: "A record that must be in the log, as <sequence>:<hash>.")
    var head: String?

    @Option(help: ArgumentHelp("Compare with what the runs of this environment left in its inventory.", valueName: "environment"))
    var againstInventory: String?

    @Flag(help: "Accept a log whose oldest files were moved to an archive.")
    var allowMissingStart = false

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        if head != nil, givenHead == nil { throw ValidationError("--head must be <sequence>:<64 hexadecimal digits>") }
        if head != nil, againstInventory != nil { throw ValidationError("give --head or --against-inventory") }
    }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            var logs: [String] = []
            for log in files.map({ AuditSource.logPath(of: $0) }) where !logs.contains(log) { logs.append(log) }
            var inventory: Inventory?
            if let againstInventory {
                inventory = try await EnvironmentSession.open(againstInventory, options: options, context: context).store.read().inventory
            }
            var isIntact = true
            for log in logs {
                let expected = try inventory.map { try self.head(of: log, in: $0, context: context) } ?? givenHead
                let verification = try AuditVerifier.verify(
                    AuditSource.files(ofLog: log), expectedHead: expected, allowsMissingStart: allowMissingStart)
                report(verification, of: log, expected: expected, on: context.console)
                if !verification.isIntact { isIntact = false }
            }
            if !isIntact { throw ExitCode(ExitStatus.error) }
        }
    }

    private var givenHead: AuditHead? {
        let parts = (head ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int(parts[0]), sequence >= 0, parts[1].utf8.count == 64,
            parts[1].allSatisfy(\.isHexDigit)
        else { return nil }
        return AuditHead(sequence: sequence, hash: parts[1].lowercased())
    }

    /// What the inventory knows of a log: of this very log, or, when its first record was changed, of one at its place.
    private func head(of log: String, in inventory: Inventory, context: ProcessContext) throws -> AuditHead {
        let path = context.path(log)
        let host = context.actor.host
        let id = try? LogLookup.id(ofLog: path, host: host)
        let known =
            inventory.heads.last { $0.log == id } ?? inventory.heads.last { $0.host == host && $0.path == path }
            ?? (inventory.heads.count == 1 ? inventory.heads.first : nil)
        if let known { return AuditHead(sequence: known.sequence, hash: known.hash) }
        let others = inventory.heads.map { "\($0.path) on \($0.host), \($0.sequence) records at \($0.time)" }
        throw Diagnostic(
            "the inventory of \(inventory.environment) knows no such log: \(log)",
            advice: others.isEmpty ? "no run has left the end of a log in it yet" : "it knows \(others.joined(separator: ";\n"))")
    }

    private func report(_ verification: AuditVerification, of log: String, expected: AuditHead?, on console: Console) {
        if options.json {
            var value = verification.value
            value["file"] = .string(log)
            console.output(JSONWriter.canonical(value) + [0x0A])
        }
        if let fault = verification.fault {
            console.error(fault.diagnostic.description)
        } else if !options.json, !options.quiet {
            let head = verification.head
            let records = verification.records == 1 ? "1 record" : "\(verification.records) records"
            let runs = verification.runs == 1 ? "1 run" : "\(verification.runs) runs"
            let compared = expected.map { ", and holds record \($0.sequence) as the inventory knows it" } ?? ""
            console.output(
                "\(log): intact, \(records) of \(runs), head \(head.sequence):\(head.hash)\(againstInventory == nil ? "" : compared)\n")
        }
    }
}
