import Manifests

/// The steps of one kustomization, in kustomize's order: resources, generators, components, transformers, validators,
/// variables. The bases that it uses are built already.
struct KustomizationSteps {
    let graph: KustomizationGraph
    let schema: MergeSchema
    let bases: BuiltBases
    /// How deep components may use components.
    private static let componentDepthMax = 200

    func build(_ folder: consuming KustomizationGraph.Folder, origin: Origin?) throws -> Accumulator {
        var accumulator = Accumulator()
        try run(folder, origin: origin, depth: 0, on: &accumulator)
        accumulator.map.forgetIndices()
        return accumulator
    }

    private func run(
        _ folder: consuming KustomizationGraph.Folder, origin: Origin?, depth: Int, on accumulator: inout Accumulator
    ) throws {
        guard depth < Self.componentDepthMax else {
            throw Diagnostic("components use components over more than \(Self.componentDepthMax) steps")
        }
        let file = folder.file
        defer { file.forgetPlaces() }
        // The objects are given up here, so that they are changed in place below.
        let resources = folder.resources
        folder.resources = []
        try addResources(zip(file.resources, consume resources), folder, origin, to: &accumulator)
        try accumulator.configuration.merge(ConfigurationReader.configuration(folder))
        try generate(folder, origin, on: &accumulator)
        try runComponents(folder, origin, depth, on: &accumulator)
        try transform(folder, origin, on: &accumulator)
        try validate(folder, origin, on: &accumulator)
        try Variables.merge(file.variables, into: &accumulator.variables, &accumulator.map) { file.position($0.pointer) }
    }

    // MARK: Resources

    private func addResources(
        _ entries: some Sequence<(LocatedText, KustomizationGraph.Entry)>, _ folder: KustomizationGraph.Folder,
        _ origin: Origin?, to accumulator: inout Accumulator
    ) throws {
        for (text, entry) in entries {
            switch entry {
            case .fault(let fault): throw fault
            case .resources(let resources):
                let own = origin?.appending(text.text)
                for resource in resources {
                    var resource = resource
                    if let own { resource.origin = own }
                    try accumulator.map.append(resource)
                }
            case .folder(let child):
                guard !graph.isComponent(child) else {
                    throw folder.file.diagnostic(
                        "'\(text.text)' is a Component, which 'resources' cannot list", at: text.pointer,
                        advice: "list it under 'components'")
                }
                guard let base = bases.take(BuiltKey(key: child, origin: origin?.appending(text.text))) else {
                    throw folder.file.diagnostic("the base '\(text.text)' was not built", at: text.pointer)
                }
                do { try accumulator.merge(base) } catch let fault as Diagnostic {
                    throw fault.position == nil
                        ? folder.file.diagnostic(fault.message, at: text.pointer, advice: fault.advice) : fault
                }
            }
        }
    }

    private func runComponents(
        _ folder: KustomizationGraph.Folder, _ origin: Origin?, _ depth: Int, on accumulator: inout Accumulator
    ) throws {
        for (text, entry) in zip(folder.file.components, folder.components) {
            switch entry {
            case .fault(let fault): throw fault
            case .resources: continue
            case .folder(let child):
                let component = try graph.folder(child)
                guard component.file.isComponent else {
                    throw folder.file.diagnostic(
                        "'\(text.text)' is a Kustomization, which 'components' cannot list", at: text.pointer,
                        advice: "list it under 'resources'")
                }
                try run(component, origin: origin?.appending(text.text), depth: depth + 1, on: &accumulator)
            }
        }
    }

    // MARK: Generators

    private func generate(_ folder: KustomizationGraph.Folder, _ origin: Origin?, on accumulator: inout Accumulator) throws {
        let file = folder.file
        for (isSecret, fields) in [(false, file.configMapGenerators), (true, file.secretGenerators)] {
            for field in fields {
                var resource = try ConfigGenerator(
                    isSecret: isSecret, field: field,
                    options: GeneratorOptions.merged(own: field.options, shared: file.generatorOptions), loader: folder.loader,
                    position: { file.position($0) }
                ).generate()
                if let origin {
                    resource.origin = configured(origin, file, kind: isSecret ? "SecretGenerator" : "ConfigMapGenerator")
                }
                try accumulator.map.absorb(resource)
            }
        }
        for field in file.helmCharts {
            let inflation = ChartInflation(field: field, loader: folder.loader, ownNamespace: file.namespace) {
                file.position(field.pointer)
            }
            for var resource in try inflation.generate() {
                if let origin { resource.origin = configured(origin, file, kind: "HelmChartInflationGenerator") }
                try accumulator.map.absorb(resource)
            }
        }
        for plugin in try plugins(zip(file.generators, folder.generators), folder, origin) {
            let generator = PluginGenerator(plugin: plugin, loader: folder.loader)
            for var resource in try generator.generate() {
                if resource.origin == nil { resource.origin = pluginOrigin(plugin) }
                try accumulator.map.absorb(resource)
            }
        }
    }

