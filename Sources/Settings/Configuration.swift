internal import Manifests

/// `plumb.yaml`: the environments of a repository.
package struct Configuration: Sendable {
    package var environments: [EnvironmentConfiguration]
    /// What holds for environments that say nothing else, those found by their folder included.
    package var defaults: EnvironmentConfiguration
    /// Projects that environments may name; one of the same name in a policy from outside takes the place of it.
    package var projects: [Project] = []

    package init(
        environments: [EnvironmentConfiguration] = [], defaults: EnvironmentConfiguration = EnvironmentConfiguration(name: "", path: "")
    ) {
        self.environments = environments
        self.defaults = defaults
    }

    /// What is said of an environment that a plan names: by its name, or by its folder; the defaults where nobody speaks of it.
    package func environments(named name: String, path: String) -> [EnvironmentConfiguration] {
        let found = environments.filter { $0.name == name || $0.path == path }
        return found.isEmpty ? [environment(named: name, path: path)] : found
    }

    /// The environment that a plan was made of.
    package func environment(planned name: String, path: String) -> EnvironmentConfiguration {
        environments.first { $0.name == name } ?? environment(named: name, path: path)
    }

    /// An environment with everything that the defaults say.
    func environment(named name: String, path: String) -> EnvironmentConfiguration {
        var environment = defaults
        environment.name = name
        environment.path = path
        return environment
    }
}
