internal import Crypto
package import Manifests

/// The labels and annotations that were applied to an object: their names, and a digest over what they were.
///
/// They are what a generation does not count, and enough to tell without the manifest whether a live object still has them.
package struct AppliedMetadata: Hashable, Sendable {
    /// `annotations/NAME` and `labels/NAME`, in order.
    let fields: [String]
    /// The first bytes of a SHA-256 over names and values, in hexadecimal digits.
    let digest: String

    /// 64 bits: nobody gains by two sets of labels that look the same, and an inventory keeps one for each object.
    private static let digestBytes = 8
    private static let maps = ["annotations", "labels"]

    /// Of the metadata that was applied; `nil` when there is more of it than lists of versions tell.
    package init?(of metadata: Value) {
        guard let object = metadata.object else { return nil }
        var fields: [String] = []
        for member in object where member.key != "name" && member.key != "namespace" {
            guard Self.maps.contains(member.key), let map = member.value.object else { return nil }
            for entry in map {
                guard entry.value.string != nil else { return nil }
                fields.append("\(member.key)/\(entry.key)")
            }
        }
        fields.sort(by: UTF8Order.isLess)
        self.fields = fields
        guard let digest = Self.digest(of: fields, in: metadata) else { return nil }
        self.digest = digest
    }

    init(fields: [String], digest: String) {
        self.fields = fields
        self.digest = digest
    }

    /// Whether a live object's metadata has all of it as it was applied, whatever else it has.
    func isHeld(by metadata: Value) -> Bool { Self.digest(of: fields, in: metadata) == digest }

    /// `nil` where a field is missing.
    private static func digest(of fields: [String], in metadata: Value) -> String? {
        var hash = SHA256()
        for field in fields {
            guard let slash = field.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
            let name = String(field[field.utf8.index(after: slash)...])
            guard let value = metadata[String(field[..<slash])]?[name]?.string else { return nil }
            // Neither holds a zero: where one ends and the next begins is plain.
            for text in [field, value] {
                var text = text
                text.append("\0")
                text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            }
        }
        return Digest.hexadecimal(hash.finalize().prefix(digestBytes))
    }
}

extension AppliedMetadata {
    var encoded: Value { ["digest": .string(digest), "fields": .array(fields.map(Value.string))] }

    init?(decoding value: Value?) {
        guard let digest = value?["digest"]?.string, let fields = value?["fields"]?.array else { return nil }
        self.init(fields: fields.compactMap(\.string), digest: digest)
    }
}
