/// Patterns of OpenSSH's: `*` for any characters, `?` for one.
enum PrincipalPattern {
    private static let star = UInt8(ascii: "*")
    private static let mark = UInt8(ascii: "?")

    /// Whether two names are one or a pattern matches the other. Upper and lower case count as the same: mail does not
    /// tell them apart, and nobody is to become two people by it.
    static func overlap(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
        return matches(left, right) || matches(right, left) || (isPattern(left) && isPattern(right))
    }

    /// Two patterns could always match the same name; to tell is not worth the trouble.
    private static func isPattern(_ name: [UInt8]) -> Bool { name.contains { $0 == star || $0 == mark } }

    /// Goes back to the last `*` alone, so that the time stays within the product of both lengths.
    static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var (p, n) = (0, 0)
        var retry: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == star {
                retry = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == mark || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = retry {
                retry = (last.pattern, last.name + 1)
                p = last.pattern + 1
                n = last.name + 1
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == star { p += 1 }
        return p == pattern.count
    }
}
