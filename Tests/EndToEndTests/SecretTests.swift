import Foundation
import Manifests
import Testing

/// A secret value appears in no plan, output, log or error, neither plain nor encoded.
@Suite struct SecretTests {
    private static let password = "Tr0ub4dor-correct-horse"
    private static let changed = "another-battery-staple-9"

    /// All that plumb has said and written.
    private final class Witness {
        var texts: [String] = []

        func take(_ output: ProcessOutput) {
            texts.append(output.output)
            texts.append(output.error)
        }

        /// Takes every file of the work folder but those that hold the secret by right: the manifests, and Git's own.
        func takeFiles(of repository: TestRepository) throws {
            let files = FileManager.default.enumerator(atPath: repository.folder)
            while let file = files?.nextObject() as? String {
                if file.hasPrefix("repo/environments/") || file.contains(".git/") { continue }
                if let data = FileManager.default.contents(atPath: "\(repository.folder)/\(file)") {
                    texts.append("\(file)\n" + String(decoding: data, as: UTF8.self))
                }
            }
        }

        func check(_ secrets: [String], at location: SourceLocation = #_sourceLocation) {
            for secret in secrets {
                for form in [
                    secret, Base64.encode(Array(secret.utf8)), Base64.encode(Array("x\(secret)".utf8)).dropFirst(4).dropLast(4).description,
                ] {
                    for text in texts where text.contains(form) {
                        Issue.record("a secret is in: \(text.prefix(2000))", sourceLocation: location)
                    }
                }
            }
        }
    }

    @Test func createdDriftedChangedAndPruned() async throws {
        try await TestRepository.with { repository in
            let witness = Witness()
            func run(_ code: Int, _ arguments: String...) async throws {
                let result = try await repository.plumb(arguments)
                #expect(result.code == code, "\(arguments)")
                witness.take(result)
            }
            let annotation = #"{"stringData":{"password":"\#(Self.password)"},"data":{"p":"\#(Base64.encode(Array(Self.password.utf8)))"}}"#
            let lastApplied = "    kubectl.kubernetes.io/last-applied-configuration: '\(annotation)'\n"
            try repository.manifest("secret.yaml", Samples.secret("database", Self.password))
            try repository.manifest(
                "annotated.yaml",
                Samples.secret("annotated", Self.password).replacingOccurrences("stringData", "  annotations:\n\(lastApplied)stringData"))
            try await repository.commit()
            try await run(0, "plan", "production", "--out", "a.plan", "--verbose")
            try await run(0, "plan", "production", "--json")
            try await run(0, "show", "a.plan")
            try await run(0, "apply", "a.plan", "--verbose")
            let path = "/api/v1/namespaces/\(repository.namespace)/secrets/database"
            let live = try #require(await repository.cluster.get(path))
            #expect(live.at("data", "password")?.string == Base64.encode(Array(Self.password.utf8)), "it is applied all the same")

            let edited = Base64.encode(Array(Self.changed.utf8))
            let repeated = #"{\"data\":{\"password\":\"\#(edited)\"}}"#
            try await repository.cluster.edit(
                path,
                #"{"data":{"password":"\#(edited)"},"#
                    + #""metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"\#(repeated)"}}}"#)
            try await run(2, "plan", "production", "--out", "b.plan", "--detailed-exitcode")
            try await run(0, "apply", "b.plan", "--json")

            try repository.manifest("secret.yaml", Samples.secret("database", Self.changed))
            try await repository.commit()
            try await run(0, "plan", "production", "--out", "c.plan")
            try await run(0, "apply", "c.plan")
            try repository.remove("environments/production/secret.yaml")
            try await repository.commit()
            try await run(0, "plan", "production", "--out", "d.plan")
            try await run(0, "apply", "d.plan")
            try await run(0, "audit", "show", "plumb-audit.jsonl")
            try await run(0, "history", "production")
            let inventory = try await repository.cluster.get(repository.configMap("plumb-inventory-production"))
            witness.texts.append(String(decoding: JSONWriter.canonical(try #require(inventory)), as: UTF8.self))
            try witness.takeFiles(of: repository)
            witness.check([Self.password, Self.changed])
        }
    }

    @Test(arguments: ["data:\n  password: \"Tr0ub4dor-correct-horse\"\n", "data:\n  password: {nested: Tr0ub4dor-correct-horse}\n"])
    func refusedByTheServer(data: String) async throws {
        try await TestRepository.with { repository in
            let witness = Witness()
            // In `data` it would have to be base64, and it has to be text.
            try repository.manifest("secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: database\n" + data)
            try await repository.commit()
            let result = try await repository.plumb("plan", "production", "--out", "a.plan", "--verbose")
            #expect(result.code == 1)
            #expect(result.error.contains("environments/production/secret.yaml:"))
            witness.take(result)
            try witness.takeFiles(of: repository)
            witness.check([Self.password])
        }
    }

    @Test func refusedWhenItIsApplied() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let witness = Witness()
            // Its namespace is made by the same plan, so the server sees it no earlier than in the apply.
            try repository.manifest("namespace.yaml", Samples.namespace(repository.namespace))
            try repository.manifest("secret.yaml", Samples.secret("database", Self.password) + "type: kubernetes.io/tls\n")
            try await repository.commit()
            witness.take(try await repository.expect(0, "plan", "production", "--out", "a.plan"))
            let result = try await repository.plumb("apply", "a.plan", "--verbose")
            #expect(result.code == 5)
            witness.take(result)
            try witness.takeFiles(of: repository)
            witness.check([Self.password])
        }
    }
}
