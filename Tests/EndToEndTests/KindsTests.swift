import Foundation
import Manifests
import Testing

/// One object of every built-in kind that a manifest may name, in the forms that people write: a plan straight after an
/// apply is empty.
@Suite struct KindsTests {
    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/testdata/kinds"

    /// The manifests by file, made this test's own.
    private func manifests(_ repository: TestRepository) throws -> [String: String] {
        let address = String((0..<4).map { _ in "0123456789abcdef".randomElement() ?? "0" })
        let digits = String(UInt16.random(in: 0x1000...0xffff), radix: 16)
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted() where name.hasSuffix(".yaml") {
            files[name] = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
                .replacing("NAME", with: repository.namespace).replacing("ADDRESS", with: address.first == "0" ? digits : address)
        }
        return files
    }

    @Test func everyKindIsThere() async throws {
        let cluster = try await TestCluster.shared()
        var served: Set<String> = []
        for path in ["/api", "/apis"] {
            let (_, list) = try await cluster.request(
                "GET", path, accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
            for group in list["items"]?.array ?? [] {
                let name = group.at("metadata", "name")?.string ?? ""
                guard name.isEmpty || !name.contains(".") || name.hasSuffix(".k8s.io") else { continue }
                for version in group["versions"]?.array ?? [] {
                    for resource in version["resources"]?.array ?? [] {
                        let verbs = Set((resource["verbs"]?.array ?? []).compactMap(\.string))
                        guard verbs.isSuperset(of: ["create", "patch"]) else { continue }
                        served.insert("\(name)/\(version["version"]?.string ?? "") \(resource.at("responseKind", "kind")?.string ?? "")")
                    }
                }
            }
        }
        var written: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder) where name.hasSuffix(".yaml") {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(name)")))
            for document in try YAMLLoader.load(bytes, file: name) {
                let version = document.value["apiVersion"]?.string ?? ""
                written.insert("\(version.contains("/") ? version : "/\(version)") \(document.value["kind"]?.string ?? "")")
            }
        }
        #expect(served.count > 50)
        #expect(served.subtracting(written).sorted() == [], "kinds without a manifest in testdata/kinds")
    }

    @Test func aPlanAfterAnApplyIsEmpty() async throws {
        try await TestRepository.with { repository in
            for (name, text) in try manifests(repository) { try repository.manifest(name, text) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "kinds.plan")
            // Nothing is waited for: no node runs what is made.
            let applied = try await repository.expect(0, "apply", "kinds.plan", "--no-wait")
            if applied.code == 0 {
                let second = try await repository.expect(0, "plan", "production", "--detailed-exitcode", "--out", "second.plan")
                #expect(second.output.contains("No changes."), "\(second)")
                let statistics = try repository.json("second.plan")["statistics"]
                #expect(try #require(statistics?["dryRun"]?.int) <= 6, "few objects cannot be told to be unchanged: \(second)")
            }
            // What is of the whole cluster would stay behind.
            try await repository.expect(0, "destroy", "production", "--out", "gone.plan")
            try await repository.expect(0, "apply", "gone.plan", "--max-deletes", "100%", "--no-wait")
        }
    }
}
