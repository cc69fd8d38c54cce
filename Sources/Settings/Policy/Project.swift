internal import Manifests

/// What the environments of a team may do, in the words of Argo CD's AppProject.
package struct Project: Hashable, Sendable {
    package var name = ""
    package var description = ""
    /// Repositories that may be applied: globs over URLs, `*` for all, `!` denies.
    package var sourceRepos: [String] = []
    /// Where to: `!` in front of a server, name or namespace denies.
    package var destinations: [Destination] = []
    package var clusterResourceWhitelist: [KindPattern] = []
    package var clusterResourceBlacklist: [KindPattern] = []
    /// `nil` allows all kinds, an empty list none.
    package var namespaceResourceWhitelist: [KindPattern]?
    package var namespaceResourceBlacklist: [KindPattern] = []
    package var syncWindows: [SyncWindow] = []

    package init() {}

    package struct Destination: Hashable, Sendable {
        /// A glob over the server's URL; empty when the name decides.
        package var server = ""
        /// A glob over the kubeconfig context.
        package var name = ""
        package var namespace = ""

        package init() {}

        static let settings = SettingGroup(
            empty: Destination(),
            [
                Setting("server", \.server, .glob, "A glob over the server's URL; a ! in front denies."),
                Setting("name", \.name, .glob, "A glob over the kubeconfig context; a ! in front denies."),
                Setting("namespace", \.namespace, .glob, "A glob over the namespace; a ! in front denies."),
            ])
    }

    package struct KindPattern: Hashable, Sendable {
        package var group = ""
        package var kind = ""
        /// A glob over the name; empty for all. For cluster-scoped objects alone.
        package var name = ""

        package init() {}

        static let settings = SettingGroup(
            empty: KindPattern(),
            [
                Setting("group", \.group, .text, isRequired: true, "A glob over the API group; empty for the core group."),
                Setting("kind", \.kind, .glob, isRequired: true, "A glob over the kind."),
                Setting("name", \.name, .glob, "A glob over the name."),
            ])
    }

    static let settings = SettingGroup(
        empty: Project(),
        [
            Setting("name", \.name, .word, isRequired: true, "The project's name."),
            Setting("description", \.description, .text, "What it is for."),
            Setting(
                "sourceRepos", \.sourceRepos, .list(of: .glob),
                "Repositories that may be applied: globs over URLs, '*' for all; a ! in front denies."),
            Setting("destinations", \.destinations, .list(of: Destination.settings.kind), "Targets and namespaces that may be applied to."),
            Setting(
                "clusterResourceWhitelist", \.clusterResourceWhitelist, .list(of: KindPattern.settings.kind),
                "Kinds without a namespace that may be applied. Without this key none may."),
            Setting(
                "clusterResourceBlacklist", \.clusterResourceBlacklist, .list(of: KindPattern.settings.kind),
                "Kinds without a namespace that may not be applied."),
            Setting(
                "namespaceResourceWhitelist", \.namespaceResourceWhitelist, .list(of: KindPattern.settings.kind),
                "Kinds with a namespace that may be applied. Without this key all may."),
            Setting(
                "namespaceResourceBlacklist", \.namespaceResourceBlacklist, .list(of: KindPattern.settings.kind),
                "Kinds with a namespace that may not be applied."),
            Setting("syncWindows", \.syncWindows, .list(of: SyncWindow.settings.kind), "When the project's environments may be applied."),
        ])
}
