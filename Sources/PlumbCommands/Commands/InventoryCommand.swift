package import ArgumentParser
internal import Manifests
internal import Planning

/// `plumb inventory`: what the last apply left in the target, for a person to read; and its repair.
package struct InventoryCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "inventory", _superCommandName: PlumbCommand.name,
        abstract: "Print what the last apply left in the target, or rebuild that list.",
        discussion: """
            With --rebuild every kind that the target serves is listed, and the inventory made anew from the objects that \
            carry the environment's tracking annotation. It says what it found, and writes only when that is confirmed.
            """)

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @Flag(name: .long, help: "Make the inventory anew from the tracking annotations in the target.")
    var rebuild = false

    @Flag(name: [.long, .customShort("y")], help: "Write what --rebuild found without asking.")
    var yes = false

    @Flag(
        name: [.long, .customShort("A")], help: "With --rebuild, take objects out of namespaces in which the environment has nothing else.")
    var allNamespaces = false

    @OptionGroup var audit: AuditArguments

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws { try audit.check() }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let session = try await EnvironmentSession.open(environment, options: options, context: context)
            if rebuild {
                try await InventoryRepair(
                    session: session, audit: audit, isConfirmed: yes, searchesEverywhere: allNamespaces, options: options, context: context
                ).run()
            } else {
                show(try await session.store.read(), place: session.store.place, on: context.console)
            }
        }
    }

    private func show(_ stored: StoredInventory, place: String, on console: Console) {
        let inventory = stored.inventory
        if options.json {
            var value = inventory.encoded
            value["place"] = .string(place)
            value["version"] = .string(stored.version)
            console.output(JSONWriter.pretty(value))
            return
        }
        guard !stored.version.isEmpty else {
            console.info("\(inventory.environment) was never applied: there is no \(place)")
            return
        }
        var lines = [
            "\(inventory.environment): \(inventory.entries.count) \(inventory.entries.count == 1 ? "object" : "objects") in \(place)"
        ]
        if let repository = inventory.repository { lines.append("  repository  \(repository.text)") }
        if !inventory.commit.isEmpty { lines.append("  commit      \(inventory.commit.prefix(12))") }
        if let last = inventory.applies.last {
            lines.append("  last apply  \(last.time) by \(last.actor), \(last.result), run \(last.runID)")
        }
        if let head = inventory.heads.last {
            lines.append("  audit log   \(head.path) on \(head.host), \(head.sequence) records at \(head.time)")
        }
        if let pending = inventory.pending {
            lines.append("  under way   run \(pending.runID) since \(pending.since); it goes on, or it was cut short")
        }
        lines.append("")
        for entry in inventory.entries {
            lines.append("\(entry.reference.id)\(entry.uid.isEmpty ? "  (about to be made)" : "  \(entry.uid)")")
        }
        console.output(lines.joined(separator: "\n") + "\n")
    }
}
