internal import Crypto
internal import Manifests

/// Writes a plan as its file has it and takes its digest meanwhile, some changes at a time: a plan of thousands never stands in
/// memory as JSON values, nor its canonical form as one text.
struct PlanFileWriter {
    /// Changes in the two forms, without what stands around them.
    private struct Part: Sendable {
        var pretty: [UInt8] = []
        var canonical: [UInt8] = []
    }

    private static let digestKey = "digest"
    private static let changesKey = "changes"
    /// How many changes are written at a time.
    private static let partSize = 64

    private let isForDigestAlone: Bool
    /// What stands before the changes and behind them, in order; the digest's own member among the latter.
    private let before: [Member]
    private let after: [Member]
    /// What the digest is over.
    private var hash = SHA256()
    private var canonical: [UInt8] = []
    /// The file up to the digest, which is over what follows it too, and from there on.
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var isFirstMember = true
    private var hasChanges = false

    // MARK: Whole files

    static func bytes(of plan: Plan) -> [UInt8] {
        var writer = written(plan, isForDigestAlone: false)
        return writer.bytes()
    }

    static func digest(of plan: Plan) -> String { Digest.text(written(plan, isForDigestAlone: true).hash.finalize()) }

    private static func written(_ plan: Plan, isForDigestAlone: Bool) -> PlanFileWriter {
        var writer = PlanFileWriter(plan, isForDigestAlone: isForDigestAlone)
        writer.begin()
        for part in parts(of: plan) { writer.add(Self.part(plan.changes[part], isForDigestAlone: isForDigestAlone)) }
        writer.end()
        return writer
    }

    /// The same bytes, made by all processors.
    static func bytesSideBySide(of plan: Plan) async throws -> [UInt8] {
        var writer = PlanFileWriter(plan, isForDigestAlone: false)
        writer.begin()
        var rest = parts(of: plan)[...]
        while !rest.isEmpty {
            // So many at a time that few of them are in memory besides the whole.
            let round = rest.prefix(BoundedTasks.processors)
            rest = rest.dropFirst(round.count)
            let made = try await BoundedTasks.map(Array(round), limit: round.count) { part in
                Self.part(plan.changes[part], isForDigestAlone: false)
            }
            for part in made { writer.add(part) }
        }
        writer.end()
        return writer.bytes()
    }

    private static func parts(of plan: Plan) -> [Range<Int>] {
        stride(from: 0, to: plan.changes.count, by: partSize).map { $0..<min($0 + partSize, plan.changes.count) }
    }

    private static func part(_ changes: ArraySlice<Change>, isForDigestAlone: Bool) -> Part {
        var part = Part()
        for index in changes.indices {
            let value = changes[index].encoded
            if isForDigestAlone {
                if index > changes.startIndex { part.canonical.append(UInt8(ascii: ",")) }
                JSONWriter.append(canonical: value, to: &part.canonical)
            } else {
                if index > changes.startIndex { part.pretty += ",\n    ".utf8 }
                JSONWriter.append(pretty: value, depth: 2, to: &part.pretty)
            }
        }
        if !isForDigestAlone { part.canonical = JSONWriter.canonical(ofPretty: part.pretty) }
        return part
    }

    // MARK: Pieces

    private init(_ plan: Plan, isForDigestAlone: Bool) {
        self.isForDigestAlone = isForDigestAlone
        let members = plan.encodedFrame.members + [Member(key: Self.digestKey, value: .null)]
        let sorted = members.sorted { UTF8Order.isLess($0.key, $1.key) }
        before = sorted.filter { UTF8Order.isLess($0.key, Self.changesKey) }
        after = sorted.filter { !UTF8Order.isLess($0.key, Self.changesKey) }
    }

    private mutating func begin() {
        pretty("{\n")
        canonical.append(UInt8(ascii: "{"))
        for member in before { write(member) }
        name(Self.changesKey)
        canonical.append(UInt8(ascii: "["))
        pretty("[")
    }

    private mutating func add(_ part: Part) {
        if hasChanges { canonical.append(UInt8(ascii: ",")) }
        pretty(hasChanges ? ",\n    " : "\n    ")
        hasChanges = true
        flush()
        hash.update(data: part.canonical)
        tail += part.pretty
    }

    private mutating func end() {
        canonical.append(UInt8(ascii: "]"))
        pretty(hasChanges ? "\n  ]" : "]")
        for member in after {
            if member.key == Self.digestKey { putDigestHere() } else { write(member) }
        }
        canonical.append(UInt8(ascii: "}"))
        flush()
    }

    /// The file with its digest, which is known by now.
    private mutating func bytes() -> [UInt8] {
        let digest = Digest.text(hash.finalize())
        var bytes = head
        head = []
        bytes += "  \"\(Self.digestKey)\": \"\(digest)\"".utf8
        bytes += tail
        bytes += "\n}\n".utf8
        return bytes
    }

    /// The changes stand before it, so that it is never the first member.
    private mutating func putDigestHere() {
        swap(&head, &tail)
        head += ",\n".utf8
    }

    private mutating func write(_ member: Member) {
        name(member.key)
        value(member.value, depth: 1)
    }

    private mutating func name(_ key: String) {
        if !isFirstMember {
            canonical.append(UInt8(ascii: ","))
            pretty(",\n")
        }
        isFirstMember = false
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
