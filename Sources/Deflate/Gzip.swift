internal import CZlib

/// The gzip format (RFC 1952), through zlib.
///
/// The same bytes give the same compressed bytes: neither a time nor a name is written into the header.
package enum Gzip {
    /// What is wrong with packed bytes, in Go's words, which Helm's users know.
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case invalidHeader
        case invalidChecksum
        case corrupt(offset: Int)
        case cutShort
        /// It unpacks to more than the caller allows.
        case tooLarge
        /// zlib has no memory left.
        case outOfMemory

        package var description: String {
            switch self {
            case .invalidHeader: "gzip: invalid header"
            case .invalidChecksum: "gzip: invalid checksum"
            case .corrupt(let offset): "flate: corrupt input before offset \(offset)"
            case .cutShort: "unexpected EOF"
            case .tooLarge: "it unpacks to more than it may"
            case .outOfMemory: "out of memory"
            }
        }
    }

    /// Whether bytes begin as gzip does.
    package static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    private static let chunkBytes = 1 << 16
    /// zlib counts what it is given in 32 bits.
    private static let inputBytesMax = 1 << 30

    /// How much time compressing may take.
    package enum Effort: Sendable {
        case quick
        case usual
    }

    /// - Throws: `tooLarge` for more than 1 GiB.
    package static func compress(_ bytes: [UInt8], effort: Effort = .usual) throws(Fault) -> [UInt8] {
        guard bytes.count <= inputBytesMax else { throw .tooLarge }
        var stream = z_stream()
        let level = effort == .quick ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION
        guard plumb_gzip_deflate_init(&stream, level) == Z_OK else { throw .outOfMemory }
        defer { deflateEnd(&stream) }
        return try run(&stream, over: bytes, bytesMax: .max) { stream in deflate(&stream, Z_FINISH) }
    }

    /// The content of all members, one after another.
    /// - Parameter bytesMax: What it may unpack to: a few bytes can stand for gigabytes.
    package static func decompress(_ bytes: [UInt8], bytesMax: Int) throws(Fault) -> [UInt8] {
        guard bytes.count <= inputBytesMax else { throw .tooLarge }
        var stream = z_stream()
        guard plumb_gzip_inflate_init(&stream) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        return try run(&stream, over: bytes, bytesMax: bytesMax) { stream in
            let code = inflate(&stream, Z_NO_FLUSH)
            // What follows a member is another one.
            return code == Z_STREAM_END && stream.avail_in > 0 ? inflateReset(&stream) : code
        }
    }

    /// Calls `step` until the stream ends, each time with room for another chunk.
    private static func run(
        _ stream: inout z_stream, over bytes: [UInt8], bytesMax: Int, _ step: (inout z_stream) -> Int32
    ) throws(Fault) -> [UInt8] {
        var input = bytes
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        let fault = input.withUnsafeMutableBufferPointer { input -> Fault? in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while true {
                let (code, written) = chunk.withUnsafeMutableBufferPointer { chunk in
                    stream.next_out = chunk.baseAddress
                    stream.avail_out = UInt32(chunk.count)
                    let code = step(&stream)
                    return (code, chunk.count - Int(stream.avail_out))
                }
                output += chunk[..<written]
                guard output.count <= bytesMax else { return .tooLarge }
                if code == Z_STREAM_END { return nil }
                guard code == Z_OK, written > 0 || stream.avail_in > 0 else { return Self.fault(code, stream) }
            }
        }
        if let fault { throw fault }
        return output
    }

    private static func fault(_ code: Int32, _ stream: z_stream) -> Fault {
        switch code {
        case Z_MEM_ERROR: return .outOfMemory
        // Without progress the input was cut short.
        case Z_OK, Z_BUF_ERROR: return .cutShort
        default: break
        }
        switch stream.msg.map({ String(cString: $0) }) {
        case "incorrect data check", "incorrect length check": return .invalidChecksum
        case "incorrect header check", "unknown compression method", "unknown header flags set", "header crc mismatch",
            "invalid window size":
            return .invalidHeader
        default: return .corrupt(offset: Int(stream.total_in))
        }
    }
}
