import Manifests
import Synchronization
import Testing

@testable import Rendering

/// A build asks the tree below it as little as it can.
struct IndexedTreeTests {
    private final class CountingTree: FileTree {
        let tree: MemoryFileTree
        let questions = Mutex<[String]>([])

        init(_ files: [String: String]) { tree = MemoryFileTree(files) }

        func entry(at path: String) throws -> FileTreeEntry? {
            questions.withLock { $0.append("entry \(path)") }
            return tree.entry(at: path)
        }

        func list(_ folder: String) throws -> [FileTreeItem] {
            questions.withLock { $0.append("list \(folder)") }
            guard folder != "closed" else { throw Diagnostic("cannot be listed") }
            return try tree.list(folder)
        }

        func read(_ path: String) throws -> [UInt8] { try tree.read(path) }

        var asked: [String] {
            questions.withLock { questions in
                defer { questions = [] }
                return questions
            }
        }
    }

    @Test func theFirstNameOfAFolderIsAskedForAlone() throws {
        let counting = CountingTree(["home/shop/base/a.yaml": "", "home/shop/base/b.yaml": ""])
        let tree = IndexedTree(counting)
        for _ in 0..<3 {
            #expect(try tree.entry(at: "home") == .folder)
            #expect(try tree.entry(at: "home/shop") == .folder)
            #expect(try tree.entry(at: "home/shop/base") == .folder)
        }
        #expect(counting.asked == ["entry home", "entry home/shop", "entry home/shop/base"])
    }

    @Test func theSecondNameListsTheFolderOnce() throws {
        let counting = CountingTree(["base/a.yaml": "", "base/b.yaml": "", "base/c/d.yaml": ""])
        let tree = IndexedTree(counting)
        #expect(try tree.entry(at: "base/a.yaml") == .file)
        for _ in 0..<3 {
            #expect(try tree.entry(at: "base/b.yaml") == .file)
            #expect(try tree.entry(at: "base/c") == .folder)
            #expect(try tree.entry(at: "base/none.yaml") == nil)
            #expect(try tree.entry(at: "base/a.yaml") == .file)
        }
        #expect(counting.asked == ["entry base/a.yaml", "entry base", "list base"])
    }

    @Test func nothingStandsInAFolderThatIsNone() throws {
        let counting = CountingTree(["base/a.yaml": ""])
        let tree = IndexedTree(counting)
        #expect(try tree.entry(at: "base/a.yaml/b") == nil)
        #expect(try tree.entry(at: "base/a.yaml/c") == nil)
        #expect(try tree.entry(at: "none/b") == nil)
        #expect(try tree.entry(at: "none/c") == nil)
        #expect(try tree.entry(at: "none/d") == nil)
        #expect(!counting.asked.contains { $0.hasPrefix("list base/a.yaml") || $0 == "list none" })
    }

    @Test func aFolderThatCannotBeListedIsAskedNameByName() throws {
        let counting = CountingTree(["closed/a/x.yaml": "", "closed/b/y.yaml": ""])
        let tree = IndexedTree(counting)
        #expect(try tree.entry(at: "closed/a") == .folder)
        #expect(try tree.entry(at: "closed/b") == .folder)
        #expect(try tree.entry(at: "closed/c") == nil)
        #expect(try tree.entry(at: "closed/a") == .folder)
        #expect(try tree.entry(at: "closed/b/y.yaml") == .file)
    }

    @Test func aPathThatNoFileSystemTakesIsNotKept() throws {
        let counting = CountingTree(["a": ""])
        let long = String(repeating: "x/", count: 5000) + "x"
        #expect(try IndexedTree(counting).entry(at: long) == nil)
        #expect(counting.asked == ["entry \(long)"])
    }
}
