internal import Manifests
internal import Planning

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Standard output for data, standard error for everything else.
struct Console: Sendable {
    let isQuiet: Bool
    let isVerbose: Bool
    /// Colours for standard output and for standard error: on terminals, unless `NO_COLOR` or `--no-color` says otherwise.
    let outputStyle: TextStyle
    let errorStyle: TextStyle

    init(isQuiet: Bool, isVerbose: Bool, allowsColor: Bool) {
        self.isQuiet = isQuiet
        self.isVerbose = isVerbose
        outputStyle = TextStyle(isColored: allowsColor && isatty(1) == 1)
        errorStyle = TextStyle(isColored: allowsColor && isatty(2) == 1)
    }

    /// Whether a person sees standard error.
    var isInteractive: Bool { isatty(2) == 1 }

    /// Data. What cannot be written (a closed pipe, a full disk) ends the program.
    func output(_ text: String) { Self.write(Array(text.utf8), to: 1) }

    func output(_ bytes: [UInt8]) { Self.write(bytes, to: 1) }

    /// What a person wants to know and a script does not.
    func info(_ text: String) {
        if !isQuiet { Self.write(Array((text + "\n").utf8), to: 2) }
    }

    func detail(_ text: String) {
        if isVerbose { Self.write(Array((text + "\n").utf8), to: 2) }
    }

    func warning(_ text: String) {
        if !isQuiet { Self.write(Array("\(errorStyle.yellow("warning:")) \(text)\n".utf8), to: 2) }
    }

    func error(_ text: String) { Self.write(Array("\(errorStyle.red("error:")) \(text)\n".utf8), to: 2) }

    /// Takes away so many lines at the bottom of the terminal and writes others in their place.
    func draw(erasing count: Int, lines: [String]) {
        var text = count > 0 ? "\r\u{1B}[\(count)A\u{1B}[J" : ""
        for line in lines { text += "\(line)\n" }
        if !text.isEmpty { Self.write(Array(text.utf8), to: 2) }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Platform.write(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more, or the data cannot be kept: not to be taken for success.
                if descriptor == 1 { exit(ExitStatus.error) }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
