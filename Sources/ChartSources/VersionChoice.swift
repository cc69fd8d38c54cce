package import Manifests
internal import Rendering

/// Chooses among published versions as Helm does (pkg/repo/v1/index.go, pkg/registry/tag.go).
package enum VersionChoice {
    /// Whether the text is one version and no range.
    package static func isExact(_ text: String) -> Bool {
        let text = text.hasPrefix("v") ? String(text.dropFirst()) : text
        return (try? SemanticVersion(strict: text)) != nil
    }

    /// The place of the version that is wanted: the very same text, else the newest in the range; without a range the
    /// newest that is no prerelease. `nil` when there is none.
    /// - Throws: `Diagnostic` when the text is neither version nor range.
    package static func index(of wanted: String, in versions: [String]) throws(Diagnostic) -> Int? {
        if !wanted.isEmpty, let same = versions.firstIndex(of: wanted) { return same }
        let constraint: VersionConstraint
        do {
            constraint = try VersionConstraint(wanted.isEmpty ? "*" : wanted)
        } catch {
            throw Diagnostic(
                "'\(wanted)' is neither a version nor a range of versions",
                advice: "ranges are written as in '1.2.x', '^1.2', '>=1.2 <2'")
        }
        var best: (index: Int, version: SemanticVersion)?
        for (index, text) in versions.enumerated() {
            // What is no version cannot be in a range.
            guard let version = try? SemanticVersion(text), constraint.contains(version) else { continue }
            if let known = best, version.compare(known.version) <= 0 { continue }
            best = (index, version)
        }
        return best?.index
    }

    /// The newest few of the versions, for errors.
    static func newest(_ versions: [String], _ count: Int = 5) -> String {
        let parsed = versions.compactMap { text in (try? SemanticVersion(text)).map { (text, $0) } }
        return parsed.sorted { $0.1.compare($1.1) > 0 }.prefix(count).map(\.0).joined(separator: ", ")
    }
}
