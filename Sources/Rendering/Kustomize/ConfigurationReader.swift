import Manifests

/// Reads what `configurations` and `crds` add to the fields that transformers change.
enum ConfigurationReader {
    private static let names = [
        "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels", "templateLabels", "commonAnnotations",
        "nameReference", "varReference", "images", "replicas",
    ]

    static func configuration(_ folder: KustomizationGraph.Folder) throws -> TransformerConfiguration {
        var configuration = TransformerConfiguration.builtIn
        let file = folder.file
        if file.configurations.isEmpty, file.crds.isEmpty { return configuration }
        var added = TransformerConfiguration()
        for text in file.configurations {
            let (document, path) = try load(text, folder)
            do throws(FieldDecoder.Fault) {
                let own = try read(FieldDecoder(value: document?.value ?? .null, pointer: "", convertsScalars: true))
                do { try added.merge(own) } catch { throw FieldDecoder.Fault(message: error.message, pointer: "") }
            } catch {
                throw Diagnostic(
                    error.message, at: try position(of: error.pointer, text.text, path, folder), advice: error.advice)
            }
        }
        try configuration.merge(added)
        for text in file.crds {
            let (document, _) = try load(text, folder)
            try configuration.merge(DefinitionReader.configuration(document?.value ?? .null))
        }
        return configuration
    }

    private static func load(_ text: LocatedText, _ folder: KustomizationGraph.Folder) throws -> (YAMLDocument?, String) {
        do {
            let (bytes, path) = try folder.loader.named(text.text)
            return (try YAMLLoader.load(bytes, file: path, options: .init(schema: .kubernetes)).first, path)
        } catch let fault as Diagnostic {
            if let position = fault.position, position.line > 0 { throw fault }
            throw folder.file.diagnostic(fault.message, at: text.pointer, advice: fault.advice)
        }
    }

    private static func position(
        of pointer: String, _ text: String, _ path: String, _ folder: KustomizationGraph.Folder
    ) throws -> SourcePosition {
        let options = YAMLLoader.Options(schema: .kubernetes, recordsPositions: true)
        let document = try YAMLLoader.load(folder.loader.load(text), file: path, options: options).first
        return document?.position(of: pointer) ?? SourcePosition(file: path)
    }

    private static func read(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) -> TransformerConfiguration {
        let fields = try decoder.fields(names)
        var configuration = TransformerConfiguration()
        configuration.namePrefix = try specs(fields, "namePrefix")
        configuration.nameSuffix = try specs(fields, "nameSuffix")
        configuration.namespace = try specs(fields, "namespace")
        configuration.commonLabels = try specs(fields, "commonLabels")
        configuration.labels = try specs(fields, "labels")
        configuration.templateLabels = try specs(fields, "templateLabels")
        configuration.commonAnnotations = try specs(fields, "commonAnnotations")
        configuration.variableReference = try specs(fields, "varReference")
        configuration.images = try specs(fields, "images")
        configuration.replicas = try specs(fields, "replicas")
        for decoder in try fields.list("nameReference") {
            let fields = try decoder.fields(["group", "version", "kind", "fieldSpecs"])
            let target = GroupVersionKind(
                group: try fields.string("group"), version: try fields.string("version"), kind: try fields.string("kind"))
            configuration.nameReference.append(
                TransformerConfiguration.NameReferenceSpec(target: target, referrers: try specs(fields, "fieldSpecs")))
        }
        return configuration
    }

    private static func specs(_ fields: FieldDecoder.Fields, _ name: String) throws(FieldDecoder.Fault) -> [FieldSpec] {
        var specs: [FieldSpec] = []
        for decoder in try fields.list(name) { specs.append(try FieldSpec(decoder)) }
        return specs
    }
}

/// Reads the OpenAPI definitions that `crds` names: extensions there say which fields are names, labels, references.
enum DefinitionReader {
    private static let depthMax = 64

    static func configuration(_ definitions: Value) throws -> TransformerConfiguration {
        var configuration = TransformerConfiguration()
        let known = definitions.object ?? Object()
        for definition in known {
            let properties = definition.value.at("Schema", "properties") ?? definition.value.at("schema", "properties")
            guard let properties = properties?.object, properties["kind"] != nil, properties["apiVersion"] != nil,
                properties["metadata"] != nil
            else { continue }
            let kind = definition.key.split(separator: ".").last.map(String.init) ?? definition.key
            let gvk = GroupVersionKind(group: "", version: "", kind: kind)
            try read(definition.key, known, gvk, path: [], visited: [], into: &configuration)
        }
        return configuration
    }

    private static func read(
        _ type: String, _ known: Object, _ gvk: GroupVersionKind, path: [String], visited: Set<String>,
        into configuration: inout TransformerConfiguration
    ) throws {
        guard path.count < depthMax, !visited.contains(type), let definition = known[type] else { return }
        let properties = definition.at("Schema", "properties") ?? definition.at("schema", "properties")
        for property in properties?.object ?? Object() {
            let own = path + [property.key]
            let extensions = property.value
            func spec(_ parts: [String]) -> FieldSpec { FieldSpec(selector: gvk, path: parts.joined(separator: "/")) }
            if extensions["x-kubernetes-annotation"]?.string != nil {
                try FieldSpec.merge([spec(own)], into: &configuration.commonAnnotations)
            }
            if extensions["x-kubernetes-label-selector"]?.string != nil {
                try FieldSpec.merge([spec(own)], into: &configuration.commonLabels)
            }
            if extensions["x-kubernetes-identity"]?.string != nil {
                try FieldSpec.merge([spec(own)], into: &configuration.namePrefix)
            }
            if let version = extensions["x-kubernetes-object-ref-api-version"]?.string,
                let kind = extensions["x-kubernetes-object-ref-kind"]?.string
            {
                let key = extensions["x-kubernetes-object-ref-name-key"]?.string ?? "name"
                var reference = TransformerConfiguration()
                reference.nameReference = [
                    TransformerConfiguration.NameReferenceSpec(
                        target: GroupVersionKind(group: "", version: version, kind: kind), referrers: [spec(own + [key])])
                ]
                try configuration.merge(reference)
            }
            if let next = extensions["$ref"]?.string {
                try read(next, known, gvk, path: own, visited: visited.union([type]), into: &configuration)
            }
        }
    }
}
