import Foundation
import Manifests
import Testing

/// Templates that look at live objects: only where it is asked for, and never so that a secret gets out.
@Suite struct ChartLookupTests {
    private static let password = "correct-horse-battery-9"

    /// A chart that keeps the password that is there, and reads a setting of another's.
    private static let template = """
        {{- $secret := lookup "v1" "Secret" .Release.Namespace "db" }}
        {{- $shared := lookup "v1" "ConfigMap" .Release.Namespace "shared" }}
        apiVersion: v1
        kind: Secret
        metadata: {name: copy}
        data:
          password: {{ if $secret }}{{ $secret.data.password }}{{ else }}{{ b64enc "first" }}{{ end }}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          annotations: {checksum: {{ $secret | toJson | sha256sum }}}
        data:
          zone: {{ dig "data" "zone" "none" $shared }}
        """

    private func write(_ repository: TestRepository, template: String = Self.template, more: String = "") async throws {
        try repository.configure("charts: [{chart: charts/web}]\n" + more)
        try repository.write("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        try repository.write("charts/web/templates/all.yaml", template)
        try await repository.commit()
    }

    private func makeLive(_ repository: TestRepository) async throws {
        try await repository.cluster.create(
            "/api/v1/namespaces/\(repository.namespace)/secrets",
            #"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "data": {"password": "\#(Base64.encode(Array(Self.password.utf8)))"}}"#
        )
        try await repository.cluster.create(
            "/api/v1/namespaces/\(repository.namespace)/configmaps",
            #"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shared"}, "data": {"zone": "eu-1"}}"#)
    }

    private func copied(_ repository: TestRepository) async throws -> String? {
        let secret = try await repository.cluster.get("/api/v1/namespaces/\(repository.namespace)/secrets/copy")
        return secret?.at("data", "password")?.string.flatMap(Base64.decode).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func nothingIsFoundUnlessItIsAskedFor() async throws {
        try await TestRepository.with { repository in
            try await makeLive(repository)
            try await write(repository)
            let plan = try await repository.expect(0, "plan", "production", "--out", "p.plan")
            #expect(!(plan.output + plan.error).contains("look up live objects"))
            #expect(try repository.json("p.plan")["lookups"] == nil)
            try await repository.expect(0, "apply", "p.plan")
            #expect(try await repository.setting("settings", "zone") == "none")
            #expect(try await copied(repository) == "first")
        }
    }

    @Test func aPlanOfLiveObjectsSaysSoAndHoldsAsLongAsTheyDo() async throws {
        try await TestRepository.with { repository in
            try await makeLive(repository)
            try await write(repository, more: "allowLookup: true")
            let plan = try await repository.expect(0, "plan", "production", "--out", "p.plan")
            let names = "v1/ConfigMap \(repository.namespace)/shared, v1/Secret \(repository.namespace)/db"
            #expect((plan.output + plan.error).contains("as long as these do not change: \(names)"), "\(plan)")
            let file = try repository.text("p.plan")
            for form in [Self.password, Base64.encode(Array(Self.password.utf8))] {
                #expect(!(file + plan.output + plan.error).contains(form))
            }
            #expect(file.contains("eu-1"))

            // What does not matter is no reason: only the answer's content is.
            try await repository.cluster.edit(
                repository.configMap("shared"), #"{"data": {"zone": "eu-2"}}"#)
            let stale = try await repository.expect(3, "apply", "p.plan")
            #expect(stale.error.contains("v1/ConfigMap \(repository.namespace)/shared"), "\(stale)")
            #expect(try await copied(repository) == nil)

            try await repository.cluster.edit(repository.configMap("shared"), #"{"data": {"zone": "eu-1"}}"#)
            let applied = try await repository.expect(0, "apply", "p.plan")
            #expect(!(applied.output + applied.error).contains(Self.password))
            #expect(try await repository.setting("settings", "zone") == "eu-1")
            #expect(try await copied(repository) == Self.password)
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func aChangedSecretMakesAPlanStale() async throws {
        try await TestRepository.with { repository in
            try await makeLive(repository)
            try await write(repository)
            try await repository.expect(0, "plan", "production", "--allow-lookup", "--out", "p.plan")
            try await repository.cluster.edit(
                "/api/v1/namespaces/\(repository.namespace)/secrets/db", #"{"data": {"password": "b3RoZXI="}}"#)
            let stale = try await repository.expect(3, "apply", "p.plan")
            #expect(stale.error.contains("v1/Secret \(repository.namespace)/db"), "\(stale)")
        }
    }

    @Test func aSecretInAnythingElseIsRefused() async throws {
        try await TestRepository.with { repository in
            try await makeLive(repository)
            let template = """
                {{- $secret := lookup "v1" "Secret" .Release.Namespace "db" }}
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data: {password: {{ $secret.data.password | b64dec | upper | quote }}}
                """
            try await write(repository, template: template)
            let refused = try await repository.expect(1, "plan", "production", "--allow-lookup")
            #expect(refused.error.contains("/data/password is made of what 'lookup' found"), "\(refused)")
            #expect(refused.error.contains("charts/web/templates/all.yaml:2"), "\(refused)")
            #expect(!refused.error.uppercased().contains(Self.password.uppercased()))

            try await write(repository, template: #"{{ fail (printf "it is %v" (lookup "v1" "Secret" .Release.Namespace "db").data) }}"#)
            let failed = try await repository.expect(1, "plan", "production", "--allow-lookup")
            #expect(failed.error.contains("(sensitive)") && !failed.error.contains(Base64.encode(Array(Self.password.utf8))), "\(failed)")
        }
    }
}
