import CLibgit2
import Manifests
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One fetch by libgit2: what its callbacks need and what they find out.
final class LibraryFetch: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Result<Void, FetchFailure>, Never>?
        var result: Result<Void, FetchFailure>?
        /// What a callback found wrong; better words than the library's.
        var failure: FetchFailure?
        /// How often credentials were asked for: a second time means that they were refused.
        var attempts = 0
    }

    private let location: GitLocation
    private let environment: GitEnvironment
    private let credentials: GitCredentials?
    private let knownHosts: KnownHosts
    private let clock = ActivityClock()
    private let state = Mutex(State())

    init(location: GitLocation, environment: GitEnvironment, credentials: GitCredentials?) {
        self.location = location
        self.environment = environment
        self.credentials = credentials
        knownHosts = KnownHosts(environment: environment)
    }

    private var explainer: FetchExplainer {
        FetchExplainer(location: location, environment: environment, hasCredentials: credentials != nil)
    }

    /// Whom to tell when it is over; at once when it already is.
    func onEnd(_ continuation: CheckedContinuation<Result<Void, FetchFailure>, Never>) {
        let result = state.withLock { state in
            if state.result == nil { state.continuation = continuation }
            return state.result
        }
        if let result { continuation.resume(returning: result) }
    }

    /// Ends the fetch once; what comes later does not count.
    func end(_ result: Result<Void, FetchFailure>) {
        let continuation = state.withLock { state in
            guard state.result == nil else { return nil as CheckedContinuation<Result<Void, FetchFailure>, Never>? }
            state.result = result
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(returning: result)
    }

    private var isOver: Bool { state.withLock { $0.result != nil } }

    /// Gives up after the time without progress: this version of the library has no timeouts of its own.
    func watch() async {
        let timeout = Duration.seconds(environment.timeoutSeconds)
        let watcher = Task { try? await clock.waitForSilence(of: timeout) }
        while !isOver, !clock.isSilenceFound { try? await Task.sleep(for: .milliseconds(100)) }
        watcher.cancel()
        guard !isOver else { return }
        end(.failure(ProgramMessages(output: "", location: location, environment: environment, credentials: nil).timeout))
    }

    /// Runs on a thread of its own.
    func run(_ refspecs: [String], into folder: String) -> Result<Void, FetchFailure> {
        do throws(Libgit2Error) {
            let handle = try RepositoryHandle(path: folder, isSearching: false)
            var remote: OpaquePointer?
            let url = location.url
            try Libgit2.check("git_remote_create_anonymous", on: location.description) {
                git_remote_create_anonymous(&remote, handle.repository, url)
            }
            defer { git_remote_free(remote) }
            var options = git_fetch_options()
            git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
            options.prune = GIT_FETCH_PRUNE
            options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
            options.proxy_opts.type = GIT_PROXY_AUTO
            setCallbacks(&options.callbacks)
            let strings = refspecs.map { strdup($0) }
            defer { strings.forEach { free($0) } }
            var pointers: [UnsafeMutablePointer<CChar>?] = strings
            try pointers.withUnsafeMutableBufferPointer { buffer throws(Libgit2Error) in
                var list = git_strarray(strings: buffer.baseAddress, count: buffer.count)
                try Libgit2.check("git_remote_fetch", on: location.description) { git_remote_fetch(remote, &list, &options, nil) }
            }
            return .success(())
        } catch {
            return .failure(failure(error))
        }
    }

    private func failure(_ error: Libgit2Error) -> FetchFailure {
        if let found = state.withLock({ $0.failure }) { return found }
        if error.is(GIT_EAUTH) { return explainer.refusal }
        if error.is(GIT_ECERTIFICATE) {
            return explainer.failure(words: location.kind == .ssh ? "host key" : "certificate: \(error.message)")
        }
        return explainer.failure(words: error.message)
    }

    private func note(_ failure: FetchFailure) { state.withLock { $0.failure = $0.failure ?? failure } }

    private func setCallbacks(_ callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.transfer_progress = { _, payload in LibraryFetch.of(payload)?.progress() ?? -1 }
        callbacks.sideband_progress = { _, _, payload in LibraryFetch.of(payload)?.progress() ?? -1 }
        callbacks.credentials = { out, _, user, allowed, payload in
            LibraryFetch.of(payload)?.credential(out, user.map { String(cString: $0) }, allowed) ?? GIT_EAUTH.rawValue
        }
        callbacks.certificate_check = { certificate, isValid, host, payload in
            guard let fetch = LibraryFetch.of(payload), let certificate, let host else { return GIT_ECERTIFICATE.rawValue }
            return fetch.check(certificate, isValid: isValid != 0, host: String(cString: host))
        }
    }

    private static func of(_ payload: UnsafeMutableRawPointer?) -> LibraryFetch? {
        payload.map { Unmanaged<LibraryFetch>.fromOpaque($0).takeUnretainedValue() }
    }

    private func progress() -> CInt {
        clock.touch()
        return isOver ? GIT_EUSER.rawValue : 0
    }

    /// Offers what there is: the token, the key file, or the agent's keys.
    private func credential(_ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ user: String?, _ allowed: UInt32) -> CInt
    {
        clock.touch()
        let user = user ?? location.user ?? "git"
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 { return git_credential_username_new(out, user) }
        let attempt = state.withLock { state in
            state.attempts += 1
            return state.attempts
        }
        if attempt == 1 {
            if allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0, let credentials {
                return git_credential_userpass_plaintext_new(out, credentials.user, credentials.password)
            }
            if allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
                guard let key = environment.variable("PLUMB_GIT_SSH_KEY") else { return git_credential_ssh_key_from_agent(out, user) }
                return git_credential_ssh_key_new(out, user, nil, key, nil)
            }
        }
        note(explainer.refusal)
        return GIT_EAUTH.rawValue
    }

    /// TLS: what the library found is final. SSH: the known hosts files decide.
    private func check(_ certificate: UnsafeMutablePointer<git_cert>, isValid: Bool, host: String) -> CInt {
        clock.touch()
        guard certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
            if isValid { return 0 }
            note(explainer.failure(words: "the certificate of '\(host)' is not valid, or of an unknown authority"))
            return GIT_ECERTIFICATE.rawValue
        }
        let isKnown = certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) { key in
            guard key.pointee.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let bytes = key.pointee.hostkey else { return false }
            let raw = Array(UnsafeRawBufferPointer(start: bytes, count: key.pointee.hostkey_len))
            return knownHosts.isKnown(host: location.host, port: location.port, key: raw)
        }
        if isKnown { return 0 }
        note(explainer.failure(words: "host key verification failed"))
        return GIT_ECERTIFICATE.rawValue
    }
}
