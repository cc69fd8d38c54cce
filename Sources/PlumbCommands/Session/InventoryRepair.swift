internal import Applying
internal import ArgumentParser
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

/// Makes an inventory anew from what the target holds: looks, tells, asks, writes under the lock, records it.
struct InventoryRepair: Sendable {
    let session: EnvironmentSession
    let audit: AuditArguments
    let isConfirmed: Bool
    let searchesEverywhere: Bool
    let options: GlobalOptions
    let context: ProcessContext

    private var name: String { session.environment.name }

    func run() async throws {
        let console = context.console
        let version = try await session.store.version()
        var inventory: Inventory?
        do { inventory = try await session.store.read().inventory } catch let fault as Diagnostic {
            console.warning("the inventory cannot be read and is made anew as a whole: \(fault.message)")
        }
        let found = try await InventorySurvey(
            client: session.target.client, discovery: session.target.discovery, environment: name, place: session.store.place,
            namespaces: searchesEverywhere ? nil : await namespaces(inventory)
        ).find()
        let rebuilt = InventoryRebuild(inventory, environment: name, found: found)
        tell(rebuilt, found)
        guard rebuilt.changesAnything || inventory == nil else {
            console.info("The inventory is right: nothing to write.")
            return
        }
        guard Confirmation.ask("Write this inventory?", isGiven: isConfirmed, console: console) else { throw ExitCode(ExitStatus.error) }
        try await write(rebuilt.inventory, replacing: version)
        console.info("\(session.store.place) was written.")
    }

    /// Where the environment has objects: by its folder as it renders now, by its inventory, by its configuration.
    private func namespaces(_ inventory: Inventory?) async -> Set<String> {
        let fallback = session.target.defaultNamespace(option: options.namespace, environment: session.environment)
        var namespaces: Set<String> = [fallback]
        for entry in inventory?.entries ?? [] { namespaces.insert(entry.reference.namespace) }
        for manifest in (try? await session.source.render(session.environment).manifests) ?? [] {
            namespaces.insert(manifest.reference.namespace)
            if manifest.reference.kind == "Namespace" { namespaces.insert(manifest.reference.name) }
        }
        return namespaces
    }

    private func tell(_ rebuilt: InventoryRebuild, _ found: InventorySurvey.Found) {
        let groups: [(key: String, words: String, references: [ObjectReference])] = [
            ("added", "in the target, and not in the inventory", rebuilt.added),
            ("gone", "in the inventory, and not in the target", rebuilt.gone),
            ("remade", "deleted and made anew since", rebuilt.remade),
            ("kept", "kept: objects of their kind could not be listed", rebuilt.kept),
            ("copies", "left out: a copy, its annotation names another object", found.copies),
            ("claimed", "left out: another inventory has it, of an environment of the same name", found.claimed),
            ("outside", "left out: the environment has nothing else in its namespace (--all-namespaces takes it)", found.outside),
        ]
        if options.json {
            var object: Object = [
                "environment": .string(name), "objects": .int(Int64(rebuilt.inventory.entries.count)), "kinds": .int(Int64(found.kinds)),
                "unread": .array(found.unread.map { ["kind": .string("\($0.kind)"), "reason": .string($0.reason)] }),
            ]
            for group in groups { object[group.key] = .array(group.references.map { .string($0.id) }) }
            context.console.output(JSONWriter.pretty(.object(object)))
            return
        }
        context.console.info("\(name): \(rebuilt.inventory.entries.count) objects among \(found.kinds) kinds")
        for group in groups {
            for reference in group.references { context.console.output("\(reference.id)  \(group.words)\n") }
        }
        for unread in found.unread {
            context.console.warning("\(unread.kind.kind) (\(unread.kind.group)) could not be listed: \(unread.reason)")
        }
    }

    /// Only over the inventory that was looked at, and with no run under way.
    private func write(_ inventory: Inventory, replacing version: String) async throws {
        let command = RecordedCommand(
            audit: try audit.destination(session.environment.audit), context: context, environment: name,
            server: session.target.target.server)
        try await command.run("inventory \(name) --rebuild") { journal in
            try await session.lock.acquire()
            do {
                let written = try await session.store.write(inventory, replacing: version)
                try journal.inventoryUpdated(
                    place: session.store.place, version: written, count: inventory.entries.count, purpose: "rebuilt")
            } catch {
                await session.lock.release()
                throw error
            }
            await session.lock.release()
        }
    }
}
