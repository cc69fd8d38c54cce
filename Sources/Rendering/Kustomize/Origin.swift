import Manifests

/// Where a resource comes from, as the annotations of `buildMetadata` say it.
struct Origin: Hashable, Sendable {
    var path = ""
    var repository = ""
    var revision = ""
    /// The file that configures the generator or transformer.
    var configuredIn = ""
    /// The generator or transformer.
    var configuredBy: Configurator?

    struct Configurator: Hashable, Sendable {
        var apiVersion = ""
        var kind = ""
        var name = ""
        var namespace = ""
    }

    static let annotation = "config.kubernetes.io/origin"
    static let transformationsAnnotation = "alpha.config.kubernetes.io/transformations"

    /// The origin of what stands at a path relative to this one.
    func appending(_ relative: String) -> Origin {
        var origin = self
        origin.path = Self.clean(path.isEmpty ? relative : "\(path)/\(relative)")
        return origin
    }

    /// As Go's `path.Clean`: `..` above the start is kept.
    private static func clean(_ path: String) -> String {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == "..", let last = components.last, last != ".." {
                components.removeLast()
            } else {
                components.append(component)
            }
        }
        return components.isEmpty ? "." : components.joined(separator: "/")
    }

    /// The YAML in the annotation, its fields in kustomize's order.
    func text(indent: String = "", first: String? = nil) -> String {
        var lines: [String] = []
        if !path.isEmpty { lines.append("path: \(Self.scalar(path))") }
        if !repository.isEmpty { lines.append("repo: \(Self.scalar(repository))") }
        if !revision.isEmpty { lines.append("ref: \(Self.scalar(revision))") }
        if !configuredIn.isEmpty { lines.append("configuredIn: \(Self.scalar(configuredIn))") }
        if let configuredBy {
            lines.append("configuredBy:")
            if !configuredBy.apiVersion.isEmpty { lines.append("  apiVersion: \(Self.scalar(configuredBy.apiVersion))") }
            if !configuredBy.kind.isEmpty { lines.append("  kind: \(Self.scalar(configuredBy.kind))") }
            if !configuredBy.name.isEmpty { lines.append("  name: \(Self.scalar(configuredBy.name))") }
            if !configuredBy.namespace.isEmpty { lines.append("  namespace: \(Self.scalar(configuredBy.namespace))") }
        }
        guard !lines.isEmpty else { return "\(first ?? indent){}\n" }
        return lines.enumerated().map { ($0.offset == 0 ? first ?? indent : indent) + $0.element + "\n" }.joined()
    }

    /// A list of origins.
    static func text(_ origins: [Origin]) -> String {
        origins.map { $0.text(indent: "  ", first: "- ") }.joined()
    }

    private static func scalar(_ text: String) -> String {
        String(decoding: YAMLEmitter.kustomize(.string(text)).dropLast(), as: UTF8.self)
    }
}
