import Manifests

/// A built-in generator with a configuration of its own (`apiVersion: builtin`).
struct PluginGenerator {
    let plugin: Resource
    let loader: FolderLoader

    func generate() throws -> [Resource] {
        let place = plugin.source
        guard plugin.apiVersion == "builtin" else {
            throw Diagnostic(
                "the generator '\(plugin.kind)' (\(plugin.apiVersion)) is no built-in one, and others are not run", at: place,
                advice: "plugins and functions outside of kustomize are not supported")
        }
        let decoder = FieldDecoder(value: plugin.value, pointer: "", ignoresUnknownFields: true, convertsScalars: true)
        do {
            switch plugin.kind {
            case "ConfigMapGenerator": return [try config(decoder, isSecret: false)]
            case "SecretGenerator": return [try config(decoder, isSecret: true)]
            case "IAMPolicyGenerator": return [try account(decoder)]
            case "HelmChartInflationGenerator":
                let field = try ChartField(decoder, home: "")
                return try ChartInflation(field: field, loader: loader, ownNamespace: "") { place }.generate()
            default: throw Diagnostic("there is no built-in generator '\(plugin.kind)'", at: place)
            }
        } catch let fault as FieldDecoder.Fault {
            throw Diagnostic("\(fault.message) at \(fault.pointer)", at: place, advice: fault.advice)
        }
    }

    private func config(_ decoder: FieldDecoder, isSecret: Bool) throws -> Resource {
        var field = try GeneratorField(decoder, isSecret: isSecret)
        if field.name.isEmpty { field.name = plugin.name }
        if field.namespace.isEmpty { field.namespace = plugin.namespace }
        let place = plugin.source
        return try ConfigGenerator(
            isSecret: isSecret, field: field, options: field.options, loader: loader, position: { _ in place }
        ).generate()
    }

    /// A service account of Google's cloud.
    private func account(_ decoder: FieldDecoder) throws -> Resource {
        let fields = try decoder.fields(["cloud", "kubernetesService", "serviceAccount"])
        let cloud = try fields.string("cloud")
        guard cloud == "gke" else { throw Diagnostic("the cloud '\(cloud)' is not supported", at: plugin.source) }
        let service = try fields["kubernetesService"]?.fields(["name", "namespace"])
        let account = try fields["serviceAccount"]?.fields(["name", "projectId"])
        let address = "\(try account?.string("name") ?? "")@\(try account?.string("projectId") ?? "").iam.gserviceaccount.com"
        var metadata: Object = [
            "annotations": .object(["iam.gke.io/gcp-service-account": .string(address)]),
            "name": .string(try service?.string("name") ?? ""),
        ]
        let namespace = try service?.string("namespace") ?? ""
        if !namespace.isEmpty { metadata["namespace"] = .string(namespace) }
        return Resource(
            value: .object(["apiVersion": "v1", "kind": "ServiceAccount", "metadata": .object(metadata)]), source: plugin.source)
    }
}
