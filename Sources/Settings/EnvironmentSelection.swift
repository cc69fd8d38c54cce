internal import Manifests

/// Which of a configuration's environments a command is about.
package enum EnvironmentSelection {
    /// The environments that names, folders and globs lead to, in the configuration's order, each once.
    /// - Parameters:
    ///   - words: names, folders or globs; one with a `!` in front takes out.
    ///   - all: whether every environment is meant.
    /// - Throws: `Diagnostic` for a name or glob that leads to none.
    package static func environments(_ words: [String], all: Bool, lookup: EnvironmentLookup) throws -> [EnvironmentConfiguration] {
        let included = words.filter { !$0.hasPrefix("!") }
        var chosen: [EnvironmentConfiguration] = []
        func add(_ environment: EnvironmentConfiguration) {
            if !chosen.contains(where: { $0.name == environment.name }) { chosen.append(environment) }
        }
        let known = all || words.contains(where: isGlob) ? try lookup.all() : []
        if all || included.isEmpty && !words.isEmpty { known.forEach(add) }
        for word in included {
            guard isGlob(word) else {
                add(try lookup.environment(word))
                continue
            }
            let glob = GlobPattern(word)
            let found = known.filter { glob.matches($0.name) || glob.matches($0.path) }
            guard !found.isEmpty else {
                throw Diagnostic(
                    "no environment matches '\(word)'",
                    advice: known.isEmpty ? nil : "there are \(known.prefix(20).map(\.name).joined(separator: ", "))")
            }
            found.forEach(add)
        }
        let excluded = NamePatterns(words.filter { $0.hasPrefix("!") })
        let rest = chosen.filter { excluded.matches($0.name) }
        guard !rest.isEmpty else {
            throw Diagnostic(
                "there is no environment to work on",
                advice:
                    "environments are folders under \(EnvironmentLookup.folders.map { "\($0)/" }.joined(separator: ", ")), or named in \(ConfigurationReader.defaultFile)"
            )
        }
        // Where the order is not told by the command line, it is the configuration's.
        guard all || words.contains(where: isGlob) else { return rest }
        let order = Dictionary(known.enumerated().map { ($1.name, $0) }) { first, _ in first }
        return rest.enumerated().sorted {
            (order[$0.element.name] ?? known.count + $0.offset) < (order[$1.element.name] ?? known.count + $1.offset)
        }
        .map(\.element)
    }

    private static func isGlob(_ word: String) -> Bool { word.utf8.contains { "*?[{!".utf8.contains($0) } }
}
