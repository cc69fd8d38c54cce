import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A server on loopback that answers what a test says: plain HTTP/1.1, one thread a connection.
package final class LoopbackServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var path: String
        package var headers: [String: String]
        package var body: [UInt8]
        /// Counted from 1 over all connections.
        package var number: Int
        /// Counted from 1 in the order of accepting.
        package var connection: Int
    }

    package enum Answer: Sendable {
        /// Status, header lines, body; with its length.
        case reply(Int, [String], [UInt8])
        /// Exactly these bytes, then the connection ends.
        case raw(String)
        /// Waits, then answers.
        indirect case after(milliseconds: Int, Answer)
        /// Resets the connection without a word.
        case reset
    }

    package let port: Int
    private let listener: Int32
    private let counts = Mutex((requests: 0, connections: 0))
    private let answer: @Sendable (Request) -> Answer

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requestCount: Int { counts.withLock { $0.requests } }
    package var connectionCount: Int { counts.withLock { $0.connections } }

    package init(answer: @escaping @Sendable (Request) -> Answer) {
        self.answer = answer
        listener = socket(AF_INET, streamType, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = listen(listener, 128)
                _ = getsockname(listener, $0, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        startThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                let number = self.counts.withLock { counts in
                    counts.connections += 1
                    return counts.connections
                }
                startThread { self.serve(connection, number) }
            }
        }
    }

    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32, _ number: Int) {
        defer { close(connection) }
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer, number) {
            guard send(answer(request), connection) else { return }
        }
    }

    private func send(_ answer: Answer, _ connection: Int32) -> Bool {
        switch answer {
        case .reply(let status, let headers, let body):
            let head = "HTTP/1.1 \(status) X\r\nContent-Length: \(body.count)\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
            return write(connection, Array(head.utf8) + body)
        case .raw(let text):
            _ = write(connection, Array(text.utf8))
            return false
        case .after(let milliseconds, let answer):
            usleep(UInt32(milliseconds * 1000))
            return send(answer, connection)
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        }
    }

    private func write(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemSend(connection, $0) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8], _ number: Int) -> Request? {
        while true {
            if let end = headEnd(buffer) {
                let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    guard let colon = line.firstIndex(of: ":") else { continue }
                    headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
                }
                let length = Int(headers["content-length"] ?? "0") ?? 0
                if buffer.count >= end + 4 + length {
                    let words = lines[0].split(separator: " ")
                    let body = Array(buffer[(end + 4)..<(end + 4 + length)])
                    buffer.removeFirst(end + 4 + length)
                    let count = counts.withLock { counts in
                        counts.requests += 1
                        return counts.requests
                    }
                    return Request(
                        method: String(words[0]), path: String(words[1]), headers: headers, body: body, number: count,
                        connection: number)
                }
            }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let count = chunk.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return nil }
            if buffer.isEmpty, chunk[0] == 0x16 {
                // A TLS handshake: told off as real servers do.
                _ = write(connection, Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
                return nil
            }
            buffer += chunk[..<count]
        }
    }

    private func headEnd(_ buffer: [UInt8]) -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...(buffer.count - 4)).first { buffer[$0] == 13 && buffer[$0 + 1] == 10 && buffer[$0 + 2] == 13 && buffer[$0 + 3] == 10 }
    }
}

#if canImport(Glibc)
    private let streamType = Int32(SOCK_STREAM.rawValue)
    private func systemSend(_ connection: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }
    private typealias Thread = pthread_t
#else
    private let streamType = SOCK_STREAM
    private func systemSend(_ connection: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        send(connection, bytes.baseAddress, bytes.count, 0)
    }
    private typealias Thread = pthread_t?
#endif

private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(Body(run)).toOpaque()
    #if canImport(Glibc)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, body)
        pthread_detach(thread)
    #else
        var thread: pthread_t?
        pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, body)
        if let thread { pthread_detach(thread) }
    #endif
}
