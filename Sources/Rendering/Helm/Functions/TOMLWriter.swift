internal import Manifests

/// TOML as BurntSushi/toml writes it.
enum TOMLWriter {
    private static let depthMax = 500

    /// - Throws: `GoError` in the library's words.
    static func write(_ value: GoValue) throws -> [UInt8] {
        var writer = Writer()
        switch value {
        case .map(let map): try writer.members(map, path: [], depth: 0)
        default:
            if let map = value.asMap { try writer.members(map, path: [], depth: 0) } else { try writer.element(value, 0) }
        }
        return writer.bytes
    }

    private static func isTable(_ value: GoValue) -> Bool { value.asMap != nil }

    private static func isTableArray(_ value: GoValue) throws -> Bool {
        guard let elements = value.elements, !elements.isEmpty else { return false }
        guard !elements.contains(where: \.isPlainNil) else { throw GoError("toml: cannot encode array with nil element") }
        return elements.allSatisfy(isTable)
    }

    private struct Writer {
        var bytes: [UInt8] = []

        mutating func write(_ text: String) { bytes += Array(text.utf8) }

        mutating func newline() {
            if !bytes.isEmpty { bytes.append(0x0A) }
        }

        /// One map can stand in itself so often that its text has no end.
        private func count() throws {
            guard let meter = WorkMeter.current else { return }
            if bytes.count > meter.outputBytesMax { meter.stop("a map makes too long a TOML text") }
            guard meter.spend(1) else { throw GoError(meter.fault ?? "") }
        }

        private func indent(_ path: [String]) -> String { String(repeating: "  ", count: max(0, path.count - 1)) }

        private func header(_ path: [String]) -> String { path.map(quotedKey).joined(separator: ".") }

        /// Plain values first, then tables, each in the order of their keys.
        mutating func members(_ map: GoMap, path: [String], depth: Int) throws {
            guard depth < TOMLWriter.depthMax else { throw GoError("toml: values nest deeper than \(TOMLWriter.depthMax) levels") }
            try count()
            var tables: [GoMap.Member] = []
            for member in map.members {
                let isTableLike = TOMLWriter.isTable(member.value)
                if try isTableLike || TOMLWriter.isTableArray(member.value) {
                    tables.append(member)
                } else if !member.value.isPlainNil {
                    let path = path + [member.key]
                    write(indent(path) + quotedKey(member.key) + " = ")
                    try element(member.value, depth + 1)
                    newline()
                }
            }
            for member in tables { try table(member.value, path: path + [member.key], depth: depth) }
        }

        private mutating func table(_ value: GoValue, path: [String], depth: Int) throws {
            if let map = value.asMap {
                if map.isNil { return }
                if path.count == 1 { newline() }
                write("\(indent(path))[\(header(path))]")
                newline()
                return try members(map, path: path, depth: depth + 1)
            }
            for element in value.elements ?? [] {
                guard let map = element.asMap else { continue }
                newline()
                write("\(indent(path))[[\(header(path))]]")
                newline()
                try members(map, path: path, depth: depth + 1)
            }
        }

        mutating func element(_ value: GoValue, _ depth: Int) throws {
            guard depth < TOMLWriter.depthMax else { throw GoError("toml: values nest deeper than \(TOMLWriter.depthMax) levels") }
            try count()
            switch value {
            case .bool(let bool): write(bool ? "true" : "false")
            case .integer(_, .duration): write(quoted(GoFormatter.verb(value)))
            case .integer(let integer, let type): write(type.isSigned ? String(integer) : String(UInt64(bitPattern: integer)))
            case .float(let float): write(number(float))
            case .string, .raw: write(quoted(value.argumentText))
            case .object(let object) where object is TimeObject: write(object.underlying.argumentText)
            case .invalid, .null: throw GoError("toml: cannot encode a nil value")
            default:
                if let map = value.asMap { return try inline(map, depth) }
                guard let elements = value.elements else {
                    if case .object(let object) = value, let text = object.string { return write(quoted(text)) }
                    throw GoError("unsupported type: \(value.kindName)")
                }
                write("[")
                for (index, item) in elements.enumerated() {
                    if item.isPlainNil { throw GoError("toml: cannot encode array with nil element") }
                    if index > 0 { write(", ") }
                    try element(item, depth + 1)
                }
                write("]")
            }
        }

        private mutating func inline(_ map: GoMap, _ depth: Int) throws {
            write("{")
            let members = map.members.filter { !$0.value.isPlainNil }
            let ordered =
                try members.filter { try !TOMLWriter.isTable($0.value) && !TOMLWriter.isTableArray($0.value) }
                + members.filter { try TOMLWriter.isTable($0.value) || TOMLWriter.isTableArray($0.value) }
            for (index, member) in ordered.enumerated() {
                if index > 0 { write(", ") }
                write(quotedKey(member.key) + " = ")
                try element(member.value, depth + 1)
            }
            write("}")
        }

        private func number(_ float: Double) -> String {
            if float.isNaN { return "nan" }
            if float.isInfinite { return float < 0 ? "-inf" : "inf" }
            let text = NumberText.general(float)
            return text.utf8.contains { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: ".") } ? text : text + ".0"
        }

        private func quotedKey(_ key: String) -> String {
            let isBare =
                !key.isEmpty
                && key.utf8.allSatisfy {
                    $0 >= 0x30 && $0 <= 0x39 || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == UInt8(ascii: "-")
                        || $0 == UInt8(ascii: "_")
                }
            return isBare ? key : quoted(key)
        }

        private func quoted(_ text: String) -> String {
            var result = "\""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"": result += "\\\""
                case "\\": result += "\\\\"
                case "\u{08}": result += "\\b"
                case "\t": result += "\\t"
                case "\n": result += "\\n"
                case "\u{0C}": result += "\\f"
                case "\r": result += "\\r"
                case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += "\\u" + GoQuote.hex(scalar.value, 4)
                default: result.unicodeScalars.append(scalar)
                }
            }
            return result + "\""
        }
    }
}
