import Manifests

/// The input is a YAML stream: read under every schema, printed and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: bytes, count: count))
    for schema in [YAMLSchema.kubernetes, .kustomize] {
        let options = YAMLLoader.Options(
            schema: schema, recordsPositions: schema == .kubernetes, recordsBlanks: schema == .kustomize,
            convertsKeys: schema == .kubernetes)
        guard let documents = try? YAMLLoader.load(text, file: "input", options: options) else { continue }
        for document in documents {
            let printed = YAMLEmitter.kustomize(document.value)
            let isReadable = (try? YAMLLoader.load(printed, file: "printed", options: .init(schema: .kustomize))) != nil
            precondition(isReadable, "what was printed cannot be read")
        }
    }
    return 0
}
