#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's words for an `errno`.
enum SystemError {
    static func text(_ number: CInt) -> String {
        let words = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}
