package import Manifests

/// Whether something changed that a folder's rendering may read, told without rendering it: its files, and whatever its
/// kustomizations and charts name. Rather once too often than once too rarely.
///
/// One of these serves many folders of a tree: what several of them use is looked at once.
package struct RenderingInputs {
    private let tree: any FileTree
    /// Every path that is not as it was: files and folders, those that are gone too, and the folders above them.
    private let changed: Set<String>
    private var known: [String: Leads] = [:]

    private struct Leads {
        var hasChanged = false
        /// Kustomizations and charts to follow.
        var folders: Set<String> = []
    }

    private static let foldersMax = 100_000
    /// Longer texts are no paths (the limit of Linux).
    private static let pathBytesMax = 4_096

    package init(tree: any FileTree, changed: Set<String>) {
        self.tree = tree
        self.changed = changed
    }

    /// Whether the folder may render otherwise. Where nothing that it leads to changed, it led to the same before.
    package mutating func hasChanged(_ folder: String) throws -> Bool {
        if changed.isEmpty { return false }
        if changed.contains(folder) { return true }
        var pending = [folder]
        var seen: Set<String> = [folder]
        while let next = pending.popLast() {
            guard seen.count < Self.foldersMax else { throw Diagnostic("the folder leads to more than \(Self.foldersMax) others") }
            let leads = try leads(of: next)
            if leads.hasChanged { return true }
            for child in leads.folders where seen.insert(child).inserted { pending.append(child) }
        }
        return false
    }

    private mutating func leads(of folder: String) throws -> Leads {
        if let leads = known[folder] { return leads }
        var leads = Leads()
        if let resolved = try? tree.resolve(folder), try tree.entry(at: resolved) == .folder { leads = try self.leads(in: resolved) }
        known[folder] = leads
        return leads
    }

    private func leads(in folder: String) throws -> Leads {
        var leads = Leads()
        let items = try tree.list(folder)
        let names = Set(items.map(\.name))
        let kustomizations = KustomizationFile.names.filter(names.contains)
        let isChart = names.contains("Chart.yaml")
        if kustomizations.isEmpty || isChart {
            // All of a plain folder counts, and all of a chart: its templates may read any file of it.
            leads.hasChanged = changed.contains(folder)
            // Folders below may have kustomizations of their own, which lead elsewhere.
            if !isChart {
                leads.folders = Set(items.filter { $0.entry == .folder && !$0.name.hasPrefix(".") }.map { TreePath.child(folder, $0.name) })
            }
        }
        // One that was added or taken away counts as much as one that changed.
        for name in KustomizationFile.names where changed.contains(TreePath.child(folder, name)) { leads.hasChanged = true }
        for name in kustomizations + (isChart ? ["Chart.yaml"] : []) where !leads.hasChanged {
            try follow(TreePath.child(folder, name), from: folder, hasCharts: names.contains("charts"), into: &leads)
        }
        return leads
    }

    /// Takes every text of a YAML file for a path, and follows those that are one.
    private func follow(_ file: String, from folder: String, hasCharts: Bool, into leads: inout Leads) throws {
        guard let resolved = try? tree.resolve(file), try tree.entry(at: resolved) == .file else { return }
        if changed.contains(resolved) { leads.hasChanged = true }
        // A file that cannot be read fails when it is rendered, with a better message.
        guard let documents = try? YAMLLoader.load(tree.read(resolved), file: resolved, options: .init(allowsDuplicateKeys: true)) else {
            return
        }
        var homes = documents.compactMap { $0.value.at("helmGlobals", "chartHome")?.string }
        if hasCharts { homes.append("charts") }
        for text in Self.texts(documents.map(\.value)) {
            add(text, from: folder, into: &leads)
            // Generators write key=file; charts' dependencies file://folder; a chart is named within its home.
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                add(String(text[text.utf8.index(after: equals)...]), from: folder, into: &leads)
            }
            if text.hasPrefix("file://") { add(String(text.dropFirst(7)), from: folder, into: &leads) }
            for home in homes { add("\(home)/\(text)", from: folder, into: &leads) }
        }
    }

    private static func texts(_ values: [Value]) -> Set<String> {
        var pending = values
        var texts: Set<String> = []
        while let value = pending.popLast() {
            switch value {
            case .string(let text):
                if !text.isEmpty, text.utf8.count <= pathBytesMax, !text.utf8.contains(0x0A) { texts.insert(text) }
            case .array(let items): pending += items
            case .object(let object): pending += object.members.map(\.value)
            case .null, .bool, .int, .unsigned, .double: continue
            }
        }
        return texts
    }

    private func add(_ text: String, from folder: String, into leads: inout Leads) {
        guard let path = TreePath.join(folder, text), path != folder else { return }
        guard let resolved = try? tree.resolve(path), let entry = try? tree.entry(at: resolved) else {
            // Nothing is there; something may have been.
            if changed.contains(path) { leads.hasChanged = true }
            return
        }
        if resolved != path, changed.contains(path) { leads.hasChanged = true }
        // Of a folder what its own kustomization names counts, and is followed.
        if entry == .folder { leads.folders.insert(resolved) } else if changed.contains(resolved) { leads.hasChanged = true }
    }
}