    /// The origin of what a field of the kustomization generates or transforms.
    private func configured(_ origin: Origin, _ file: KustomizationFile, kind: String) -> Origin {
        var own = Origin()
        own.repository = origin.repository
        own.revision = origin.revision
        own.configuredIn = origin.appending(TreePath.name(file.path)).path
        own.configuredBy = Origin.Configurator(apiVersion: "builtin", kind: kind)
        return own
    }

    private func pluginOrigin(_ plugin: Resource) -> Origin? {
        guard let origin = plugin.origin else { return nil }
        var own = Origin()
        own.repository = origin.repository
        own.revision = origin.revision
        own.configuredIn = origin.path
        own.configuredBy = Origin.Configurator(
            apiVersion: plugin.apiVersion, kind: plugin.kind, name: plugin.name, namespace: plugin.namespace)
        return own
    }

    /// The configurations of plugins that a list names: inline, in files, or built from folders. Inline ones come first.
    private func plugins(
        _ entries: some Sequence<(LocatedText, KustomizationGraph.Entry)>, _ folder: KustomizationGraph.Folder, _ origin: Origin?
    ) throws -> [Resource] {
        var accumulator = Accumulator()
        var others: [(LocatedText, KustomizationGraph.Entry)] = []
        for (text, entry) in entries {
            guard case .resources(let resources) = entry, resources.allSatisfy({ $0.source.file == folder.file.path }) else {
                others.append((text, entry))
                continue
            }
            for resource in resources {
                var resource = resource
                if let origin { resource.origin = origin.appending(TreePath.name(folder.file.path)) }
                try accumulator.map.append(resource)
            }
        }
        try addResources(others, folder, origin, to: &accumulator)
        return accumulator.map.resources
    }

    // MARK: Transformers

    private func transform(_ folder: KustomizationGraph.Folder, _ origin: Origin?, on accumulator: inout Accumulator) throws {
        let fields = try FieldTransformers(folder: folder, configuration: accumulator.configuration, schema: schema).steps()
        for step in fields {
            try step.apply(&accumulator.map)
            if let origin { note(configured(origin, folder.file, kind: step.kind), in: &accumulator.map) }
            accumulator.map.removeDeleted()
        }
        for plugin in try plugins(zip(folder.file.transformers, folder.transformers), folder, origin) {
            for step in try PluginTransformer(plugin: plugin, loader: folder.loader, schema: schema).steps() {
                try step.apply(&accumulator.map)
            }
            if let own = pluginOrigin(plugin) { note(own, in: &accumulator.map) }
            accumulator.map.removeDeleted()
        }
    }

    private func note(_ origin: Origin, in map: inout ResourceMap) {
        map.updateContents { resource in
            if resource.origin == nil { resource.origin = origin } else { resource.transformations.append(origin) }
        }
    }

    /// A validator may look, and change nothing but the label that says it has looked.
    private func validate(_ folder: KustomizationGraph.Folder, _ origin: Origin?, on accumulator: inout Accumulator) throws {
        for plugin in try plugins(zip(folder.file.validators, folder.validators), folder, origin) {
            let before = accumulator.map
            for step in try PluginTransformer(plugin: plugin, loader: folder.loader, schema: schema).steps() {
                try step.apply(&accumulator.map)
            }
            let isSame =
                before.resources.count == accumulator.map.resources.count
                && zip(before.resources, accumulator.map.resources).allSatisfy { old, new in
                    old.value == new.withoutValidatedBy().value
                }
            guard isSame else {
                throw Diagnostic("a validator changes the resources: \(plugin.kind) '\(plugin.name)'", at: plugin.source)
            }
        }
    }
}

extension Resource {
    fileprivate func withoutValidatedBy() -> Resource {
        guard value["metadata"]?["labels"]?["validated-by"] != nil else { return self }
        var copy = self
        copy.setMetadataMap("labels", metadataMap("labels").filter { $0.key != "validated-by" })
        return copy
    }
}

/// One transformer made ready, under kustomize's name for it.
struct TransformerStep {
    var kind: String
    var apply: (inout ResourceMap) throws -> Void
}
