/// Reads the fields of a protobuf message one after the other (protobuf.dev/programming-guides/encoding).
struct ProtobufReader {
    /// What a field holds, as far as the wire tells it.
    enum Content {
        case number(UInt64)
        /// A text, bytes, or a message within this one.
        case bytes(UnsafeBufferPointer<UInt8>)
        /// Of a fixed size, which nothing that is read here has.
        case other
    }

    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    /// - Parameter bytes: stay valid for as long as the reader and what it returns are used.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next field; `nil` after the last one.
    mutating func next() throws(Fault) -> (number: UInt64, content: Content)? {
        if place == bytes.count { return nil }
        let key = try varint()
        switch key & 7 {
        case 0: return (key >> 3, .number(try varint()))
        case 1:
            _ = try take(8)
            return (key >> 3, .other)
        case 2:
            return (key >> 3, .bytes(try take(try varint())))
        case 5:
            _ = try take(4)
            return (key >> 3, .other)
        default: throw Fault(description: "a field is of wire type \(key & 7)")
        }
    }

    /// The next field that is a text, bytes or a message; `nil` after the last one.
    mutating func nextBytes() throws(Fault) -> (number: UInt64, bytes: UnsafeBufferPointer<UInt8>)? {
        while let (number, content) = try next() {
            if case .bytes(let bytes) = content { return (number, bytes) }
        }
        return nil
    }

    private mutating func take(_ count: UInt64) throws(Fault) -> UnsafeBufferPointer<UInt8> {
        guard count <= UInt64(bytes.count - place) else { throw Fault(description: "a field is longer than what holds it") }
        let taken = UnsafeBufferPointer(rebasing: bytes[place..<(place + Int(count))])
        place += Int(count)
        return taken
    }

    private mutating func varint() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift < 70 else { throw Fault(description: "a number is too long") }
        }
        throw Fault(description: "it ends within a number")
    }
}
