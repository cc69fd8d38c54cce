/// Sprig's functions on versions (semver.go).
enum SprigSemver {
    static let functions: [GoFunction] = [
        GoFunction("semverCompare", [.string, .string]) { evaluator, values in
            let text = values[0].argumentText
            let host = evaluator.host as? HelmHost
            let constraint: VersionConstraint
            if let known = host?.constraints[text] {
                constraint = known
            } else {
                constraint = try VersionConstraint(text)
                host?.constraints[text] = constraint
            }
            return .bool(constraint.contains(try SemanticVersion(values[1].argumentText)))
        },
        GoFunction("semver", [.string]) { _, values in .object(VersionObject(try SemanticVersion(values[0].argumentText))) },
    ]
}

/// What `semver` gives: a `*semver.Version` with its methods.
final class VersionObject: GoObject {
    let version: SemanticVersion

    init(_ version: SemanticVersion) { self.version = version }

    var typeName: String { "*semver.Version" }
    var kind: String { "ptr" }
    var string: String? { version.text }
    var underlying: GoValue { .string(version.text) }

    func method(_ name: String) -> GoFunction? {
        let version = version
        switch name {
        case "Major": return number(name, version.major)
        case "Minor": return number(name, version.minor)
        case "Patch": return number(name, version.patch)
        case "Prerelease": return text(name, version.prerelease)
        case "Metadata": return text(name, version.metadata)
        case "Original": return text(name, version.original)
        case "String": return text(name, version.text)
        case "Compare": return comparison(name) { .int($0) }
        case "Equal": return comparison(name) { .bool($0 == 0) }
        case "LessThan": return comparison(name) { .bool($0 < 0) }
        case "LessThanEqual": return comparison(name) { .bool($0 <= 0) }
        case "GreaterThan": return comparison(name) { .bool($0 > 0) }
        case "GreaterThanEqual": return comparison(name) { .bool($0 >= 0) }
        case "IncMajor": return changed(name) { ($0.major, $0.minor, $0.patch) = ($0.major &+ 1, 0, 0) }
        case "IncMinor": return changed(name) { ($0.minor, $0.patch) = ($0.minor &+ 1, 0) }
        case "IncPatch": return changed(name) { if $0.prerelease.isEmpty { $0.patch &+= 1 } }
        case "SetPrerelease": return set(name) { $0.prerelease = $1 }
        case "SetMetadata": return set(name) { $0.metadata = $1 }
        default: return nil
        }
    }

    private func number(_ name: String, _ number: UInt64) -> GoFunction {
        GoFunction(name, []) { _, _ in .integer(Int64(bitPattern: number), .uint64) }
    }

    private func text(_ name: String, _ text: String) -> GoFunction { GoFunction(name, []) { _, _ in .string(text) } }

    private func comparison(_ name: String, _ result: @escaping (Int) -> GoValue) -> GoFunction {
        let version = version
        return GoFunction(name, [.named("*semver.Version")]) { _, values in
            guard case .object(let object) = values[0], let other = object as? VersionObject else {
                throw GoError("runtime error: invalid memory address or nil pointer dereference")
            }
            return result(version.compare(other.version))
        }
    }

    private func changed(_ name: String, _ change: @escaping (inout SemanticVersion) -> Void) -> GoFunction {
        var next = version
        change(&next)
        next.prerelease = ""
        next.metadata = ""
        next.original = (version.original.hasPrefix("v") ? "v" : "") + next.text
        let result = VersionObject(next)
        return GoFunction(name, []) { _, _ in .object(result) }
    }

    private func set(_ name: String, _ change: @escaping (inout SemanticVersion, String) -> Void) -> GoFunction {
        let version = version
        return GoFunction(name, [.string]) { _, values in
            var next = version
            change(&next, values[0].argumentText)
            next.original = (version.original.hasPrefix("v") ? "v" : "") + next.text
            return .object(VersionObject(try SemanticVersion(next.original)))
        }
    }
}
