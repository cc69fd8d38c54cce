/// What the outside world says about published charts: variables and folders. Read once by the commands and passed in.
package struct ChartEnvironment: Sendable {
    package var variables: [String: String]
    package var homeDirectory: String
    /// Where archives are kept, in a folder `charts`.
    package var cacheDirectory: String
    package var userAgent: String

    package init(variables: [String: String], homeDirectory: String, cacheDirectory: String, userAgent: String) {
        self.variables = variables
        self.homeDirectory = homeDirectory
        self.cacheDirectory = cacheDirectory
        self.userAgent = userAgent
    }

    /// Helm's folder of configuration: `HELM_CONFIG_HOME`, else the user's own.
    private var helmConfiguration: String {
        if let folder = variables["HELM_CONFIG_HOME"], !folder.isEmpty { return folder }
        if let base = variables["XDG_CONFIG_HOME"], base.hasPrefix("/") { return "\(base)/helm" }
        #if os(macOS)
            return "\(homeDirectory)/Library/Preferences/helm"
        #else
            return "\(homeDirectory)/.config/helm"
        #endif
    }

    /// Where `helm repo add` keeps repositories with their credentials.
    var repositoriesFile: String { variables["HELM_REPOSITORY_CONFIG"] ?? "\(helmConfiguration)/repositories.yaml" }

    /// Files with credentials for registries, the first that knows the host wins: Helm's own, then Docker's.
    var registryFiles: [String] {
        [
            variables["HELM_REGISTRY_CONFIG"] ?? "\(helmConfiguration)/registry/config.json",
            (variables["DOCKER_CONFIG"] ?? "\(homeDirectory)/.docker") + "/config.json",
        ]
    }

    /// The proxy that the environment names for a scheme: capitals first.
    func proxy(scheme: String) -> (url: String, except: String)? {
        func variable(_ name: String) -> String? {
            [variables[name.uppercased()], variables[name]].compactMap { $0 }.first { !$0.isEmpty }
        }
        guard let proxy = variable("\(scheme)_proxy") else { return nil }
        return (proxy.contains("://") ? proxy : "http://\(proxy)", variable("no_proxy") ?? "")
    }
}
