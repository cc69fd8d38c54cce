internal import CZlib

/// The gzip format (RFC 1952), through zlib.
///
/// The same bytes give the same compressed bytes: neither a time nor a name is written into the header.
package enum Gzip {
    package enum Fault: Error, Hashable, Sendable {
        /// No gzip, cut short, or its checksum does not match.
        case malformed
        /// It unpacks to more than the caller allows.
        case tooLarge
        /// zlib has no memory left.
        case outOfMemory
    }

    /// Whether bytes begin as gzip does.
    package static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    private static let chunkBytes = 1 << 16
    /// zlib counts what it is given in 32 bits.
    private static let inputBytesMax = 1 << 30

    /// - Throws: `tooLarge` for more than 1 GiB.
    package static func compress(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        guard bytes.count <= inputBytesMax else { throw .tooLarge }
        var stream = z_stream()
        // What is compressed here is digests and UIDs for the most part: more effort takes twice the time for 5 % less.
        guard plumb_gzip_deflate_init(&stream, Z_BEST_SPEED) == Z_OK else { throw .outOfMemory }
        defer { deflateEnd(&stream) }
        return try run(&stream, over: bytes, bytesMax: .max) { stream in deflate(&stream, Z_FINISH) }
    }

    /// - Parameter bytesMax: What it may unpack to: a few bytes can stand for gigabytes.
    package static func decompress(_ bytes: [UInt8], bytesMax: Int) throws(Fault) -> [UInt8] {
        guard bytes.count <= inputBytesMax else { throw .tooLarge }
        var stream = z_stream()
        guard plumb_gzip_inflate_init(&stream) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        return try run(&stream, over: bytes, bytesMax: bytesMax) { stream in inflate(&stream, Z_NO_FLUSH) }
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
                // Without progress the input was cut short.
                guard code == Z_OK, written > 0 || stream.avail_in > 0 else { return code == Z_MEM_ERROR ? .outOfMemory : .malformed }
            }
        }
        if let fault { throw fault }
        return output
    }
}
