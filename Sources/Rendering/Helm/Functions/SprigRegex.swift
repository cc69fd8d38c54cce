/// Sprig's functions on regular expressions (regex.go).
enum SprigRegex {
    static let functions: [GoFunction] = {
        var functions: [GoFunction] = [
            GoFunction("regexMatch", [.string, .string]) { evaluator, values in
                // A bad pattern matches nothing.
                .bool((try? expression(values[0], evaluator).isMatch(values[1].argumentBytes)) ?? false)
            },
            GoFunction("mustRegexMatch", [.string, .string]) { evaluator, values in
                .bool(try expression(values[0], evaluator).isMatch(values[1].argumentBytes))
            },
            .text("regexQuoteMeta") { GoRegex.quoteMeta($0) },
        ]
        functions += pair("regexFindAll", "mustRegexFindAll", [.string, .string, .int]) { regex, values in
            let found = regex.findAll(values[1].argumentText, limit: values[2].argumentInt)
            return found.isEmpty ? .nilStrings : .strings(found)
        }
        functions += pair("regexFind", "mustRegexFind", [.string, .string]) { regex, values in
            .string(regex.find(values[1].argumentText) ?? "")
        }
        functions += pair("regexReplaceAll", "mustRegexReplaceAll", [.string, .string, .string]) { regex, values in
            .text(regex.replaceAll(values[1].argumentBytes, with: values[2].argumentBytes))
        }
        functions += pair("regexReplaceAllLiteral", "mustRegexReplaceAllLiteral", [.string, .string, .string]) { regex, values in
            .text(regex.replaceAllLiteral(values[1].argumentBytes, with: values[2].argumentBytes))
        }
        functions += pair("regexSplit", "mustRegexSplit", [.string, .string, .int]) { regex, values in
            let limit = values[2].argumentInt
            return limit == 0 ? .nilStrings : .strings(regex.split(values[1].argumentText, limit: limit))
        }
        return functions
    }()

    /// A function that fails on a bad pattern as `regexp.MustCompile` panics, and its form that returns the error.
    private static func pair(
        _ name: String, _ mustName: String, _ parameters: [GoParameter], _ body: @escaping (GoRegex, [GoValue]) throws -> GoValue
    ) -> [GoFunction] {
        [
            GoFunction(name, parameters) { evaluator, values in
                let regex: GoRegex
                do {
                    regex = try expression(values[0], evaluator)
                } catch {
                    throw GoError("regexp: Compile(\(quoted(values[0].argumentText))): \(error)")
                }
                return try body(regex, values)
            },
            GoFunction(mustName, parameters) { evaluator, values in try body(expression(values[0], evaluator), values) },
        ]
    }

    private static func quoted(_ text: String) -> String {
        text.utf8.contains(UInt8(ascii: "`")) ? GoQuote.quote(text) : "`\(text)`"
    }

    /// The compiled pattern; charts use the same few over and over.
    private static func expression(_ value: GoValue, _ evaluator: Evaluator) throws -> GoRegex {
        let pattern = value.argumentText
        guard let host = evaluator.host as? HelmHost else { return try GoRegex(pattern) }
        if let known = host.expressions[pattern] { return known }
        let regex = try GoRegex(pattern)
        host.expressions[pattern] = regex
        return regex
    }
}
