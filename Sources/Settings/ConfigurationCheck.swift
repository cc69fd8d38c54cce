internal import Manifests

/// Whether what a configuration names is there, and nothing goes round in a circle.
enum ConfigurationCheck {
    static func faults(in configuration: Configuration, _ root: ConfigurationField) -> [Diagnostic] {
        let fields = root.member("environments").flatMap { try? $0.items() } ?? []
        let names = configuration.environments.map(\.name)
        var faults: [Diagnostic] = []
        for (environment, field) in zip(configuration.environments, fields) {
            let dependencies = field.member("dependsOn") ?? field
            for name in environment.dependsOn where !names.contains(name) {
                let near = NearMatch.candidates(for: name, among: names).first
                faults.append(
                    dependencies.fault("names no environment: '\(name)'", advice: near.map { "did you mean '\($0)'?" }))
            }
            if let circle = circle(from: environment, in: configuration) {
                faults.append(dependencies.fault("goes round in a circle: \(circle.joined(separator: " → "))"))
            }
            if let project = environment.limits.project, !configuration.projects.isEmpty,
                !configuration.projects.contains(where: { $0.name == project })
            {
                let near = NearMatch.candidates(for: project, among: configuration.projects.map(\.name)).first
                faults.append(
                    (field.member("project") ?? field).fault("names no project: '\(project)'", advice: near.map { "did you mean '\($0)'?" })
                )
            }
        }
        return faults
    }

    /// The way from an environment back to itself; `nil` when there is none.
    private static func circle(from start: EnvironmentConfiguration, in configuration: Configuration) -> [String]? {
        let dependencies = Dictionary(configuration.environments.map { ($0.name, $0.dependsOn) }) { first, _ in first }
        // The shortest way, found level by level: long chains must not become deep recursion.
        var ways: [[String]] = [[start.name]]
        var seen: Set<String> = []
        while !ways.isEmpty {
            var next: [[String]] = []
            for way in ways {
                for name in dependencies[way.last ?? ""] ?? [] {
                    if name == start.name { return way + [name] }
                    if seen.insert(name).inserted { next.append(way + [name]) }
                }
            }
            ways = next
        }
        return nil
    }
}
