internal import Crypto
internal import Manifests

/// Writes a plan as its file has it and takes its digest meanwhile, change by change: a plan of thousands never stands in
/// memory as JSON values, nor its canonical form as one text.
struct PlanFileWriter {
    /// What the digest is over.
    private var hash = SHA256()
    /// The file up to the digest, which is over what follows it too, and from there on.
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var canonical: [UInt8] = []
    private let isForDigestAlone: Bool

    private static let digestKey = "digest"
    private static let changesKey = "changes"

    static func bytes(of plan: Plan) -> [UInt8] {
        var writer = PlanFileWriter(isForDigestAlone: false)
        writer.write(plan)
        let digest = Digest.text(writer.hash.finalize())
        var bytes = writer.head
        writer.head = []
        bytes += "  \"\(digestKey)\": \"\(digest)\"".utf8
        bytes += writer.tail
        bytes += "\n}\n".utf8
        return bytes
    }

    static func digest(of plan: Plan) -> String {
        var writer = PlanFileWriter(isForDigestAlone: true)
        writer.write(plan)
        return Digest.text(writer.hash.finalize())
    }

    private init(isForDigestAlone: Bool) { self.isForDigestAlone = isForDigestAlone }

    private mutating func write(_ plan: Plan) {
        var members = plan.encodedFrame.members
        members.append(Member(key: Self.changesKey, value: .null))
        members.append(Member(key: Self.digestKey, value: .null))
        members.sort { UTF8Order.isLess($0.key, $1.key) }
        pretty("{\n")
        canonical.append(UInt8(ascii: "{"))
        var isFirst = true
        var isBehindDigest = false
        for member in members {
            if member.key == Self.digestKey {
                isBehindDigest = true
                swap(&head, &tail)
                if !isFirst { head += ",\n".utf8 }
                continue
            }
            if !isFirst { canonical.append(UInt8(ascii: ",")) }
            if !isFirst || isBehindDigest { pretty(",\n") }
            isFirst = false
            name(member.key)
            if member.key == Self.changesKey { changes(plan.changes) } else { value(member.value, depth: 1) }
        }
        canonical.append(UInt8(ascii: "}"))
        flush()
    }

    private mutating func changes(_ changes: [Change]) {
        canonical.append(UInt8(ascii: "["))
        pretty("[")
        for (index, change) in changes.enumerated() {
            if index > 0 { canonical.append(UInt8(ascii: ",")) }
            pretty(index > 0 ? ",\n    " : "\n    ")
            value(change.encoded, depth: 2)
            if canonical.count > 1 << 16 { flush() }
        }
        canonical.append(UInt8(ascii: "]"))
        pretty(changes.isEmpty ? "]" : "\n  ]")
    }

    private mutating func name(_ key: String) {
        pretty("  ")
        value(.string(key), depth: 1)
        canonical.append(UInt8(ascii: ":"))
        pretty(": ")
    }

    private mutating func value(_ value: Value, depth: Int) {
        JSONWriter.append(canonical: value, to: &canonical)
        if !isForDigestAlone { JSONWriter.append(pretty: value, depth: depth, to: &tail) }
    }

    private mutating func pretty(_ text: String) {
        if !isForDigestAlone { tail += text.utf8 }
    }

    private mutating func flush() {
        hash.update(data: canonical)
        canonical.removeAll(keepingCapacity: true)
    }
}
