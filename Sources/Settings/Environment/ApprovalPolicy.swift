internal import Manifests

/// How many people must have signed a plan.
package struct ApprovalPolicy: Hashable, Sendable {
    package var required: Int
    /// The actions (`create`, `update`, `replace`, `delete`) that ask for approvals; empty when every plan needs them.
    package var requiredFor: [String]
    /// Whether signatures by the commit's author and committer do not count.
    package var excludesCommitter: Bool
    /// Path of the `allowed_signers` file in the repository.
    package var allowedSigners: String?

    package init(required: Int, requiredFor: [String] = [], excludesCommitter: Bool = false, allowedSigners: String? = nil) {
        self.required = required
        self.requiredFor = requiredFor
        self.excludesCommitter = excludesCommitter
        self.allowedSigners = allowedSigners
    }

    static let settings = SettingGroup(
        empty: ApprovalPolicy(required: 1),
        [
            Setting("required", \.required, .int(0...100), default: 1, "How many."),
            Setting(
                "requiredFor", \.requiredFor, actions,
                "The actions that ask for approvals. Without this key every plan needs them."),
            Setting(
                "excludeCommitter", \.excludesCommitter, .bool, default: false,
                "Whether signatures by the commit's author and committer do not count."),
            Setting(
                "allowedSigners", \.allowedSigners, .file(orElse: "a file elsewhere is named with --allowed-signers"),
                "Who may approve: a file of the repository in the form of ssh-keygen's ALLOWED SIGNERS."),
        ])

    private static let actions = SettingKind<[String]>.list(of: .choice(["create", "update", "replace", "delete"], called: "action"))
        .checked(["minItems": 1]) { actions, field throws(Diagnostic) in
            guard !actions.isEmpty else {
                throw field.fault("names no action", advice: "without the key every plan needs approvals; 'required: 0' asks for none")
            }
            var seen: Set<String> = []
            return actions.filter { seen.insert($0).inserted }
        }
}
