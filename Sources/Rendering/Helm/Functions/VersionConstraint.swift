/// A range of versions as Masterminds/semver has it: `>=1.21-0 <2 || ~3.1`, `1.2 - 1.4`, `^1`, `1.x`.
package struct VersionConstraint: Sendable {
    private struct Comparison: Sendable {
        var operation: String
        var version: SemanticVersion
        var original: String
        /// Which numbers are missing or `x`.
        var isDirty = false
        var isMinorDirty = false
        var isPatchDirty = false
    }

    private let alternatives: [[Comparison]]

    private static let versionPattern =
        #"v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?"#
    private static let operations = #"=||!=|>|<|>=|=>|<=|=<|~|~>|\^"#
    private static let one = try? GoRegex("^\\s*(\(operations))\\s*(\(versionPattern))\\s*$")
    private static let range = try? GoRegex("\\s*(\(versionPattern))\\s+-\\s+(\(versionPattern))\\s*")
    private static let find = try? GoRegex("(\(operations))\\s*(\(versionPattern))")
    private static let valid = try? GoRegex(
        "^(\\s*(\(operations))\\s*(\(versionPattern))\\s*)((?:\\s+|,\\s*)(\(operations))\\s*(\(versionPattern))\\s*)*$")

    /// - Throws: `GoError` in the library's words.
    package init(_ text: String) throws {
        guard text.utf8.count <= 512 else { throw GoError("constraint string is too long (max 512 bytes)") }
        let rewritten = Self.rewriteRanges(text)
        let parts = ByteText.split(rewritten, by: "||")
        guard parts.count <= 32 else { throw GoError("too many constraint groups (max 32)") }
        alternatives = try parts.map { part in
            guard Self.valid?.isMatch(part) == true else { throw GoError("improper constraint: \(GoQuote.quote(part))") }
            return try (Self.find?.findAll(part) ?? []).map(Self.comparison)
        }
    }

    /// `1.2 - 1.4` as `>= 1.2, <= 1.4`.
    private static func rewriteRanges(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let range, bytes.contains(UInt8(ascii: "-")) else { return text }
        var result: [UInt8] = []
        var index = 0
        for match in range.allMatches(bytes) {
            result += bytes[index..<match[0]]
            result += Array(">= ".utf8) + bytes[match[2]..<match[3]] + Array(", <= ".utf8) + bytes[match[22]..<match[23]] + Array(" ".utf8)
            index = match[1]
        }
        result += bytes[index...]
        return String(decoding: result, as: UTF8.self)
    }

    private static func comparison(_ text: String) throws -> Comparison {
        let bytes = Array(text.utf8)
        guard let match = one?.firstMatch(bytes) else { throw GoError("improper constraint: \(GoQuote.quote(text))") }
        func group(_ index: Int) -> String {
            match[index * 2] < 0 ? "" : String(decoding: bytes[match[index * 2]..<match[index * 2 + 1]], as: UTF8.self)
        }
        func isOpen(_ part: String) -> Bool { part.isEmpty || ["x", "X", "*", ".x", ".X", ".*"].contains(part) }
        var comparison = Comparison(operation: group(1), version: try SemanticVersion("0.0.0"), original: group(2))
        var version = group(2)
        if isOpen(group(3)) {
            version = "0.0.0" + group(6)
            comparison.isDirty = true
        } else if isOpen(group(4)) {
            version = group(3) + ".0.0" + group(6)
            comparison.isDirty = true
            comparison.isMinorDirty = true
        } else if isOpen(group(5)) {
            version = group(3) + group(4) + ".0" + group(6)
            comparison.isDirty = true
            comparison.isPatchDirty = true
        }
        do {
            comparison.version = try SemanticVersion(version)
        } catch {
            throw GoError("constraint parser error")
        }
        return comparison
    }

    /// Whether the version is in the range. A prerelease is only where a bound of its alternative names one.
    package func contains(_ version: SemanticVersion) -> Bool {
        alternatives.contains { comparisons in
            let allowsPrerelease = comparisons.contains { !$0.version.prerelease.isEmpty }
            if !version.prerelease.isEmpty, !allowsPrerelease, !comparisons.isEmpty { return false }
            return comparisons.allSatisfy { Self.holds($0, version) }
        }
    }

    private static func holds(_ comparison: Comparison, _ version: SemanticVersion) -> Bool {
        let bound = comparison.version
        switch comparison.operation {
        case "", "=": return comparison.isDirty ? tilde(comparison, version) : version.compare(bound) == 0
        case "!=": return notEqual(comparison, version)
        case ">": return greater(comparison, version)
        case "<": return version.compare(bound) < 0
        case ">=", "=>": return version.compare(bound) >= 0
        case "<=", "=<":
            guard comparison.isDirty else { return version.compare(bound) <= 0 }
            if version.major > bound.major { return false }
            return !(version.major == bound.major && version.minor > bound.minor && !comparison.isMinorDirty)
        case "~", "~>": return tilde(comparison, version)
        default: return caret(comparison, version)
        }
    }

    private static func notEqual(_ comparison: Comparison, _ version: SemanticVersion) -> Bool {
        let bound = comparison.version
        guard comparison.isDirty else { return version.compare(bound) != 0 }
        if bound.major != version.major { return true }
        if bound.minor != version.minor, !comparison.isMinorDirty { return true }
        if comparison.isMinorDirty { return false }
        if bound.patch != version.patch, !comparison.isPatchDirty { return true }
        if comparison.isPatchDirty {
            guard !version.prerelease.isEmpty || !bound.prerelease.isEmpty else { return false }
            return SemanticVersion.comparePrereleases(version.prerelease, bound.prerelease) != 0
        }
        return version.compare(bound) != 0
    }

    private static func greater(_ comparison: Comparison, _ version: SemanticVersion) -> Bool {
        let bound = comparison.version
        guard comparison.isDirty else { return version.compare(bound) > 0 }
        if version.major != bound.major { return version.major > bound.major }
        if comparison.isMinorDirty { return false }
        if comparison.isPatchDirty { return version.minor > bound.minor }
        return version.compare(bound) > 0
    }

    private static func tilde(_ comparison: Comparison, _ version: SemanticVersion) -> Bool {
        let bound = comparison.version
        if version.compare(bound) < 0 { return false }
        if bound.major == 0, bound.minor == 0, bound.patch == 0, !comparison.isMinorDirty, !comparison.isPatchDirty { return true }
        return version.major == bound.major && (version.minor == bound.minor || comparison.isMinorDirty)
    }

    private static func caret(_ comparison: Comparison, _ version: SemanticVersion) -> Bool {
        let bound = comparison.version
        if version.compare(bound) < 0 { return false }
        if bound.major > 0 || comparison.isMinorDirty { return version.major == bound.major }
        if version.major > 0 { return false }
        if bound.minor > 0 || comparison.isPatchDirty { return version.minor == bound.minor }
        if version.minor > 0 { return false }
        return version.patch == bound.patch
    }
}
