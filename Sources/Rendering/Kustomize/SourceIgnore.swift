import Manifests

/// What Flux leaves out of a source: by default the files of version control, of CI systems and pictures, and what the
/// `.sourceignore` files of the source say (fluxcd/pkg's `sourceignore`). The last pattern that matches decides.
///
/// The patterns are those of `.gitignore` with two differences, which are Flux's: a file below a folder that is left out can be
/// taken in again, and `**` only stands for folders where it is a whole part of the pattern.
struct SourceIgnore {
    static let fileName = ".sourceignore"

    private static let defaults = [
        ".git/", ".gitignore", ".gitmodules", ".gitattributes", "*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz",
        "*.zip", ".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml",
        "codeship-services.yml", "codeship-steps.yml", "**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml",
    ]

    private var patterns: [Pattern]

    /// What holds in the root of a source without a file of patterns.
    init() { patterns = Self.defaults.map { Pattern($0, folder: []) } }

    /// Adds the patterns of a folder's file, if it has one. They come before those of the folders above it.
    mutating func add(fileOf folder: String, in tree: any FileTree) throws {
        guard let file = try tree.resolve(TreePath.child(folder, Self.fileName)), try tree.entry(at: file) == .file else { return }
        let parts = Self.parts(folder)
        let lines = String(decoding: try tree.read(file), as: UTF8.self).split(whereSeparator: \.isNewline)
        for line in lines where !line.hasPrefix("#") && line.contains(where: { !$0.isWhitespace }) {
            patterns.append(Pattern(String(line), folder: parts))
        }
    }

    /// Whether a file is left out.
    /// - Parameter path: From the root of the source.
    func leavesOut(_ path: String) -> Bool {
        let parts = Self.parts(path)
        return patterns.last { $0.matches(parts) }.map { !$0.isInclusion } ?? false
    }

    private typealias Part = [Unicode.Scalar]

    private static func parts(_ path: String) -> [Part] { path.split(separator: "/").map { Array($0.unicodeScalars) } }

    private struct Pattern {
        private enum Element {
            /// Before a slash at the start, and between two of them.
            case nothing
            case anyFolders
            case name(GoPathPattern)
        }

        let isInclusion: Bool
        /// Where the pattern stands; it is about paths below.
        private let folder: [Part]
        private let isForFolders: Bool
        private let elements: [Element]
        /// A pattern without a slash in it, which any part of a path may match.
        private let name: GoPathPattern?

        init(_ line: String, folder: [Part]) {
            var text = line[...]
            isInclusion = text.hasPrefix("!")
            if isInclusion { text.removeFirst() }
            if !text.hasSuffix("\\ ") { while text.last == " " { text.removeLast() } }
            isForFolders = text.hasSuffix("/")
            if isForFolders { text.removeLast() }
            self.folder = folder
            name = text.contains("/") ? nil : GoPathPattern(String(text)) ?? .never
            elements = text.split(separator: "/", omittingEmptySubsequences: false).map { element in
                if element.isEmpty { return .nothing }
                if element == "**" { return .anyFolders }
                // Stars that stand for folders are no part of a name.
                return .name(element.contains("**") ? .never : GoPathPattern(String(element)) ?? .never)
            }
        }

        /// - Parameter path: A file's.
        func matches(_ path: [Part]) -> Bool {
            guard path.count > folder.count, path.starts(with: folder) else { return false }
            let below = path[folder.count...]
            guard let name else { return matchesPath(below) }
            guard let place = below.firstIndex(where: { name.matches($0[...]) }) else { return false }
            return !isForFolders || place < below.endIndex - 1
        }

        private func matchesPath(_ path: ArraySlice<Part>) -> Bool {
            var rest = path
            var isMatched = false
            var passesFolders = false
            for element in elements {
                switch element {
                case .nothing: passesFolders = false
                case .anyFolders: passesFolders = true
                case .name(let name):
                    let next = passesFolders ? rest.firstIndex { name.matches($0[...]) } : rest.indices.first
                    guard let next, passesFolders || name.matches(rest[next][...]) else { return false }
                    rest = rest[(next + 1)...]
                    isMatched = true
                    passesFolders = false
                }
            }
            // With names left the pattern is about a folder above the file.
            return isMatched && !(isForFolders && rest.isEmpty)
        }
    }
}
