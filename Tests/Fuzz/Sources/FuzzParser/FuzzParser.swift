import Rendering

/// The input is a template's text, which is split into tokens and parsed, and not run: many times as many as `FuzzTemplate` tries.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzParser(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    _ = try? TemplateParser.parse(Array(UnsafeBufferPointer(start: bytes, count: count)), name: "t", functions: HelmFunctions.all)
    return 0
}
