internal import Manifests

extension ExecPlugin {
    /// Reads `users[].user.exec`.
    init(_ entry: KubeconfigEntry, user: String, cluster: KubeconfigEntry) throws(Diagnostic) {
        guard var command = try entry.text("command") else {
            throw Diagnostic("the credential plugin of user '\(user)' has no command", at: entry.position)
        }
        // A name is looked up in PATH; a path is seen from the kubeconfig's folder.
        if command.contains("/") { command = PathText.resolve(command, from: entry.folder) }
        let version = try Self.version(entry)
        self.init(version: version, command: command, arguments: try entry.texts("args"))
        for variable in try entry.items("env") {
            guard let name = try variable.text("name") else {
                throw Diagnostic("an entry of env has no name", at: variable.position)
            }
            environment.append((name: name, value: try variable.text("value") ?? ""))
        }
        installHint = try entry.text("installHint")
        interactiveMode = try Self.mode(entry, version: version)
        providesClusterInfo = try entry.flag("provideClusterInfo")
        if providesClusterInfo { clusterInfo = try Self.clusterInfo(cluster) }
    }

    private static func version(_ entry: KubeconfigEntry) throws(Diagnostic) -> Version {
        let text = try entry.text("apiVersion") ?? ""
        if let version = Version(rawValue: text) { return version }
        throw Diagnostic(
            text.isEmpty ? "the credential plugin has no apiVersion" : "credential plugins of \(text) are not supported",
            at: text.isEmpty ? entry.position : entry.position(of: "apiVersion"),
            advice: "set \(Version.v1.rawValue) or \(Version.v1beta1.rawValue); the plugin may need an update")
    }

    private static func mode(_ entry: KubeconfigEntry, version: Version) throws(Diagnostic) -> InteractiveMode {
        guard let text = try entry.text("interactiveMode") else {
            if version == .v1beta1 { return .ifAvailable }
            throw Diagnostic(
                "interactiveMode is required for \(version.rawValue)", at: entry.position,
                advice: "set Never, IfAvailable or Always")
        }
        guard let mode = InteractiveMode(rawValue: text) else {
            throw Diagnostic(
                "interactiveMode '\(text)' does not exist", at: entry.position(of: "interactiveMode"),
                advice: "set Never, IfAvailable or Always")
        }
        return mode
    }

    /// `spec.cluster` of the ExecCredential: the cluster's fields, its authority always as data, and what the
    /// extension of this name holds as `config`.
    private static func clusterInfo(_ cluster: KubeconfigEntry) throws(Diagnostic) -> String {
        var info = Object()
        for key in ["server", "tls-server-name", "proxy-url"] {
            if let text = try cluster.text(key) { info[key] = .string(text) }
        }
        for key in ["insecure-skip-tls-verify", "disable-compression"] where try cluster.flag(key) { info[key] = true }
        if let authority = try cluster.material("certificate-authority") {
            info["certificate-authority-data"] = .string(Base64.encode(authority.bytes))
        }
        for item in try cluster.items("extensions") where try item.text("name") == "client.authentication.k8s.io/exec" {
            info["config"] = item.value["extension"]
        }
        return String(decoding: JSONWriter.canonical(.object(info)), as: UTF8.self)
    }
}
