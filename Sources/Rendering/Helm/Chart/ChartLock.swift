internal import Crypto
internal import Manifests

/// `Chart.lock`: the versions that a chart's dependencies were resolved to.
struct ChartLock {
    struct Entry {
        var name: String
        var repository: String
        var version: String
    }

    let entries: [Entry]
    /// Of the dependencies that were resolved and of what they were resolved to.
    let digest: String

    /// - Throws: `GoError` when it is no lock file.
    init(_ bytes: [UInt8]) throws {
        let value: Value
        do {
            value = try YAMLText.first(bytes)
        } catch {
            throw GoError("cannot load Chart.lock: error converting YAML to JSON: \(GoYAMLError.text(error))")
        }
        entries = (value["dependencies"]?.array ?? []).map { item in
            Entry(
                name: item["name"]?.string ?? "", repository: item["repository"]?.string ?? "",
                version: item["version"]?.string ?? "")
        }
        digest = value["digest"]?.string ?? ""
    }

    /// Whether the lock was made for these dependencies (internal/resolver/resolver.go).
    func isInSync(with dependencies: [ChartDependency], apiVersion: String) -> Bool {
        // A lock without a digest says nothing of what it was made for.
        if digest.isEmpty { return true }
        let required = Value.array(dependencies.map(\.lockValue))
        let locked = Value.array(
            entries.map { entry in
                var object = Object()
                object["name"] = .string(entry.name)
                if !entry.version.isEmpty { object["version"] = .string(entry.version) }
                object["repository"] = .string(entry.repository)
                return .object(object)
            })
        if digest == Self.digest(.array([required, locked])) { return true }
        // Locks of charts of version 1 may be by Helm 2, which knew the dependencies alone.
        var older = Object()
        older["dependencies"] = required
        return apiVersion == "v1" && digest == Self.digest(.object(older))
    }

    private static func digest(_ value: Value) -> String {
        "sha256:" + SprigEncoding.hex(SHA256.hash(data: JSONText.encode(value)))
    }
}

extension ChartDependency {
    /// The dependency as Go writes it: the fields in their order, empty ones left out.
    fileprivate var lockValue: Value {
        var object = Object()
        object["name"] = .string(name)
        if !version.isEmpty { object["version"] = .string(version) }
        object["repository"] = .string(repository)
        if !condition.isEmpty { object["condition"] = .string(condition) }
        if !tags.isEmpty { object["tags"] = .array(tags.map { .string($0) }) }
        if isEnabled { object["enabled"] = .bool(true) }
        if !imports.isEmpty {
            object["import-values"] = .array(
                imports.map { item in
                    switch item {
                    case .export(let name): return .string(name)
                    case .table(let child, let parent):
                        var table = Object()
                        table["child"] = .string(child)
                        table["parent"] = .string(parent)
                        return .object(table)
                    }
                })
        }
        if !alias.isEmpty { object["alias"] = .string(alias) }
        return .object(object)
    }
}
