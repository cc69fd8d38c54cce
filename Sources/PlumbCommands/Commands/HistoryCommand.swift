package import ArgumentParser
internal import Manifests
internal import Planning
internal import Settings

package struct HistoryCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Print the applies of an environment so far: when, commit, by whom, result.",
        discussion: "Read from the inventory in the target, which remembers the last \(Inventory.appliesMax).")

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let source = try await SourceSession.open(options, context: context)
            let environment = try source.environment(environment)
            let restricted = try PolicyFile.open(options, context: context)?.policy.restricting(environment) ?? environment
            let target = try await TargetPool(options, context: context).target(for: restricted)
            let store = try InventoryPlaces.store(
                for: environment.name, namespace: target.inventoryNamespace(option: options.namespace, environment: environment),
                file: environment.inventory.file, target: target, context: context)
            let inventory = try await store.read().inventory
            show(inventory, on: context.console)
        }
    }

    private func show(_ inventory: Inventory, on console: Console) {
        if options.json {
            let applies = inventory.applies.map { apply -> Value in
                [
                    "time": .string(apply.time), "commit": .string(apply.commit), "actor": .string(apply.actor),
                    "result": .string(apply.result), "runID": .string(apply.runID),
                ]
            }
            console.output(JSONWriter.pretty(["environment": .string(inventory.environment), "applies": .array(applies)]))
            return
        }
        if inventory.applies.isEmpty { console.info("\(inventory.environment) was never applied") }
        for apply in inventory.applies.reversed() {
            console.output("\(apply.time)  \(apply.commit.prefix(12))  \(apply.result)  \(apply.actor)  \(apply.runID)\n")
        }
        if let pending = inventory.pending {
            console.warning("run \(pending.runID) of \(pending.since) has not ended: it is under way, or it was cut short")
        }
    }
}
