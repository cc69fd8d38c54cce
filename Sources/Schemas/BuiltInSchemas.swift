package import Manifests

/// What a Kubernetes 1.36 API server says of its built-in kinds.
///
/// Derived from a real server's discovery and OpenAPI v3 documents; read on first use.
package enum BuiltInSchemas {
    /// The component schemas by name, such as `io.k8s.api.apps.v1.Deployment`. `$ref` points to `#/components/schemas/<name>`.
    package static let components: Object = read(schemaText).object ?? Object()

    /// The discovery documents by path, `/api` and `/apis`, in the aggregated form (`apidiscovery.k8s.io/v2`).
    package static let discovery: Object = read(discoveryText).object ?? Object()

    private static func read(_ text: StaticString) -> Value {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        do { return try JSONParser.parse(bytes) } catch { preconditionFailure("the embedded schemas are not JSON: \(error)") }
    }
}
