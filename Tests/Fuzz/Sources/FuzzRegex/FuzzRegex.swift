import Rendering

private let limits: EvaluationLimits = {
    var limits = EvaluationLimits()
    limits.secondsMax = 2
    return limits
}()

/// The first byte says how long the pattern is; the text follows it. Within a rendering's bounds, as templates match.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRegex(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let length = min(Int(input[0]), count - 1)
    guard let regex = try? GoRegex(String(decoding: input[1..<(1 + length)], as: UTF8.self)) else { return 0 }
    let text = Array(input[(1 + length)...])
    Evaluator(templates: TemplateSet(), limits: limits).metered {
        _ = regex.allMatches(text)
        _ = regex.replaceAll(text, with: Array("<$1${n}$0>".utf8))
        _ = regex.split(String(decoding: text, as: UTF8.self))
    }
    return 0
}
