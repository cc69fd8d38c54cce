package import Manifests

/// Finds an environment by its name in the configuration, or by its folder where nothing is configured.
package struct EnvironmentLookup: Sendable {
    /// Where environments are looked for without a configuration.
    package static let folders = ["environments", "envs", "clusters", "overlays"]

    private let configuration: Configuration
    private let tree: any FileTree

    package init(configuration: Configuration, tree: any FileTree) {
        self.configuration = configuration
        self.tree = tree
    }

    /// - Throws: `Diagnostic` that names the environments there are.
    package func environment(_ text: String) throws -> EnvironmentConfiguration {
        if let configured = configuration.environments.first(where: { $0.name == text }) { return configured }
        let path = TreePath.join("", text)
        if let path, let configured = configuration.environments.first(where: { $0.path == path }) { return configured }
        for candidate in Self.folders.map({ "\($0)/\(text)" }) + [path].compactMap({ $0 }) {
            guard let path = TreePath.join("", candidate), try isFolder(path) else { continue }
            return configuration.environment(named: try name(for: path), path: path)
        }
        throw Diagnostic("there is no environment '\(text)'", advice: try advice(text))
    }

    /// All environments: the configured ones, else the folders in the places where they are looked for.
    package func all() throws -> [EnvironmentConfiguration] {
        if !configuration.environments.isEmpty { return configuration.environments }
        var found: [EnvironmentConfiguration] = []
        for folder in Self.folders where try isFolder(folder) {
            for item in try tree.list(folder) where !item.name.hasPrefix(".") {
                let path = "\(folder)/\(item.name)"
                guard try isFolder(path), EnvironmentName.problem(item.name) == nil,
                    !found.contains(where: { $0.name == item.name })
                else { continue }
                found.append(configuration.environment(named: item.name, path: path))
            }
        }
        return found
    }

    private func isFolder(_ path: String) throws -> Bool {
        guard let resolved = try tree.resolve(path) else { return false }
        return try tree.entry(at: resolved) == .folder
    }

    /// An environment without a name of its own is called after its folder.
    private func name(for path: String) throws(Diagnostic) -> String {
        let name = path.isEmpty ? "root" : TreePath.name(path)
        if let problem = EnvironmentName.problem(name) {
            throw Diagnostic(
                "the folder's name is no name for an environment: it \(problem)", at: SourcePosition(file: path),
                advice: "give the environment a name in \(ConfigurationReader.defaultFile)")
        }
        return name
    }

    private func advice(_ text: String) throws -> String {
        let names = try all().map(\.name)
        if let near = NearMatch.candidates(for: text, among: names).first { return "did you mean '\(near)'?" }
        if names.isEmpty {
            return "environments are folders under \(Self.folders.map { "\($0)/" }.joined(separator: ", ")), or named in "
                + "\(ConfigurationReader.defaultFile); a folder's path will do as well"
        }
        return "there are \(names.prefix(20).joined(separator: ", "))"
    }
}
