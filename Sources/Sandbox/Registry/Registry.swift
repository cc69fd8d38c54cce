import Manifests
import Schemas

/// What is served: the built-in kinds and those that definitions add. A value: each change of a definition makes a new one.
struct Registry: Sendable {
    struct GroupVersion: Sendable, Hashable {
        var group: String
        var version: String
    }

    /// Group by group in the order of discovery; within a group, versions with the preferred one first.
    private(set) var order: [GroupVersion] = []
    private(set) var resources: [GroupVersion: [Resource]] = [:]

    /// The built-in kinds of Kubernetes 1.36.
    static let builtIn: Registry = {
        var registry = Registry()
        let schemas = schemasByKind()
        for path in ["/api", "/apis"] {
            for item in BuiltInSchemas.discovery[path]?["items"]?.array ?? [] {
                let group = item.at("metadata", "name")?.string ?? ""
                for version in item["versions"]?.array ?? [] {
                    registry.add(version, group: group, schemas: schemas)
                }
            }
        }
        return registry
    }()

    /// The component names of built-in kinds.
    private static func schemasByKind() -> [GroupVersionKind: String] {
        var names: [GroupVersionKind: String] = [:]
        for member in BuiltInSchemas.components {
            for kind in member.value["x-kubernetes-group-version-kind"]?.array ?? [] {
                let key = GroupVersionKind(
                    group: kind["group"]?.string ?? "", version: kind["version"]?.string ?? "",
                    kind: kind["kind"]?.string ?? "")
                names[key] = member.key
            }
        }
        return names
    }

    private mutating func add(_ item: Value, group: String, schemas: [GroupVersionKind: String]) {
        let version = item["version"]?.string ?? ""
        let key = GroupVersion(group: group, version: version)
        var list: [Resource] = []
        for entry in item["resources"]?.array ?? [] {
            let kind = entry.at("responseKind", "kind")?.string ?? ""
            let schema = schemas[GroupVersionKind(group: group, version: version, kind: kind)] ?? ""
            var resource = Resource(
                group: group, version: version, plural: entry["resource"]?.string ?? "",
                singular: entry["singularResource"]?.string ?? "", kind: kind, listKind: kind + "List",
                isNamespaced: entry["scope"]?.string == "Namespaced", verbs: Self.strings(entry["verbs"]),
                type: TypeBuilder.builtIn[schema] ?? .deduced)
            resource.shortNames = (entry["shortNames"]?.array ?? []).compactMap(\.string)
            resource.categories = (entry["categories"]?.array ?? []).compactMap(\.string)
            resource.subresources = (entry["subresources"]?.array ?? []).map { sub in
                Resource.Subresource(
                    name: sub["subresource"]?.string ?? "", group: sub.at("responseKind", "group")?.string ?? "",
                    version: sub.at("responseKind", "version")?.string ?? "",
                    kind: sub.at("responseKind", "kind")?.string ?? "", verbs: Self.strings(sub["verbs"]))
            }
            list.append(resource)
        }
        order.append(key)
        resources[key] = list
    }

    private static func strings(_ value: Value?) -> Set<String> { Set((value?.array ?? []).compactMap(\.string)) }

    func isServed(group: String, version: String) -> Bool {
        resources[GroupVersion(group: group, version: version)] != nil
    }

    func resource(group: String, version: String, plural: String) -> Resource? {
        resources[GroupVersion(group: group, version: version)]?.first { $0.plural == plural }
    }

    /// One resource for each place where objects are kept, in the order of discovery.
    var stored: [Resource] {
        var seen: Set<String> = []
        return order.flatMap { resources[$0] ?? [] }.filter { $0.verbs.contains("list") && seen.insert($0.storageKey).inserted }
    }

    func resource(group: String, kind: String) -> Resource? {
        for key in order where key.group == group {
            if let found = resources[key]?.first(where: { $0.kind == kind && $0.verbs.contains("get") }) { return found }
        }
        return nil
    }

    /// This registry with custom resources.
    func adding(_ custom: [Resource]) -> Registry {
        if custom.isEmpty { return self }
        var registry = self
        for resource in custom {
            let key = GroupVersion(group: resource.group, version: resource.version)
            if registry.resources[key] == nil {
                registry.order.append(key)
                registry.resources[key] = []
            }
            registry.resources[key]?.removeAll { $0.plural == resource.plural }
            registry.resources[key]?.append(resource)
        }
        registry.sortCustomVersions()
        return registry
    }

    /// Within a group the newest stable version comes first: v2, v1, v1beta1, v1alpha1.
    private mutating func sortCustomVersions() {
        let groups = order.reduce(into: [String]()) { if !$0.contains($1.group) { $0.append($1.group) } }
        order = groups.flatMap { group in
            order.filter { $0.group == group }.sorted { VersionPriority($0.version) > VersionPriority($1.version) }
        }
    }
}

/// The order of API versions: stable before beta before alpha, then by number.
struct VersionPriority: Comparable {
    private var stability: Int
    private var major: Int
    private var minor: Int
    private var text: String

    init(_ version: String) {
        text = version
        (stability, major, minor) = (0, 0, 0)
        guard version.hasPrefix("v") else { return }
        let rest = version.dropFirst()
        let digits = rest.prefix { $0.isNumber }
        guard let number = Int(digits) else { return }
        let tail = rest.dropFirst(digits.count)
        if tail.isEmpty {
            (stability, major) = (3, number)
        } else if tail.hasPrefix("beta"), let second = Int(tail.dropFirst(4)) {
            (stability, major, minor) = (2, number, second)
        } else if tail.hasPrefix("alpha"), let second = Int(tail.dropFirst(5)) {
            (stability, major, minor) = (1, number, second)
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.stability == 0, right.stability == 0 { return left.text > right.text }
        return (left.stability, left.major, left.minor) < (right.stability, right.major, right.minor)
    }
}
