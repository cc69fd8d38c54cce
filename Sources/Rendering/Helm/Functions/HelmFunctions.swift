/// Helm's own functions (pkg/engine/funcs.go) and the table of all.
package enum HelmFunctions {
    /// How deep a template may include itself; Helm's own bound.
    private static let includesMax = 1000
    static let warningStart = "HELM_ERR_START"
    static let warningEnd = "HELM_ERR_END"

    /// Every function that a chart can call, by name.
    package static let all: [String: GoFunction] = {
        var table: [String: GoFunction] = [:]
        let groups = [
            Builtins.functions, SprigStrings.functions, SprigNumbers.functions, SprigLists.functions, SprigDicts.functions,
            SprigReflection.functions, SprigRegex.functions, SprigPaths.functions, SprigEncoding.functions, SprigSemver.functions,
            SprigURLs.functions, SprigDates.functions, SprigRandom.functions, SprigCrypto.functions, DataFunctions.functions, functions,
        ]
        for group in groups { for function in group { table[function.name] = function } }
        return table
    }()

    private static let functions: [GoFunction] = [
        GoFunction("include", [.string, .any]) { evaluator, values in try include(values[0].argumentText, values[1], evaluator) },
        GoFunction("tpl", [.string, .any]) { evaluator, values in try tpl(values[0], values[1], evaluator) },
        GoFunction("required", [.string, .any]) { _, values in
            let isMissing = values[1].isPlainNil || values[1].textBytes?.isEmpty == true
            if isMissing { throw warning(values[0].argumentText) }
            return values[1]
        },
        GoFunction("fail", [.string]) { _, values in throw warning(values[0].argumentText) },
        GoFunction("lookup", [.string, .string, .string, .string]) { evaluator, values in
            guard let lookup = (evaluator.host as? HelmHost)?.lookup else { return .map(GoMap()) }
            return try lookup(values[0].argumentText, values[1].argumentText, values[2].argumentText, values[3].argumentText)
        },
        // Helm asks no name server when it renders, and neither do templates here.
        GoFunction("getHostByName", [.string]) { _, _ in .string("") },
    ]

    private static func warning(_ message: String) -> GoError { GoError(warningStart + message + warningEnd) }

    private static func dot(_ value: GoValue) -> GoValue { value.isPlainNil ? .invalid : value }

    private static func include(_ name: String, _ data: GoValue, _ evaluator: Evaluator) throws -> GoValue {
        guard let host = evaluator.host as? HelmHost else { return try evaluator.text(of: name, dot(data)) }
        let running = host.includes[name, default: 0]
        guard running <= includesMax else {
            throw GoError(
                "rendering template has a nested reference name: \(name): unable to execute template",
                cause: GoError("unable to execute template"))
        }
        host.includes[name] = running + 1
        defer { host.includes[name] = running }
        return try evaluator.text(of: name, dot(data))
    }

    private static func tpl(_ text: GoValue, _ data: GoValue, _ evaluator: Evaluator) throws -> GoValue {
        let source = text.argumentText
        let host = evaluator.host as? HelmHost
        let parsed: [Template]
        if let known = host?.parsedTexts[source] {
            parsed = known
        } else {
            do {
                parsed = try TemplateParser.parse(text.argumentBytes, name: "gotpl", functions: all)
            } catch {
                let cause = GoError.wrapping(error)
                throw GoError("cannot parse template \(GoQuote.quote(source)): \(cause.message)", cause: cause)
            }
            // Texts that are made anew at each turn are not worth keeping.
            if let host, host.parsedTexts.count >= 4096 { host.parsedTexts.removeAll() }
            host?.parsedTexts[source] = parsed
            evaluator.meter.allocate(source.utf8.count &* 40)
        }
        guard let main = parsed.first(where: { $0.name == "gotpl" }) else { return .string("") }
        var set = evaluator.templates
        set.add(parsed)
        do {
            return NoValue.removed(from: try evaluator.text(of: main, in: set, dot(data)))
        } catch {
            let cause = GoError.wrapping(error)
            throw GoError("error during tpl function execution for \(GoQuote.quote(source)): \(cause.message)", cause: cause)
        }
    }
}

/// `<no value>`, what the engine writes for a missing value: Helm takes it out of all that is written.
enum NoValue {
    private static let text = Array("<no value>".utf8)

    static func removed(from value: GoValue) -> GoValue {
        guard case .string(var string) = value else {
            guard case .raw(let bytes) = value else { return value }
            return .text(removed(from: bytes))
        }
        let isFound = string.withUTF8 { buffer in text.withUnsafeBufferPointer { ByteText.find($0, in: buffer, from: 0) != nil } }
        return isFound ? .text(removed(from: Array(string.utf8))) : value
    }

    static func removed(from bytes: [UInt8]) -> [UInt8] {
        let isFound = bytes.withUnsafeBufferPointer { buffer in
            text.withUnsafeBufferPointer { ByteText.find($0, in: buffer, from: 0) != nil }
        }
        return isFound ? (try? ByteText.replace(text, with: [], in: bytes, .max)) ?? bytes : bytes
    }
}
