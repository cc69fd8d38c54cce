internal import Manifests
internal import Planning
internal import Settings

/// The policy from outside of the repository: `--policy`, or the variable `PLUMB_POLICY`.
struct PolicyFile: Sendable {
    let path: String
    let policy: Policy
    /// Of the file's bytes, for the audit log.
    let digest: String

    static func open(_ options: GlobalOptions, context: ProcessContext) throws -> PolicyFile? {
        guard let path = options.policy ?? context.variables["PLUMB_POLICY"].flatMap({ $0.isEmpty ? nil : $0 }) else { return nil }
        let bytes = try Platform.read(context.path(path))
        return PolicyFile(path: context.path(path), policy: try PolicyReader.read(bytes, file: path), digest: Digest.sha256(of: bytes))
    }

    /// A file that the policy names, beside it.
    func file(_ name: String) throws -> NamedBytes {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return NamedBytes(name: name, bytes: try Platform.read("\(folder)/\(name)"))
    }
}
