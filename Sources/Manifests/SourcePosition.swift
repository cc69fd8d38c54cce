/// A place in a file of the repository. Lines and columns count from 1; 0 means that it is not known.
package struct SourcePosition: Hashable, Sendable {
    /// The path below the repository's (or the given folder's) root, with `/`.
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `file:line:column`, as far as known.
    package var description: String {
        if line == 0 { return file }
        if column == 0 { return "\(file):\(line)" }
        return "\(file):\(line):\(column)"
    }
}
