/// A version as Masterminds/semver reads it: a leading `v`, and minor and patch number, may be missing or present.
package struct SemanticVersion: Sendable {
    package var major: UInt64 = 0
    package var minor: UInt64 = 0
    package var patch: UInt64 = 0
    package var prerelease = ""
    package var metadata = ""
    package var original = ""

    private static let lengthMax = 256

    /// - Throws: `GoError` in the library's words.
    package init(_ text: String) throws {
        guard text.utf8.count <= Self.lengthMax else { throw GoError("version string is too long (max \(Self.lengthMax) bytes)") }
        original = text
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
        major = try Self.segment(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            minor = try Self.segment(&rest)
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                patch = try Self.segment(&rest)
            }
        }
        if rest.first == UInt8(ascii: "-") {
            let end = rest.firstIndex(of: UInt8(ascii: "+")) ?? rest.endIndex
            prerelease = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
            rest = rest[end...]
            try Self.check(prerelease)
            for part in prerelease.split(separator: ".") where part.utf8.count > 1 && part.utf8.first == 0x30 {
                if part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { throw GoError("version segment starts with 0") }
            }
        }
        if rest.first == UInt8(ascii: "+") {
            metadata = String(decoding: rest.dropFirst(), as: UTF8.self)
            rest = []
            try Self.check(metadata)
        }
        guard rest.isEmpty else { throw Self.invalid }
    }

    /// A version with three numbers (`StrictNewVersion`).
    package init(strict text: String) throws {
        guard !text.isEmpty else { throw GoError("version string empty") }
        let numbers = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)[0]
            .split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)[0]
            .split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, text.utf8.first != UInt8(ascii: "v") else { throw Self.invalid }
        for number in numbers where number.utf8.count > 1 && number.utf8.first == 0x30 { throw GoError("version segment starts with 0") }
        self = try SemanticVersion(text)
    }

    private static let invalid = GoError("invalid semantic version")

    private static func segment(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard !digits.isEmpty else { throw invalid }
        rest = rest.dropFirst(digits.count)
        let text = String(decoding: digits, as: UTF8.self)
        guard let number = UInt64(text) else {
            throw GoError("error parsing version segment: strconv.ParseUint: parsing \(GoQuote.quote(text)): value out of range")
        }
        return number
    }

    private static func check(_ identifiers: String) throws {
        for part in identifiers.split(separator: ".", omittingEmptySubsequences: false) {
            let isValid =
                !part.isEmpty
                && part.utf8.allSatisfy {
                    $0 >= 0x30 && $0 <= 0x39 || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == UInt8(ascii: "-")
                }
            guard isValid else { throw invalid }
        }
    }

    /// The version without what is missing in the original.
    package var text: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-\(prerelease)") + (metadata.isEmpty ? "" : "+\(metadata)")
    }

    /// Negative, zero or positive as this version is less than, equal to or greater than the other.
    package func compare(_ other: SemanticVersion) -> Int {
        for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where a != b { return a < b ? -1 : 1 }
        switch (prerelease.isEmpty, other.prerelease.isEmpty) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        case (false, false): return Self.comparePrereleases(prerelease, other.prerelease)
        }
    }

    static func comparePrereleases(_ left: String, _ right: String) -> Int {
        let a = left.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let b = right.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for index in 0..<max(a.count, b.count) {
            let order = comparePart(index < a.count ? a[index] : "", index < b.count ? b[index] : "")
            if order != 0 { return order }
        }
        return 0
    }

    private static func comparePart(_ left: String, _ right: String) -> Int {
        if left == right { return 0 }
        if left.isEmpty { return -1 }
        if right.isEmpty { return 1 }
        switch (UInt64(left), UInt64(right)) {
        case (nil, nil): return right.utf8.lexicographicallyPrecedes(left.utf8) ? 1 : -1
        case (_, nil): return -1
        case (nil, _): return 1
        case (let a?, let b?): return a > b ? 1 : -1
        }
    }
}
