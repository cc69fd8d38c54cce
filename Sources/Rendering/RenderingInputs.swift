package import Manifests

/// What a folder's rendering may read, told without rendering it: its files, and whatever its kustomizations and charts
/// name. Rather more than it reads than less.
///
/// One of these may serve many folders of a tree: what several of them use is looked at once.
package struct RenderingInputs {
    private let tree: any FileTree
    /// What each folder leads to: files and folders whose content counts, and kustomizations and charts to follow.
    private var known: [String: Leads] = [:]

    private struct Leads {
        var content: Set<String> = []
        var folders: Set<String> = []
    }

    private static let foldersMax = 100_000
    /// Longer texts are no paths (the limit of Linux).
    private static let pathBytesMax = 4_096

    package init(tree: any FileTree) { self.tree = tree }

    /// Paths of files and folders: the rendering is the same where all of them are. Some may not exist: that they do not
    /// is what counts then.
    package mutating func paths(of folder: String) throws -> Set<String> {
        var paths: Set<String> = [folder]
        var pending = [folder]
        var seen: Set<String> = [folder]
        while let next = pending.popLast() {
            guard seen.count < Self.foldersMax else { throw Diagnostic("the folder leads to more than \(Self.foldersMax) others") }
            let leads = try leads(of: next)
            paths.formUnion(leads.content)
            for child in leads.folders where seen.insert(child).inserted { pending.append(child) }
        }
        return paths
    }

    private mutating func leads(of folder: String) throws -> Leads {
        if let leads = known[folder] { return leads }
        var leads = Leads()
        guard let resolved = try? tree.resolve(folder), try tree.entry(at: resolved) == .folder else {
            known[folder] = leads
            return leads
        }
        let names = Set(KustomizationFile.names)
        var hasKustomization = false
        for item in try tree.list(resolved) {
            let path = TreePath.child(resolved, item.name)
            if names.contains(item.name) {
                hasKustomization = true
                leads.content.insert(path)
                try follow(path, from: resolved, into: &leads)
            } else if item.name == "Chart.yaml" {
                // All of a chart counts: its templates may read any file of it.
                leads.content.insert(resolved)
                try follow(path, from: resolved, into: &leads)
            }
        }
        if !hasKustomization {
            leads.content.insert(resolved)
            // Folders below may have kustomizations of their own, which lead elsewhere.
            for item in try tree.list(resolved) where item.entry == .folder && !item.name.hasPrefix(".") {
                leads.folders.insert(TreePath.child(resolved, item.name))
            }
        }
        known[folder] = leads
        return leads
    }

    /// Takes every text of a YAML file for a path, and follows those that are one.
    private func follow(_ file: String, from folder: String, into leads: inout Leads) throws {
        guard let resolved = try? tree.resolve(file), try tree.entry(at: resolved) == .file else { return }
        // A file that cannot be read fails when it is rendered, with a better message.
        guard let documents = try? YAMLLoader.load(tree.read(resolved), file: resolved, options: .init(allowsDuplicateKeys: true)) else {
            return
        }
        var pending = documents.map(\.value)
        var texts: Set<String> = []
        while let value = pending.popLast() {
            switch value {
            case .string(let text): texts.insert(text)
            case .array(let items): pending += items
            case .object(let object): pending += object.members.map(\.value)
            case .null, .bool, .int, .double: continue
            }
        }
        let charts = documents.compactMap { $0.value.at("helmGlobals", "chartHome")?.string } + ["charts"]
        for text in texts where text.utf8.count <= Self.pathBytesMax && !text.utf8.contains(0x0A) && !text.isEmpty {
            add(text, from: folder, into: &leads)
            // Generators write key=file; charts' dependencies file://folder; a chart is named within its home.
            if let equals = text.firstIndex(of: "=") { add(String(text[text.index(after: equals)...]), from: folder, into: &leads) }
            if text.hasPrefix("file://") { add(String(text.dropFirst(7)), from: folder, into: &leads) }
            if !text.contains("/") { for home in charts { addChart("\(home)/\(text)", from: folder, into: &leads) } }
        }
    }

    private func add(_ text: String, from folder: String, into leads: inout Leads) {
        guard let path = TreePath.join(folder, text), path != folder else { return }
        // Only what looks like a path counts when nothing is there: most texts are none.
        guard let resolved = try? tree.resolve(path) else {
            if text.contains("/") || text.contains(".") { leads.content.insert(path) }
            return
        }
        if resolved != path { leads.content.insert(path) }
        if (try? tree.entry(at: resolved)) == .folder { leads.folders.insert(resolved) } else { leads.content.insert(resolved) }
    }

    private func addChart(_ text: String, from folder: String, into leads: inout Leads) {
        guard let path = TreePath.join(folder, text), let resolved = try? tree.resolve(path) else { return }
        leads.content.insert(resolved)
        if (try? tree.entry(at: resolved)) == .folder { leads.folders.insert(resolved) }
    }
}
