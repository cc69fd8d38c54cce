import Manifests
import Synchronization
import Testing

@testable import Rendering

/// Bases that several overlays share are read and built once, and the result does not depend on timing.
@Suite struct KustomizeSharingTests {
    /// Counts how often each file is read, and takes its time about some of them.
    private final class CountingTree: FileTree {
        let tree: MemoryFileTree
        let reads = Mutex<[String: Int]>([:])
        let seed: UInt64

        init(_ files: [String: String], seed: UInt64 = 0) {
            tree = MemoryFileTree(files)
            self.seed = seed
        }

        func entry(at path: String) throws -> FileTreeEntry? { tree.entry(at: path) }
        func list(_ folder: String) throws -> [FileTreeItem] { try tree.list(folder) }

        func read(_ path: String) throws -> [UInt8] {
            reads.withLock { $0[path, default: 0] += 1 }
            var state = seed
            for byte in path.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
            // Work of another length for each file and seed, so that tasks overtake one another.
            if seed > 0 { for _ in 0..<(state % 64) * 2_000 { state = state &* 6_364_136_223_846_793_005 &+ 1 } }
            return try tree.read(state == 0 ? path + "" : path)
        }
    }

    private var files: [String: String] {
        var files = [
            "base/kustomization.yaml":
                "resources: [a.yaml]\nconfigMapGenerator: [{name: c, files: [f.txt]}]\npatches: [{path: p.yaml}]\n",
            "base/a.yaml":
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: c, envFrom: [{configMapRef: {name: c}}]}]}}}\n",
            "base/p.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n", "base/f.txt": "x\n",
        ]
        var names: [String] = []
        for index in 0..<12 {
            names.append("o\(index)")
            files["o\(index)/kustomization.yaml"] = "namePrefix: p\(index)-\nresources: [../base, own.yaml]\n"
            files["o\(index)/own.yaml"] = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: own}\n"
        }
        files["kustomization.yaml"] = "resources: [\(names.joined(separator: ", "))]\ncommonLabels: {a: b}\n"
        return files
    }

    @Test func eachFileIsReadOnce() async throws {
        let tree = CountingTree(files)
        let result = try await KustomizeBuild.build(tree: tree, folder: "", options: KustomizeOptions())
        #expect(result.manifests.count == 36)
        // Generators and patches belong to the build of the base: they count how often it is built.
        #expect(tree.reads.withLock { $0 } == files.mapValues { _ in 1 })
    }

    @Test func theResultDoesNotDependOnTiming() async throws {
        var first: [UInt8]?
        for seed in 0..<20 {
            let result = try await KustomizeBuild.build(
                tree: CountingTree(files, seed: UInt64(seed)), folder: "", options: KustomizeOptions())
            let text = try KustomizeBuild.yaml(result.manifests)
            if let first { #expect(text == first, "seed \(seed)") } else { first = text }
        }
    }

    @Test func theFirstFaultInTheOrderOfTheFilesIsTold() async throws {
        var broken = files
        for index in [3, 7, 9] { broken["o\(index)/own.yaml"] = "kind: [" }
        for seed in 0..<10 {
            let fault = await #expect(throws: Diagnostic.self) {
                _ = try await KustomizeBuild.build(
                    tree: CountingTree(broken, seed: UInt64(seed)), folder: "", options: KustomizeOptions())
            }
            #expect(fault?.position?.file == "o3/own.yaml", "seed \(seed)")
        }
    }
}
