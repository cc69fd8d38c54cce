internal import Manifests

/// `--set` and its kin (pkg/strvals): `a.b=1`, `a[0].b=x`, `a={x,y}`, `a\.b=1`, several with commas.
struct SetSyntax {
    /// How deep a key may lead, and how long a list it may make; Helm's own bounds.
    private static let depthMax = 30
    private static let indexMax = 65_536

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private let isTyped: Bool
    private let parsesJSON: Bool

    /// - Throws: `GoError` in Helm's words.
    static func apply(_ assignment: HelmRelease.Assignment, to map: GoMap) throws {
        switch assignment {
        case .typed(let text): try wrapped("--set", text) { try parse(text, into: map, isTyped: true) }
        case .string(let text): try wrapped("--set-string", text) { try parse(text, into: map, isTyped: false) }
        case .json(let text):
            try wrapped("--set-json", text) {
                if ByteText.trimSpace(text).hasPrefix("{") {
                    guard case .map(let over) = GoValue(try JSONText.parse(Array(text.utf8))) else { return }
                    merge(over, into: map)
                } else {
                    var parser = SetSyntax(text, isTyped: true, parsesJSON: true)
                    try parser.pairs(map)
                }
            }
        case .file(let key, let content):
            var parser = SetSyntax(key, isTyped: false)
            try parser.key(map, depth: 0) { _ in .string(content) }
        case .literal(let text):
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw GoError("failed parsing --set-literal data: key \(GoQuote.quote(text)) has no value") }
            var parser = SetSyntax(String(parts[0]) + "=", isTyped: false)
            try parser.key(map, depth: 0) { _ in .string(String(parts[1])) }
        }
    }

    private static func wrapped(_ option: String, _ text: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as GoError {
            throw GoError("failed parsing \(option) data: \(error.message)")
        }
    }

    private static func merge(_ over: GoMap, into map: GoMap) {
        for member in over.members {
            if case .map(let overTable) = member.value, case .map(let table)? = map[member.key] {
                merge(overTable, into: table)
            } else {
                map[member.key] = member.value
            }
        }
    }

    static func parse(_ text: String, into map: GoMap, isTyped: Bool) throws {
        var parser = SetSyntax(text, isTyped: isTyped)
        try parser.pairs(map)
    }

    private init(_ text: String, isTyped: Bool, parsesJSON: Bool = false) {
        scalars = Array(text.unicodeScalars)
        self.isTyped = isTyped
        self.parsesJSON = parsesJSON
    }

    private mutating func pairs(_ map: GoMap) throws {
        while index < scalars.count {
            try key(map, depth: 0) { parser in try parser.value() }
        }
    }

    /// The text up to one of the stops, which is passed; `\` takes the next character as it is.
    private mutating func text(until stops: Set<Unicode.Scalar>) -> (String, Unicode.Scalar?) {
        var result = String.UnicodeScalarView()
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == "\\", index < scalars.count {
                result.append(scalars[index])
                index += 1
            } else if stops.contains(scalar) {
                return (String(result), scalar)
            } else {
                result.append(scalar)
            }
        }
        return (String(result), nil)
    }

    private mutating func key(_ map: GoMap, depth: Int, _ value: (inout SetSyntax) throws -> GoValue) throws {
        guard depth < Self.depthMax else {
            throw GoError("value name nested level is greater than maximum supported nested level of \(Self.depthMax)")
        }
        let (name, stop) = text(until: ["=", "[", ",", "."])
        switch stop {
        case nil:
            if name.isEmpty { return }
            // A key alone, as --set-file gives it.
            if !isTyped, depth >= 0, let only = try? value(&self), case .string = only, scalars.last != "=" {
                map[name] = only
                return
            }
            throw GoError("key \(GoQuote.quote(name)) has no value")
        case ",":
            map[name] = .string("")
            throw GoError("key \(GoQuote.quote(name)) has no value (cannot end with ,)")
        case "=": set(map, name, try value(&self))
        case "[":
            let index = try listIndex()
            var list: [GoValue] = []
            if let existing = map[name], let elements = existing.elements { list = elements }
            set(map, name, .list(try self.list(list, index, depth: depth, value)))
        default:
            let inner: GoMap
            if case .map(let existing)? = map[name] { inner = existing } else { inner = GoMap() }
            try key(inner, depth: depth + 1, value)
            if inner.isEmpty { throw GoError("key map \(GoQuote.quote(name)) has no value") }
            set(map, name, .map(inner))
        }
    }

    private func set(_ map: GoMap, _ name: String, _ value: GoValue) {
        // An empty key is nobody's.
        if !name.isEmpty { map[name] = value }
    }

    private mutating func listIndex() throws -> Int {
        let (text, stop) = text(until: ["]"])
        guard stop != nil, let index = Int(text) else {
            throw GoError("error parsing index: strconv.Atoi: parsing \(GoQuote.quote(text)): invalid syntax")
        }
        guard index >= 0 else { throw GoError("negative \(index) index not allowed") }
        guard index <= Self.indexMax else { throw GoError("index of \(index) is greater than maximum supported index of \(Self.indexMax)") }
        return index
    }

    private mutating func list(_ list: [GoValue], _ place: Int, depth: Int, _ value: (inout SetSyntax) throws -> GoValue) throws
        -> [GoValue]
    {
        guard depth < Self.depthMax else {
            throw GoError("value name nested level is greater than maximum supported nested level of \(Self.depthMax)")
        }
        var list = list
        while list.count <= place { list.append(.null) }
        let (text, stop) = text(until: ["[", ".", "="])
        guard text.isEmpty else { throw GoError("unexpected data at end of array index: \(GoQuote.quote(text))") }
        switch stop {
        case "=": list[place] = try value(&self)
        case "[":
            let inner = try listIndex()
            list[place] = .list(try self.list(list[place].elements ?? [], inner, depth: depth + 1, value))
        case ".":
            let map: GoMap
            if case .map(let existing) = list[place] { map = existing } else { map = GoMap() }
            try key(map, depth: depth + 1, value)
            list[place] = .map(map)
        default: break
        }
        return list
    }

    private mutating func value() throws -> GoValue {
        if parsesJSON { return try jsonValue() }
        guard index < scalars.count, scalars[index] == "{" else {
            let (text, _) = text(until: [","])
            return typed(text)
        }
        index += 1
        var items: [GoValue] = []
        while true {
            let (text, stop) = text(until: [",", "}"])
            guard let stop else { throw GoError("list must terminate with '}'") }
            if stop == "}" {
                // `{}` is a list of one empty text.
                items.append(typed(text))
                if index < scalars.count, scalars[index] == "," { index += 1 }
                return .list(items)
            }
            items.append(typed(text))
        }
    }

    /// A JSON value up to a comma outside of it.
    private mutating func jsonValue() throws -> GoValue {
        var depth = 0
        var isQuoted = false
        let start = index
        while index < scalars.count {
            let scalar = scalars[index]
            if isQuoted {
                if scalar == "\\" { index += 1 } else if scalar == "\"" { isQuoted = false }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "{" || scalar == "[" {
                depth += 1
            } else if scalar == "}" || scalar == "]" {
                depth -= 1
            } else if scalar == ",", depth == 0 {
                break
            }
            index += 1
        }
        let end = min(index, scalars.count)
        index = end + 1
        let text = String(String.UnicodeScalarView(scalars[start..<end]))
        if ByteText.trimSpace(text).isEmpty { return .string("") }
        return GoValue(try JSONText.parse(Array(text.utf8)))
    }

    private func typed(_ text: String) -> GoValue {
        guard isTyped else { return .string(text) }
        switch text.lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default: break
        }
        if text == "0" { return .integer(0, .int64) }
        if text.utf8.first != UInt8(ascii: "0"), let integer = GoNumberText.int(text) { return .integer(integer, .int64) }
        return .string(text)
    }
}
