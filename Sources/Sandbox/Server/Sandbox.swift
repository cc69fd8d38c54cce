internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import Manifests
internal import NIOCore
internal import NIOSSL

/// An embedded Kubernetes-style API server on loopback.
package enum Sandbox {
    /// What a started sandbox tells.
    package struct Ready: Sendable {
        package var url: String
        package var kubeconfigPath: String
        package var token: String
        package var authorityPEM: String
        package var port: Int
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter onReady: called once when connections are accepted and the kubeconfig is written.
    /// - Throws: `Diagnostic` for what the user can mend: a taken port, a folder that cannot be written, a bad rule.
    package static func run(_ options: SandboxOptions, onReady: @escaping @Sendable (Ready) -> Void) async throws {
        var denials: [AccessPolicy.Denial] = []
        for text in options.denials {
            guard let denial = AccessPolicy.Denial(text) else {
                throw Diagnostic(
                    "denied right '\(text)' is not VERB:GROUP/RESOURCE", advice: "for example 'create:/secrets' or 'patch:apps/deployments'"
                )
            }
            denials.append(denial)
        }
        let home = try Home(options)
        let policy = AccessPolicy(token: home.identity.token, denials: denials)
        let server = APIServer(store: home.store, policy: policy)
        server.bootstrap()
        let controllers = options.playsControllers ? WorkloadControllers(server: server, delay: options.controllerDelay) : nil
        let background = Background(server: server, controllers: controllers)
        let responder = SandboxResponder(server: server, faults: FaultInjector(rules: options.faults, seed: options.seed))
        let application = Application(
            responder: responder, server: .init { [identity = home.identity] in try SandboxChannel(tls: tls(identity), responder: $0) },
            configuration: .init(address: .hostname("127.0.0.1", port: options.port == 0 ? home.identity.port : options.port)),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                if let ready = try? home.announce(port: port) { onReady(ready) }
            }, logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await background.run() }
            group.addTask {
                do { try await application.run() } catch let error as IOError {
                    throw Diagnostic(
                        "cannot listen on 127.0.0.1:\(options.port == 0 ? home.identity.port : options.port): \(error.localizedText)",
                        advice: "choose another port with --port, or 0 for any")
                }
            }
            // Either one's end is the other's.
            try await group.next()
            group.cancelAll()
        }
    }

    private static func tls(_ identity: ServerIdentity) throws -> TLSConfiguration {
        let certificates = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificatePEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem)
        return .makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
    }
}

extension IOError {
    fileprivate var localizedText: String { description }
}
