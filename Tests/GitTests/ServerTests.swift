import Git
import Manifests
import Subprocess
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Credentials against real servers on the loopback address; left out where their programs are not installed.
@Suite struct ServerTests {
    private static let sshd = "/usr/sbin/sshd"
    private static let python = "/usr/bin/python3"

    private static func freePort() -> UInt16 {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(server, $0, length)
                getsockname(server, $0, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }

    private static func isListening(_ port: UInt16) -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Runs a server while `body` does.
    private func serving(
        _ program: String, _ arguments: [String], port: UInt16, _ folder: TestFolder, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        var custom: [Environment.Key: String] = [:]
        for (name, value) in folder.variables { custom[Environment.Key(stringLiteral: name)] = value }
        let configuration = Configuration(
            executable: .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(custom))
        _ = try await Subprocess.run(configuration, input: .none, output: .discarded, error: .discarded) { execution in
            var rounds = 0
            while !Self.isListening(port), rounds < 200 {
                rounds += 1
                try await Task.sleep(for: .milliseconds(25))
            }
            #expect(rounds < 200, "\(program) does not listen")
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            await execution.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))])
            try result.get()
        }
    }

    private func run(_ program: String, _ arguments: [String]) async throws {
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), input: .none, output: .discarded, error: .string(limit: 10_000))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    @Test(.enabled(if: access(sshd, X_OK) == 0 && geteuid() == 0, "needs an SSH server, and root to start it"), arguments: [true, false])
    func sshKeyAndKnownHosts(program: Bool) async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let port = Self.freePort()
        mkdir("/run/sshd", 0o755)
        for name in ["host", "user", "other"] {
            try await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder.path)/\(name)"])
        }
        try folder.write(try text("\(folder.path)/user.pub"), to: "authorized")
        try folder.write(
            "HostKey \(folder.path)/host\nAuthorizedKeysFile \(folder.path)/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPidFile none\n",
            to: "config")
        try folder.write("[127.0.0.1]:\(port) \(try text("\(folder.path)/host.pub"))", to: "known hosts")
        try folder.write("[127.0.0.1]:\(port) \(try text("\(folder.path)/other.pub"))", to: "wrong hosts")
        let url = "ssh://root@127.0.0.1:\(port)\(folder.path)/repo"
        try await serving(Self.sshd, ["-D", "-f", "\(folder.path)/config", "-o", "ListenAddress=127.0.0.1:\(port)"], port: port, folder) {
            func open(_ key: String, _ hosts: String) async throws -> GitRepository {
                var environment = folder.environment(program: program)
                environment.variables["PLUMB_GIT_SSH_KEY"] = "\(folder.path)/\(key)"
                environment.variables["PLUMB_GIT_KNOWN_HOSTS"] = "\(folder.path)/\(hosts)"
                return try await GitRepository.open(GitLocation(parsing: url, relativeTo: "/"), environment: environment)
            }
            let wrongHost = await #expect(throws: Diagnostic.self) { try await open("user", "wrong hosts") }
            #expect(wrongHost?.message.contains("host key") == true, "\(String(describing: wrongHost))")
            let wrongKey = await #expect(throws: Diagnostic.self) { try await open("other", "known hosts") }
            #expect(wrongKey?.message.contains("refused the SSH key") == true, "\(String(describing: wrongKey))")
            let commit = try await open("user", "known hosts").resolve("main")
            #expect(commit.summary == "first")
        }
    }

    @Test(.enabled(if: access(python, X_OK) == 0, "needs python3 for a server"), arguments: [true, false])
    func token(program: Bool) async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let port = Self.freePort()
        try folder.write(Self.server, to: "server.py")
        let url = "http://127.0.0.1:\(port)/repo"
        let gitProgram = try #require(TestFolder.program)
        try await serving(Self.python, ["\(folder.path)/server.py", String(port), folder.path, gitProgram], port: port, folder) {
            func open(_ text: String, _ variables: [String: String]) async throws -> GitRepository {
                var environment = folder.environment(program: program)
                environment.variables.merge(variables) { $1 }
                return try await GitRepository.open(GitLocation(parsing: text, relativeTo: "/"), environment: environment)
            }
            let none = await #expect(throws: Diagnostic.self) { try await open(url, [:]) }
            #expect(none?.message.contains("wants credentials") == true, "\(String(describing: none))")
            let wrong = await #expect(throws: Diagnostic.self) { try await open(url, ["PLUMB_GIT_TOKEN": "wr0ng"]) }
            #expect(wrong?.message.contains("refused the credentials") == true, "\(String(describing: wrong))")
            #expect(wrong?.description.contains("wr0ng") == false)
            let elsewhere = await #expect(throws: Diagnostic.self) {
                try await open(url, ["PLUMB_GIT_TOKEN": "t0ken", "PLUMB_GIT_TOKEN_HOST": "example.org"])
            }
            #expect(elsewhere?.message.contains("wants credentials") == true, "\(String(describing: elsewhere))")
            let commit = try await open(url, ["PLUMB_GIT_TOKEN": "t0ken\n"]).resolve("main")
            #expect(commit.summary == "first")
            let again = try await open(url.split(separator: "//").joined(separator: "//x:t0ken@"), [:])
            #expect(try await again.resolve("HEAD").summary == "first")
            // Nothing on disk holds the token.
            await #expect(throws: GitCommandFailure.self) { try await folder.git("grep", "--no-index", "-q", "t0ken", in: "cache") }
        }
    }

    private func text(_ path: String) throws -> String {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let tree = try WorkingFolderTree(root: String(path[..<slash]))
        return String(decoding: try tree.read(String(path[path.index(after: slash)...])), as: UTF8.self)
    }

    /// `git http-backend` behind basic authentication.
    private static let server = """
        import base64, http.server, os, subprocess, sys
        port, root, git = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        right = 'Basic ' + base64.b64encode(b'x-access-token:t0ken').decode()
        other = 'Basic ' + base64.b64encode(b'x:t0ken').decode()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *arguments): pass
            def answer(self):
                data = b''
                if self.headers.get('Transfer-Encoding') == 'chunked':
                    while True:
                        size = int(self.rfile.readline(), 16)
                        data += self.rfile.read(size)
                        self.rfile.readline()
                        if size == 0: break
                else: data = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                if self.headers.get('Authorization') not in (right, other):
                    self.send_response(401)
                    self.send_header('WWW-Authenticate', 'Basic realm="x"')
                    self.send_header('Content-Length', '0')
                    self.end_headers()
                    return
                path, _, query = self.path.partition('?')
                variables = dict(os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL='1', PATH_INFO=path, QUERY_STRING=query,
                    REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get('Content-Type') or '', REMOTE_USER='x',
                    HTTP_CONTENT_ENCODING=self.headers.get('Content-Encoding') or '', GIT_PROTOCOL=self.headers.get('Git-Protocol') or '')
                out = subprocess.run([git, 'http-backend'], input=data, env=variables, stdout=subprocess.PIPE).stdout
                head, _, body = out.partition(b'\\r\\n\\r\\n')
                fields = [line.split(': ', 1) for line in head.decode().split('\\r\\n')]
                self.send_response(int(dict(fields).get('Status', '200')[:3]))
                for name, value in fields:
                    if name != 'Status': self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_GET = do_POST = answer
        http.server.ThreadingHTTPServer(('127.0.0.1', port), Handler).serve_forever()
        """
}
