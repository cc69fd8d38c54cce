internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP2
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP2
internal import NIOSSL

/// A connection over TLS that speaks HTTP/2 or HTTP/1.1, whichever the client asks for.
///
/// In place of the library's own, whose HTTP/2 connections keep strict limits against hostile clients: libcurl acknowledges
/// data of streams that are already over, each of which counts as an error, and after 200 in half a minute the connection
/// was closed in the middle of everything. Here the only client is one's own.
struct SandboxChannel: ServerChildChannel {
    typealias Stream = HTTP1Channel.Value
    typealias Connection = NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<NIONegotiatedHTTPVersion<Stream, Connection>>
        let channel: any Channel
    }

    private let context: NIOSSLContext
    private let plain: HTTP1Channel

    init(tls: TLSConfiguration, responder: @escaping HTTPChannelHandler.Responder) throws {
        var tls = tls
        tls.applicationProtocols = NIOHTTP2SupportedALPNProtocols
        context = try NIOSSLContext(configuration: tls)
        plain = HTTP1Channel(responder: responder)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        do { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return channel.configureHTTP2AsyncSecureUpgrade { channel in
            plain.setup(channel: channel, logger: logger)
        } http2ConnectionInitializer: { channel in
            channel.eventLoop.makeCompletedFuture { try multiplex(channel) }
        }.map { Value(negotiated: $0, channel: channel) }
    }

    private func multiplex(_ channel: any Channel) throws -> Connection {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.maximumConnectionGlitches = .max
        connection.controlFrameRateLimit.maximumCount = .max
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = 1 << 20
        stream.streamResetFrameRateLimit.maximumCount = .max
        stream.streamErrorRateLimit.maximumCount = .max
        return try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
            mode: .server, configuration: .init(connection: connection, stream: stream)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTPServerCodec())
                return try Stream(wrappingChannelSynchronously: stream)
            }
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http1_1(let connection): await plain.handle(value: connection, logger: logger)
            case .http2(let connection):
                try await withThrowingDiscardingTaskGroup { group in
                    for try await stream in connection.inbound {
                        group.addTask { await plain.handle(value: stream, logger: logger) }
                    }
                }
            }
        } catch { logger.debug("a connection ended: \(error)") }
    }
}
