internal import Manifests

/// Reads lists of `PartialObjectMetadata` in protobuf for the versions of their objects.
///
/// A server makes such a list in half the time of one in JSON, and what is read of it is a few texts an object: managedFields,
/// most of the metadata, are stepped over in one. Numbers of fields are those of apimachinery's `generated.proto`
/// (`runtime.Unknown`, `meta.v1.PartialObjectMetadataList`, `ListMeta`, `PartialObjectMetadata`, `ObjectMeta`).
enum ProtobufVersions {
    static let contentType = "application/vnd.kubernetes.protobuf"
    /// What the server puts before its messages.
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]
    private static let listKind = "PartialObjectMetadataList"

    static func isContentType(_ text: String?) -> Bool { text?.hasPrefix(contentType) ?? false }

    /// - Parameter item: is given each object as JSON would say it: its `metadata`, as far as `ObjectForm.versions` says.
    /// - Returns: The list without its items: its `metadata`.
    static func read(_ bytes: [UInt8], item: (Value) -> Void) throws(ProtobufReader.Fault) -> Value {
        try bytes.withUnsafeBufferPointer { buffer throws(ProtobufReader.Fault) in try read(buffer, item: item) }
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>, item: (Value) -> Void) throws(ProtobufReader.Fault) -> Value {
        guard bytes.starts(with: magic) else { throw ProtobufReader.Fault(description: "it does not begin as the server's messages do") }
        var kind = ""
        var list: UnsafeBufferPointer<UInt8>?
        var envelope = ProtobufReader(UnsafeBufferPointer(rebasing: bytes[magic.count...]))
        while let (number, bytes) = try envelope.nextBytes() {
            if number == 1 { kind = try self.kind(bytes) }
            if number == 2 { list = bytes }
        }
        guard kind == listKind, let list else { throw ProtobufReader.Fault(description: "it holds no \(listKind)") }
        var metadata: Object?
        var reader = ProtobufReader(list)
        while let (number, bytes) = try reader.nextBytes() {
            if number == 1 { metadata = try listMetadata(bytes) }
            if number == 2 { item(try object(bytes)) }
        }
        // Without it a list that was cut would be one of nothing.
        guard let metadata else { throw ProtobufReader.Fault(description: "the list has no metadata") }
        return ["metadata": .object(metadata)]
    }

    private static func object(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProtobufReader.Fault) -> Value {
        var metadata = Object()
        var reader = ProtobufReader(bytes)
        while let (number, bytes) = try reader.nextBytes() {
            if number == 1 { metadata = try objectMetadata(bytes) }
        }
        return ["metadata": .object(metadata)]
    }

    private static func objectMetadata(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProtobufReader.Fault) -> Object {
        var members: [Member] = []
        members.reserveCapacity(7)
        var labels: [Member] = []
        var annotations: [Member] = []
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() {
            switch (number, content) {
            case (1, .bytes(let bytes)): members.append(Member(key: "name", value: text(bytes)))
            case (3, .bytes(let bytes)): members.append(Member(key: "namespace", value: text(bytes)))
            case (5, .bytes(let bytes)): members.append(Member(key: "uid", value: text(bytes)))
            case (6, .bytes(let bytes)): members.append(Member(key: "resourceVersion", value: text(bytes)))
            case (7, .number(let generation)): members.append(Member(key: "generation", value: .int(Int64(bitPattern: generation))))
            case (11, .bytes(let bytes)): labels.append(try entry(bytes))
            case (12, .bytes(let bytes)): annotations.append(try entry(bytes))
            default: continue
            }
        }
        if !labels.isEmpty { members.append(Member(key: "labels", value: .object(Object(labels)))) }
        if !annotations.isEmpty { members.append(Member(key: "annotations", value: .object(Object(annotations)))) }
        return Object(members)
    }

    /// An entry of a map is a message of key and value.
    private static func entry(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProtobufReader.Fault) -> Member {
        var key = ""
        var value = Value.string("")
        var reader = ProtobufReader(bytes)
        while let (number, bytes) = try reader.nextBytes() {
            if number == 1 { key = String(decoding: bytes, as: UTF8.self) }
            if number == 2 { value = text(bytes) }
        }
        return Member(key: key, value: value)
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Value { .string(String(decoding: bytes, as: UTF8.self)) }

    private static func listMetadata(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProtobufReader.Fault) -> Object {
        var metadata = Object()
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() {
            switch (number, content) {
            case (2, .bytes(let bytes)): metadata["resourceVersion"] = text(bytes)
            case (3, .bytes(let bytes)): metadata["continue"] = text(bytes)
            case (4, .number(let count)): metadata["remainingItemCount"] = .int(Int64(clamping: count))
            default: continue
            }
        }
        return metadata
    }

    /// The kind of a `runtime.TypeMeta`.
    private static func kind(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProtobufReader.Fault) -> String {
        var kind = ""
        var reader = ProtobufReader(bytes)
        while let (number, bytes) = try reader.nextBytes() {
            if number == 2 { kind = String(decoding: bytes, as: UTF8.self) }
        }
        return kind
    }
}
