internal import Manifests

/// What an environment may not do: said of it in the repository's configuration, or by a policy from outside.
package struct EnvironmentLimits: Hashable, Sendable {
    /// The project that it belongs to.
    package var project: String?
    /// Globs over branches: a commit has to be on one of them.
    package var branches: [String] = []
    package var signatures: SignaturePolicy?
    package var syncWindows: [SyncWindow] = []
    /// Files of the repository whose presence freezes the environment.
    package var freeze: [String]?
    /// The user that requests to the target are made as.
    package var impersonatedUser: String?
    package var impersonatedGroups: [String] = []

    package init() {}

    /// A file that freezes every environment unless the configuration names others.
    package static let freezeFile = ".plumb/freeze"

    /// The files that freeze an environment: their text is the reason.
    package func freezeFiles(of environment: String) -> [String] { freeze ?? [Self.freezeFile, "\(Self.freezeFile)-\(environment)"] }

    static let settings: [Setting<EnvironmentLimits>] = [
        Setting("project", \.project, .word, "The project whose limits hold: one of 'projects', or of the policy from outside."),
        Setting(
            "branches", \.branches, .list(of: .glob),
            "Only commits on one of these branches are planned and applied: names or globs such as release/*."),
        Setting(
            "signatures", \.signatures, SignaturePolicy.settings.kind,
            "Only commits or tags that carry a valid signature are planned and applied."),
        Setting(
            "syncWindows", \.syncWindows, .list(of: SyncWindow.settings.kind), "When the environment may be applied, in Argo CD's words."),
        Setting(
            "freeze", \.freeze, .list(of: .file()),
            "Files of the repository that freeze the environment for as long as they are there; their text is the reason. By default .plumb/freeze, and .plumb/freeze-NAME for one environment."
        ),
        Setting("as", \.impersonatedUser, .word, "The user that all requests to the target are made as: the target decides who may."),
        Setting("asGroups", \.impersonatedGroups, .list(of: .word), "The groups of that user."),
    ]
}

/// Whose signature a commit has to carry.
package struct SignaturePolicy: Hashable, Sendable {
    /// `commit`, `tag` or `tagAndCommit`.
    package var mode = "commit"
    /// A file of the repository, or beside the policy, in the form of ssh-keygen's ALLOWED SIGNERS.
    package var allowedSigners: String?
    /// A file with public keys as `gpg --export` writes them.
    package var gpgKeys: String?

    package init() {}

    static let settings = SettingGroup(
        empty: SignaturePolicy(),
        [
            Setting(
                "mode", \.mode, .choice(["commit", "tag", "tagAndCommit"]), default: "commit",
                "What has to be signed: the commit, the tag that is planned, or both."),
            Setting(
                "allowedSigners", \.allowedSigners, .file(),
                "Who may sign with SSH keys: a file in the form of ssh-keygen's ALLOWED SIGNERS."),
            Setting("gpgKeys", \.gpgKeys, .file(), "Who may sign with OpenPGP keys: a file of public keys as 'gpg --export' writes it."),
        ]
    ) { policy, field throws(Diagnostic) in
        guard policy.allowedSigners != nil || policy.gpgKeys != nil else {
            throw field.fault("names nobody who may sign", advice: "name a file as allowedSigners, or as gpgKeys")
        }
    }
}
