import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An HTTP endpoint on loopback that keeps what it is sent; a thread for each connection, one request each.
final class EventReceiver: Sendable {
    struct Taken: Sendable {
        /// In lower case.
        var head: String
        var body: [UInt8]
        var isTaken: Bool
    }

    private struct State {
        var requests: [Taken] = []
        var isRefusing = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    static func start() throws -> EventReceiver {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let listener = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int in
                guard bind(listener, generic, length) == 0, listen(listener, 64) == 0, getsockname(listener, generic, &length) == 0 else {
                    return 0
                }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
        guard port > 0 else { throw TestFailure("no port for the receiver of events") }
        let receiver = EventReceiver(listener: listener, port: port)
        Thread.detachNewThread { receiver.serve() }
        return receiver
    }

    private init(listener: Int32, port: Int) {
        self.listener = listener
        self.port = port
    }

    var requests: [Taken] { state.withLock { $0.requests } }
    func refuse(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            Thread.detachNewThread { self.answer(connection) }
        }
        close(listener)
    }

    private func answer(_ connection: Int32) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound].lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
            let start = text[..<end.upperBound].utf8.count
            guard let length, bytes.count >= start + length else { continue }
            let isRefusing = state.withLock { state in
                state.requests.append(Taken(head: head, body: Array(bytes[start..<(start + length)]), isTaken: !state.isRefusing))
                return state.isRefusing
            }
            let answer =
                "HTTP/1.1 \(isRefusing ? "503 Service Unavailable" : "204 No Content")\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            _ = answer.withCString { write(connection, $0, strlen($0)) }
            return
        }
    }
}
