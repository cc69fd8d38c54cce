import Manifests

/// The input is a YAML stream: read under every schema, printed and read again, which must give the same values.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: bytes, count: count))
    for schema in [YAMLSchema.kubernetes, .kustomize] {
        let options = YAMLLoader.Options(
            schema: schema, recordsPositions: schema == .kubernetes, recordsBlanks: schema == .kustomize,
            convertsKeys: schema == .kubernetes)
        guard let documents = try? YAMLLoader.load(text, file: "input", options: options) else { continue }
        for document in documents where RoundTrip.isExact(document.value) { RoundTrip.check(document.value, schema) }
    }
    return 0
}

/// What is printed and read again.
enum RoundTrip {
    static func check(_ value: Value, _ schema: YAMLSchema) {
        for foldsText in [true, false] {
            var emitter = YAMLEmitter(foldsText: foldsText)
            emitter.document(value)
            let printed = emitter.take()
            do {
                let again = try YAMLLoader.load(printed, file: "printed", options: .init(schema: schema))
                precondition(again.count == 1, "one document was printed, and \(again.count) are read")
                precondition(value.hasNonFiniteNumber || isSame(again[0].value, value), "another value is read than was printed")
            } catch {
                preconditionFailure("what was printed cannot be read: \(error)")
            }
        }
    }

    /// Line separators of Unicode do not survive go-yaml's writer, whose forms are kept: `yaml_emitter_write_plain_scalar`
    /// prints them as they are where its reader folds them.
    static func isExact(_ value: Value) -> Bool {
        switch value {
        case .string(let text): isExact(text)
        case .array(let items): items.allSatisfy(isExact)
        case .object(let object): object.members.allSatisfy { isExact($0.key) && isExact($0.value) }
        default: true
        }
    }

    private static func isExact(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0 == "\u{85}" || $0 == "\u{2028}" || $0 == "\u{2029}" }
    }

    /// Numbers count as the same whatever their type: `1.0` is printed as `1`.
    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let int), .double(let double)), (.double(let double), .int(let int)): return Double(int) == double
        case (.unsigned(let int), .double(let double)), (.double(let double), .unsigned(let int)): return Double(int) == double
        case (.array(let one), .array(let other)):
            return one.count == other.count && zip(one, other).allSatisfy { isSame($0, $1) }
        case (.object(let one), .object(let other)):
            return one.count == other.count
                && one.members.allSatisfy { member in other[member.key].map { isSame(member.value, $0) } ?? false }
        default: return left == right
        }
    }
}
