internal import Git
internal import Manifests
internal import Planning
internal import Settings

/// Whether an environment may be applied now.
struct TimeVerdict: Sendable {
    /// Why not; `nil` when it may.
    var refusal: Diagnostic?
    /// What a person went past, for the audit log.
    var overridden: String?
}

extension PolicyGate {
    /// Asks for files that freeze the environment, then the sync windows.
    /// - Parameters:
    ///   - trees: the commits in which a freeze counts: the one that is applied, and what the repository is at now.
    ///   - manual: why a person wants it all the same; `nil` when nobody asks for it.
    func time(_ now: Timestamp, subject: SyncWindows.Subject, trees: [GitTree], manual: String?) throws -> TimeVerdict {
        for source in sources {
            for file in source.limits.freezeFiles(of: environment) {
                for tree in trees {
                    guard let resolved = try? tree.resolve(file), try tree.entry(at: resolved) == .file else { continue }
                    let text = String(decoding: try tree.read(resolved).prefix(400), as: UTF8.self)
                    let reason = text.split(whereSeparator: \.isNewline).first.map { ": \($0.trimmed)" } ?? ""
                    return TimeVerdict(
                        refusal: Diagnostic(
                            "\(environment) is frozen\(reason)", at: SourcePosition(file: file),
                            advice: "it is, for as long as the file is there"))
                }
            }
        }
        let windows = SyncWindows(
            own: sources.flatMap(\.limits.syncWindows), shared: try projects().flatMap(\.syncWindows), subject: subject)
        switch windows.decide(at: now, isManual: manual != nil) {
        case .allowed: return TimeVerdict()
        case .overridden(let window): return TimeVerdict(overridden: window)
        case .denied(let reason, let isOverridable):
            let advice =
                isOverridable
                ? "--manual with the reason goes past it, and is recorded"
                : manual == nil ? nil : "it does not let itself be passed by --manual"
            return TimeVerdict(refusal: Diagnostic("\(environment) is not applied now: \(reason)", advice: advice))
        }
    }
}

extension Substring {
    /// Without spaces on both ends.
    fileprivate var trimmed: Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return start }
        return start[...last]
    }
}
