/// Sizes as people write them: `500`, `64kB`, `100MB`, `1GiB`.
package enum ByteSize {
    private static let units: [(String, Int)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("b", 1), ("", 1),
    ]

    /// The number of bytes; `nil` for what is no size.
    package static func bytes(_ text: String) -> Int? {
        let lower = text.lowercased()
        for (suffix, factor) in units where lower.hasSuffix(suffix) {
            guard let number = Int(lower.dropLast(suffix.utf8.count)), number >= 0 else { continue }
            let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
            return overflows ? nil : bytes
        }
        return nil
    }
}
