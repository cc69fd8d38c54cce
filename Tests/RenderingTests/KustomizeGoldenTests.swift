import Foundation
import Manifests
import Testing

@testable import Rendering

/// Builds every folder of `testdata/kustomize` and compares with what kustomize 5.8.1 printed for it, or with the error.
///
/// `PLUMB_UPDATE_GOLDEN=1` writes what is built now, and fails so that someone reads the difference.
@Suite struct KustomizeGoldenTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("testdata/kustomize")

    static let cases: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()

    @Test func casesAreThere() {
        #expect(Self.cases.count >= 26)
    }

    @Test(arguments: cases) func builds(_ name: String) async throws {
        let folder = Self.root.appendingPathComponent(name)
        let tree = try Self.tree(folder.appendingPathComponent("input"))
        var file = "expected.yaml"
        var output: [UInt8]
        do {
            let result = try await KustomizeBuild.build(tree: tree, folder: "", options: KustomizeOptions(order: .legacy))
            output = try KustomizeBuild.yaml(result.manifests)
        } catch let fault as Diagnostic {
            file = "error.txt"
            output = Array("\(fault)\n".utf8)
        }
        let golden = folder.appendingPathComponent(file)
        if ProcessInfo.processInfo.environment["PLUMB_UPDATE_GOLDEN"] == "1" {
            try Data(output).write(to: golden)
            Issue.record("\(name) was rewritten")
            return
        }
        let expected = try Data(contentsOf: golden)
        #expect(String(decoding: output, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }

    private static func tree(_ folder: URL) throws -> MemoryFileTree {
        var tree = MemoryFileTree()
        let names = FileManager.default.enumerator(atPath: folder.path)
        while let name = names?.nextObject() as? String {
            let url = folder.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
            tree.add(Array(try Data(contentsOf: url)), at: name)
        }
        return tree
    }
}
