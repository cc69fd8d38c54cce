package import Manifests

/// One rule of what goes wrong: `METHOD PATH-PATTERN: ACTION [MODIFIER]…`
///
///     PATCH /apis/apps/.*: 503 x3 retry-after=1
///     * .*: 429 p=0.2 retry-after=2
///     GET /api/v1/namespaces/.*: delay=500ms
///     PATCH .*: reset-after x1 after=4
///
/// The method is one of HTTP's or `*`; the pattern is a regular expression that must match the whole path with its query.
/// Actions: a status from 400 to 599; `reset` closes the connection before the request is served, `reset-after` once it
/// is served, `half` after half of the answer; `delay=DURATION` alone only slows down. Modifiers: `xN` (how often),
/// `after=N` (leaves the first N alone), `p=NUMBER` (probability), `delay=DURATION`, `retry-after=SECONDS`.
package struct FaultRule: Sendable {
    package enum Action: Sendable, Equatable {
        case pass
        case status(Int)
        case reset
        case resetAfter
        case half
    }

    package var text: String
    package var method: String
    package var pattern: String
    package var action: Action = .pass
    package var times: Int?
    package var skipped = 0
    package var probability = 1.0
    package var delay: Duration = .zero
    package var retryAfterSeconds: Int?

    /// Reads a rule.
    ///
    /// - Throws: `Diagnostic` that names the word it does not understand.
    package init(parsing text: String) throws(Diagnostic) {
        self.text = text
        func wrong(_ why: String) -> Diagnostic {
            Diagnostic(
                "fault rule '\(text)': \(why)",
                advice: "write it as 'METHOD PATH-PATTERN: ACTION', for example 'PATCH /apis/apps/.*: 503 x3 retry-after=1'")
        }
        guard let mark = text.range(of: ": ") else { throw wrong("no ': ' between the requests and the action") }
        let head = text[..<mark.lowerBound].split(separator: " ").map(String.init)
        guard head.count == 2 else { throw wrong("expected a method and a path pattern before ': '") }
        (method, pattern) = (head[0].uppercased(), head[1])
        if (try? Regex(pattern)) == nil { throw wrong("'\(pattern)' is no regular expression") }
        var hasAction = false
        for word in text[mark.upperBound...].split(separator: " ").map(String.init) {
            guard try take(word, &hasAction, wrong) else { throw wrong("'\(word)' is no action or modifier") }
        }
        if !hasAction { throw wrong("no action") }
    }

    private mutating func take(
        _ word: String, _ hasAction: inout Bool, _ wrong: (String) -> Diagnostic
    ) throws(Diagnostic) -> Bool {
        switch word {
        case "reset": action = .reset
        case "reset-after": action = .resetAfter
        case "half": action = .half
        default:
            if let status = Int(word) {
                guard (400...599).contains(status) else { throw wrong("the status must be between 400 and 599") }
                action = .status(status)
            } else if word.hasPrefix("x"), let count = Int(word.dropFirst()), count > 0 {
                times = count
                return true
            } else {
                guard try takeAssignment(word) else { return false }
                if word.hasPrefix("delay=") { hasAction = true }
                return true
            }
        }
        hasAction = true
        return true
    }

    private mutating func takeAssignment(_ word: String) throws(Diagnostic) -> Bool {
        let halves = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard halves.count == 2 else { return false }
        switch halves[0] {
        case "after":
            guard let count = Int(halves[1]), count >= 0 else { return false }
            skipped = count
        case "p":
            guard let number = Double(halves[1]), (0...1).contains(number) else { return false }
            probability = number
        case "delay":
            guard let duration = DurationText.parse(halves[1]) else { return false }
            delay = duration
        case "retry-after":
            guard let seconds = Int(halves[1]), seconds >= 0 else { return false }
            retryAfterSeconds = seconds
        default: return false
        }
        return true
    }
}

extension String {
    fileprivate func range(of mark: String) -> Range<String.Index>? { firstRange(of: mark) }
}

/// Durations as people write them: `300ms`, `2s`, `1m`, `0.5` (seconds).
package enum DurationText {
    package static func parse(_ text: String) -> Duration? {
        for (suffix, factor) in [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)] where text.hasSuffix(suffix) {
            guard let number = Double(text.dropLast(suffix.utf8.count)) else { continue }
            guard number >= 0, number * factor < 1_000_000 else { return nil }
            return .milliseconds(Int64((number * factor * 1000).rounded()))
        }
        return nil
    }
}
