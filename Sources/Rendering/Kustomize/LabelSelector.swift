import Manifests

/// A label selector as Kubernetes writes it: `app=web,tier in (a, b),!canary`.
struct LabelSelector: Sendable {
    private enum Requirement: Sendable {
        case equals(String, String)
        case differs(String, String)
        case isIn(String, [String])
        case isNotIn(String, [String])
        case exists(String)
        case isMissing(String)
        case isGreater(String, Int64)
        case isLess(String, Int64)
    }

    private let requirements: [Requirement]

    /// - Throws: `Diagnostic` when the text is no selector.
    init(_ text: String) throws(Diagnostic) {
        var parser = Parser(text: text)
        requirements = try parser.parse()
    }

    func matches(_ labels: [(key: String, value: String)]) -> Bool {
        func value(_ key: String) -> String? { labels.first { $0.key == key }?.value }
        return requirements.allSatisfy { requirement in
            switch requirement {
            case .equals(let key, let expected): return value(key) == expected
            case .differs(let key, let other): return value(key) != other
            case .isIn(let key, let values): return value(key).map(values.contains) ?? false
            case .isNotIn(let key, let values): return value(key).map { !values.contains($0) } ?? true
            case .exists(let key): return value(key) != nil
            case .isMissing(let key): return value(key) == nil
            case .isGreater(let key, let bound): return value(key).flatMap { Int64($0) }.map { $0 > bound } ?? false
            case .isLess(let key, let bound): return value(key).flatMap { Int64($0) }.map { $0 < bound } ?? false
            }
        }
    }

    private struct Parser {
        private let text: String
        private var tokens: ArraySlice<String> = []

        init(text: String) { self.text = text }

        private func fault(_ reason: String) -> Diagnostic {
            Diagnostic("'\(text)' is no label selector: \(reason)", advice: "write it as in 'app=web,tier in (front, back),!canary'")
        }

        mutating func parse() throws(Diagnostic) -> [Requirement] {
            tokens = Self.split(text)[...]
            var requirements: [Requirement] = []
            guard !tokens.isEmpty else { return [] }
            while true {
                requirements.append(try requirement())
                guard let next = tokens.popFirst() else { return requirements }
                guard next == "," else { throw fault("',' is expected before '\(next)'") }
            }
        }

        private mutating func requirement() throws(Diagnostic) -> Requirement {
            guard let first = tokens.popFirst() else { throw fault("it ends after ','") }
            if first == "!" { return .isMissing(try key(tokens.popFirst())) }
            let key = try key(first)
            guard let sign = tokens.first, sign != "," else { return .exists(key) }
            tokens.removeFirst()
            switch sign {
            case "=", "==": return .equals(key, value())
            case "!=": return .differs(key, value())
            case "in": return .isIn(key, try values())
            case "notin": return .isNotIn(key, try values())
            case ">", "<":
                guard let bound = Int64(value()) else { throw fault("a number is expected after '\(sign)'") }
                return sign == ">" ? .isGreater(key, bound) : .isLess(key, bound)
            default: throw fault("'\(sign)' is not expected after '\(key)'")
            }
        }

        private func key(_ token: String?) throws(Diagnostic) -> String {
            guard let token, !Self.isSign(token) else { throw fault("a key is expected") }
            let parts = token.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 253 }),
                token.utf8.allSatisfy({ Self.isWord($0) || $0 == UInt8(ascii: "/") })
            else { throw fault("'\(token)' is no key of a label") }
            return token
        }

        /// The value after a sign; nothing stands for the empty text.
        private mutating func value() -> String {
            guard let next = tokens.first, !Self.isSign(next) else { return "" }
            tokens.removeFirst()
            return next
        }

        private mutating func values() throws(Diagnostic) -> [String] {
            guard tokens.popFirst() == "(" else { throw fault("'(' is expected") }
            var values: [String] = []
            while true {
                values.append(value())
                switch tokens.popFirst() {
                case ",": continue
                case ")": return values
                default: throw fault("')' is expected")
                }
            }
        }

        private static func isSign(_ token: String) -> Bool {
            switch token {
            case "=", "==", "!=", "!", ",", "(", ")", ">", "<": true
            default: false
            }
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }

        private static func split(_ text: String) -> [String] {
            var tokens: [String] = []
            var word: [UInt8] = []
            func isSign(_ byte: UInt8) -> Bool { "=!,()<>".utf8.contains(byte) }
            let bytes = Array(text.utf8)
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
                guard isSpace || isSign(byte) else {
                    word.append(byte)
                    continue
                }
                if !word.isEmpty { tokens.append(String(decoding: word, as: UTF8.self)) }
                word = []
                if isSpace { continue }
                if index < bytes.count, bytes[index] == UInt8(ascii: "="), byte == UInt8(ascii: "=") || byte == UInt8(ascii: "!") {
                    tokens.append(byte == UInt8(ascii: "=") ? "==" : "!=")
                    index += 1
                } else {
                    tokens.append(String(UnicodeScalar(byte)))
                }
            }
            if !word.isEmpty { tokens.append(String(decoding: word, as: UTF8.self)) }
            return tokens
        }
    }
}
