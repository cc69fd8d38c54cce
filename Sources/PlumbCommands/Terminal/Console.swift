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

    /// What a CI system reads out of the output.
    private let dialect: CIDialect
    /// Stands before each line on standard error: which of several environments it is about.
    private var prefix = ""

    init(isQuiet: Bool, isVerbose: Bool, allowsColor: Bool, dialect: CIDialect = .none) {
        self.dialect = dialect
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

    /// Pieces of data, the small ones together.
    func output(_ pieces: [[UInt8]]) {
        var gathered: [UInt8] = []
        for piece in pieces {
            if piece.count >= Self.pieceBytes || gathered.count + piece.count > Self.pieceBytes {
                Self.write(gathered, to: 1)
                gathered.removeAll(keepingCapacity: true)
            }
            if piece.count >= Self.pieceBytes { Self.write(piece, to: 1) } else { gathered += piece }
        }
        Self.write(gathered, to: 1)
    }

    /// From here on a copy costs more than a call of the system.
    private static let pieceBytes = 1 << 16

    /// What a person wants to know and a script does not.
    func info(_ text: String) {
        if !isQuiet { Self.write(Array((prefixed(text) + "\n").utf8), to: 2) }
    }

    func detail(_ text: String) {
        if isVerbose { Self.write(Array((prefixed(text) + "\n").utf8), to: 2) }
    }

    func warning(_ text: String) {
        guard !isQuiet else { return }
        let line = dialect.annotation("warning", Diagnostic(text)) ?? prefixed("\(errorStyle.yellow("warning:")) \(text)")
        Self.write(Array("\(line)\n".utf8), to: 2)
    }

    /// A question, whose answer is typed on its line.
    func question(_ text: String) { Self.write(Array(text.utf8), to: 2) }

    func error(_ text: String) { error(Diagnostic(text)) }

    func error(_ diagnostic: Diagnostic) {
        let line = dialect.annotation("error", diagnostic) ?? prefixed("\(errorStyle.red("error:")) \(diagnostic.description)")
        Self.write(Array("\(line)\n".utf8), to: 2)
    }

    /// The console of one of several environments that are worked on side by side.
    func prefixed(by name: String) -> Console {
        var console = self
        console.prefix = "\(name): "
        return console
    }

    private func prefixed(_ text: String) -> String {
        prefix.isEmpty ? text : text.split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }.joined(separator: "\n")
    }

    /// A part of standard output that the CI system folds; elsewhere just what is in it.
    func group(_ title: String, name: String, _ body: () throws -> Void) rethrows {
        if let line = dialect.begin(title, name: name, at: .now()) { output(line + "\n") }
        try body()
        if let line = dialect.end(name: name, at: .now()) { output(line + "\n") }
    }

    /// What the CI system shows on the job's own page. GitHub takes a megabyte for a step; what is too long is cut.
    func summary(_ markdown: @autoclosure () -> String) {
        guard case .github(let file?) = dialect else { return }
        var bytes = Array((markdown() + "\n").utf8)
        if bytes.count > 900_000 {
            let end = bytes[..<900_000].lastIndex(of: UInt8(ascii: "\n")) ?? 0
            bytes = bytes[..<end] + Array("\n\n… cut short: the whole is in the plan file.\n".utf8)
        }
        do throws(Diagnostic) { try Platform.append(bytes, to: file) } catch { warning(error.description) }
    }

    /// Takes away so many lines at the bottom of the terminal and writes others in their place.
    func draw(erasing count: Int, lines: [String]) {
        var text = count > 0 ? "\r\u{1B}[\(count)A\u{1B}[J" : ""
        for line in lines { text += "\(line)\n" }
        if !text.isEmpty { Self.write(Array(text.utf8), to: 2) }
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Platform.write(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more, or the data cannot be kept: not to be taken for success.
                if descriptor == 1 { Platform.leave(ExitStatus.error) }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
