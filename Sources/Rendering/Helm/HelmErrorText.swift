/// The engine's errors as Helm prints them.
enum HelmErrorText {
    static func parse(_ error: GoError, file: String) -> GoError {
        let parts = ByteText.split(error.message, by: ": ")
        guard parts.count > 1 else { return GoError("parse error in (\(file)): \(error.message)") }
        return GoError("parse error at (\(parts[1])): \(parts[parts.count - 1])")
    }

    static func execution(_ error: GoError, file: String) -> GoError {
        guard isExecution(error) else { return error }
        let parts = ByteText.split(error.message, by: ": ", limit: 3)
        guard parts.count == 3 else { return GoError("execution error in (\(file)): \(error.message)") }
        if let warning = warning(parts[2]) { return GoError("execution error at (\(parts[1])): \(warning)") }
        var traces: [String] = []
        var current: GoError? = error
        while let link = current {
            guard let trace = trace(link.message) else { return error }
            if traces.last != trace { traces.append(trace) }
            current = link.cause
        }
        return GoError(ByteText.trimSpace(traces.joined()))
    }

    private static func isExecution(_ error: GoError) -> Bool {
        var current: GoError? = error
        while let link = current {
            if link.isExecution { return true }
            current = link.cause
        }
        return false
    }

    /// The text of `fail` and `required`: from the first mark to the last.
    private static func warning(_ text: String) -> String? {
        guard let start = place(of: HelmFunctions.warningStart, in: text), let end = lastPlace(of: HelmFunctions.warningEnd, in: text)
        else { return nil }
        let bytes = Array(text.utf8)
        let from = start + HelmFunctions.warningStart.utf8.count
        guard from <= end else { return nil }
        return String(decoding: bytes[from..<end], as: UTF8.self)
    }

    private static func place(of part: String, in text: String) -> Int? {
        var (part, text) = (part, text)
        return part.withUTF8 { needle in text.withUTF8 { ByteText.find(needle, in: $0, from: 0) } }
    }

    private static func lastPlace(of part: String, in text: String) -> Int? {
        var last: Int?
        var (part, text) = (part, text)
        part.withUTF8 { needle in
            text.withUTF8 { buffer in
                var start = 0
                while let found = ByteText.find(needle, in: buffer, from: start) {
                    last = found
                    start = found + needle.count
                }
            }
        }
        return last
    }

    /// One link of the chain over three lines: place, what was executed, the message.
    private static func trace(_ message: String) -> String? {
        guard message.hasPrefix("template: ") else { return nil }
        let rest = String(message.dropFirst("template: ".count))
        if rest.hasPrefix("no template ") { return message + "\n" }
        if let executing = cut(rest, ": executing ") {
            guard executing.after.hasPrefix("\"") else { return nil }
            let quoted = executing.after.dropFirst()
            guard let quote = quoted.firstIndex(of: "\"") else { return nil }
            let afterFunction = String(quoted[quoted.index(after: quote)...])
            guard afterFunction.hasPrefix(" at <"), let at = cut(String(afterFunction.dropFirst(5)), ">: ") else { return nil }
            let text = cut(at.after, " template:")?.before ?? at.after
            var result = "\(executing.before)\n  executing \"\(quoted[..<quote])\" at <\(at.before)>:\n    "
            if !text.isEmpty { result += text + "\n" }
            return result
        }
        guard let last = lastPlace(of: ": ", in: rest) else { return nil }
        let bytes = Array(rest.utf8)
        var text = String(decoding: bytes[(last + 2)...], as: UTF8.self)
        text = cut(text, " template:")?.before ?? text
        return "\(String(decoding: bytes[..<last], as: UTF8.self))\n  " + (text.isEmpty ? "" : text + "\n")
    }

    private static func cut(_ text: String, _ separator: String) -> (before: String, after: String)? {
        guard let place = place(of: separator, in: text) else { return nil }
        let bytes = Array(text.utf8)
        return (
            String(decoding: bytes[..<place], as: UTF8.self), String(decoding: bytes[(place + separator.utf8.count)...], as: UTF8.self)
        )
    }
}
