import Manifests

/// Where a sandbox keeps its things: a data folder, or memory and a temporary folder for the kubeconfig.
struct Home: Sendable {
    let identity: ServerIdentity
    let store: ObjectStore
    private let folder: String?
    private let kubeconfigPath: String?

    init(_ options: SandboxOptions) throws {
        folder = options.dataFolder
        kubeconfigPath = options.kubeconfigPath
        store = ObjectStore()
        guard let folder else {
            identity = try ServerIdentity.make()
            return
        }
        try FileAccess.makeFolder(folder)
        if let bytes = try FileAccess.read("\(folder)/identity.json") {
            guard let value = try? JSONParser.parse(bytes), let known = ServerIdentity(value) else {
                throw Diagnostic("'\(folder)/identity.json' is damaged", advice: "remove the data folder to begin anew")
            }
            identity = known
        } else {
            identity = try ServerIdentity.make()
            try FileAccess.writeAtomically(JSONWriter.pretty(identity.value), to: "\(folder)/identity.json")
        }
        let (journal, records) = try Journal.open(path: "\(folder)/journal.jsonl")
        store.attach(journal, contents: records)
    }

    /// Writes the kubeconfig, and the port for the next start.
    func announce(port: Int) throws(Diagnostic) -> Sandbox.Ready {
        var identity = identity
        identity.port = port
        if let folder { try FileAccess.writeAtomically(JSONWriter.pretty(identity.value), to: "\(folder)/identity.json") }
        let path: String
        if let kubeconfigPath {
            path = kubeconfigPath
        } else if let folder {
            path = "\(folder)/kubeconfig"
        } else {
            path = "\(try FileAccess.makeTemporaryFolder())/kubeconfig"
        }
        try FileAccess.writeAtomically(identity.kubeconfig, to: path)
        return Sandbox.Ready(
            url: "https://127.0.0.1:\(port)", kubeconfigPath: path, token: identity.token,
            authorityPEM: identity.authorityPEM, port: port)
    }
}
