internal import KubernetesAPI
internal import Manifests
internal import Schemas

/// The schemas that objects are checked against which the server cannot be asked about yet.
actor DeferredSchemas {
    private let client: KubernetesClient
    private let discovery: Discovery
    /// The definitions in the plan, by group and kind.
    private let planned: [GroupKind: Value]
    private var served: [GroupVersionKind: SchemaCheck?] = [:]

    private static let definition = GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")

    init(client: KubernetesClient, discovery: Discovery, desired: [DesiredObject]) {
        self.client = client
        self.discovery = discovery
        var planned: [GroupKind: Value] = [:]
        for object in desired where object.reference.groupKind == Self.definition {
            guard let spec = object.body["spec"], let group = spec["group"]?.string, let kind = spec.at("names", "kind")?.string else {
                continue
            }
            planned[GroupKind(group: group, kind: kind)] = object.body
        }
        self.planned = planned
    }

    /// Checks an object.
    /// - Returns: What it was checked against, in words; `nil` when there is no schema to be had.
    /// - Throws: `Diagnostics` with all that is wrong, with the object's file and line.
    func check(_ object: DesiredObject) async throws -> String? {
        let kind = object.manifest.groupVersionKind
        guard let (check, name) = await schema(of: kind, resource: object.resource) else { return nil }
        let faults = check.faults(of: object.body)
        guard faults.isEmpty else {
            throw Diagnostics(
                faults.map { fault in
                    Diagnostic(
                        Sensitivity.redacted("\(fault.field) \(fault.message)", of: object.body), at: object.manifest.source,
                        object: object.reference.id, advice: "it was checked against \(name)")
                })
        }
        return name
    }

    private func schema(of kind: GroupVersionKind, resource: APIResource) async -> (SchemaCheck, String)? {
        if let definition = planned[kind.groupKind] {
            return SchemaCheck(definition: definition, version: kind.version).map { ($0, "the definition in this plan") }
        }
        if let check = SchemaCheck(builtIn: kind) { return (check, "the schema of Kubernetes 1.36") }
        return await servedSchema(of: kind, resource: resource).map { ($0, "the definition in the target") }
    }

    /// The definition of a kind that is served already; the rights may not allow to read it.
    private func servedSchema(of kind: GroupVersionKind, resource: APIResource) async -> SchemaCheck? {
        if let known = served[kind] { return known }
        var check: SchemaCheck?
        if let definitions = discovery.resource(for: Self.definition),
            let live = try? await client.get(definitions, namespace: "", name: "\(resource.plural).\(kind.group)", skipsManagedFields: true)
        {
            check = SchemaCheck(definition: live, version: kind.version)
        }
        served[kind] = .some(check)
        return check
    }
}
