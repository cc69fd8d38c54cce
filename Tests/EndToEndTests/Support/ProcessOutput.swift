/// What a program left behind when it ended.
struct ProcessOutput: CustomStringConvertible {
    var arguments: [String]
    /// The exit code; 128 and the signal's number when a signal ended it.
    var code: Int
    /// Standard output.
    var output: String
    /// Standard error.
    var error: String

    /// For a failed expectation: everything there is.
    var description: String {
        "'\(arguments.joined(separator: " "))' ended with \(code)\n--- output\n\(output)--- error\n\(error)---"
    }
}
