#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Asks before something that cannot be taken back.
enum Confirmation {
    /// Whether a person says yes. Without a person there (no terminal) the answer is no, and the way to say yes is told.
    static func ask(_ question: String, isGiven: Bool, console: Console) -> Bool {
        if isGiven { return true }
        guard isatty(0) == 1, isatty(2) == 1 else {
            console.info("nothing was changed; --yes confirms it")
            return false
        }
        console.question("\(question) [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
