import Manifests
import Settings
import Testing

@Suite struct HealthConfigurationTests {
    private func read(_ health: String) throws -> HealthConfiguration {
        let text = "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\nenvironments:\n  - name: e\n    health: \(health)\n"
        return try #require(ConfigurationReader.read(Array(text.utf8), file: "plumb.yaml").environments.first).health
    }

    @Test func rulesAreRead() throws {
        let health = try read(
            """
            {strict: true, failAfter: 2m, checks: [{group: db.example.org, kind: Database,
              current: [{condition: Ready}, {condition: Synced, status: true}, {path: /status/phase, equals: Running}, {path: /status/address}],
              failed: [{condition: Lost, status: "False"}]}]}
            """)
        #expect(health.isStrict)
        #expect(health.failAfter == .seconds(120))
        let check = try #require(health.checks.first)
        #expect(check.kind == "Database")
        #expect(
            check.current == [
                .condition(type: "Ready", status: "True"), .condition(type: "Synced", status: "True"),
                .equals(pointer: "/status/phase", value: "Running"), .exists(pointer: "/status/address"),
            ])
        #expect(check.failed == [.condition(type: "Lost", status: "False")])
    }

    @Test(arguments: [
        ("{strikt: true}", "unknown key 'strikt'"), ("{checks: [{kind: A}]}", "says nothing"),
        ("{checks: [{kind: A, current: [{path: status}]}]}", "JSON Pointer"), ("{checks: [{current: [{path: /a}]}]}", "has no kind"),
        ("{checks: [{kind: A, current: [{status: x}]}]}", "either a condition or a path"),
        ("{checks: [{kind: A, current: [{condition: R, equals: x}]}]}", "belongs to a path"), ("{failAfter: soon}", "duration"),
    ])
    func faultsAreNamed(health: String, message: String) throws {
        let error = try #require(throws: Diagnostic.self) { try read(health) }
        #expect(error.message.contains(message), "\(error)")
        #expect(error.position?.line == 5)
    }
}
