import Foundation
import Testing

extension TestRepository {
    /// Writes `plumb.yaml` with environments of one ConfigMap each, and what is said of all of them and of each.
    ///
    /// The manifest of environment `a` is `environments/a/config.yaml`, a ConfigMap `a-config` in the test's namespace.
    func fleet(_ environments: [(name: String, settings: String)], head: String = "") throws {
        var text = "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\n\(head)environments:\n"
        for (name, settings) in environments {
            text += "  - name: \(name)\n    namespace: \(namespace)\n"
            text += settings.split(separator: "\n").map { "    \($0)\n" }.joined()
            try desire(name, "red")
        }
        try write("plumb.yaml", text)
    }

    /// Sets the color of an environment's ConfigMap.
    func desire(_ environment: String, _ color: String) throws {
        try write("environments/\(environment)/config.yaml", Samples.configMap("\(environment)-config", "color", color))
    }

    /// The live color of an environment's ConfigMap.
    func color(_ environment: String) async throws -> String? { try await setting("\(environment)-config", "color") }

    /// Changes it behind plumb's back.
    func paint(_ environment: String, _ color: String) async throws {
        try await cluster.edit(configMap("\(environment)-config"), #"{"data":{"color":"\#(color)"}}"#)
    }
}
