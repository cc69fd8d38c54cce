import Foundation

extension TestRepository {
    /// Makes an SSH key without a passphrase, in the home.
    func key(_ name: String) async throws {
        let result = try await ChildProcess.run(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "\(folder)/home/\(name)"], environment: environment,
            in: folder)
        guard result.code == 0 else { throw TestFailure("\(result)") }
    }

    /// The key's type and base64.
    func publicKey(_ name: String) throws -> String {
        let text = try String(contentsOfFile: "\(folder)/home/\(name).pub", encoding: .utf8)
        return text.split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// Commits everything there is, signed.
    @discardableResult
    func signedCommit(by name: String) async throws -> String {
        try await git("add", "--all", ".")
        try await git(
            "-c", "gpg.format=ssh", "-c", "user.signingkey=\(folder)/home/\(name)", "commit", "--quiet", "--allow-empty", "--gpg-sign",
            "--message", "signed")
        return try await git("rev-parse", "HEAD")
    }

    /// A home of gpg's with a key for ada@example.org; `nil` where there is no gpg.
    func gpgHome() async -> String? {
        // A socket's path must be short: not below the test's own folder.
        let home = "/tmp/plumb-gpg-\(TestRepository.random())"
        try? FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let arguments = ["--batch", "--passphrase", "", "--quick-generate-key", "Ada <ada@example.org>", "ed25519", "sign", "never"]
        let result = try? await ChildProcess.run("gpg", arguments, environment: environment.merging(["GNUPGHOME": home]) { $1 }, in: folder)
        return result?.code == 0 ? home : nil
    }

    func gpg(_ home: String, _ arguments: String...) async throws -> String {
        let result = try await ChildProcess.run("gpg", arguments, environment: environment.merging(["GNUPGHOME": home]) { $1 }, in: folder)
        guard result.code == 0 else { throw TestFailure("\(result)") }
        return result.output
    }
}
