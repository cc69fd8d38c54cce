import Manifests

/// A kustomization file, read and checked.
struct KustomizationFile: Sendable {
    static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    static let version = "kustomize.config.k8s.io/v1beta1"
    static let componentVersion = "kustomize.config.k8s.io/v1alpha1"

    /// The path in its tree; of a generated kustomization that of the folder.
    var path: String
    /// Its text, kept to look up the place of a field when there is an error to tell.
    var bytes: [UInt8]
    private let places = FieldPlaces()
    var isComponent = false

    /// `resources`, then `bases`.
    var resources: [LocatedText] = []
    var components: [LocatedText] = []
    var configurations: [LocatedText] = []
    var crds: [LocatedText] = []
    var generators: [LocatedText] = []
    var transformers: [LocatedText] = []
    var validators: [LocatedText] = []
    var openAPI: [(key: String, value: String)] = []

    var namePrefix = ""
    var nameSuffix = ""
    var namespace = ""
    var commonLabels: [(key: String, value: String)] = []
    var labels: [LabelField] = []
    var commonAnnotations: [(key: String, value: String)] = []
    var patchesStrategicMerge: [LocatedText] = []
    var patchesJSON6902: [PatchField] = []
    var patches: [PatchField] = []
    var images: [ImageField] = []
    var replacements: [ReplacementField] = []
    var replicas: [ReplicaField] = []
    var variables: [VariableField] = []
    var sortOptions: SortField?
    var configMapGenerators: [GeneratorField] = []
    var secretGenerators: [GeneratorField] = []
    var generatorOptions: GeneratorOptions?
    var helmCharts: [ChartField] = []
    var buildMetadata: [String] = []
    var warnings: [Diagnostic] = []

    init(path: String, bytes: [UInt8] = []) {
        self.path = path
        self.bytes = bytes
    }

    /// The place of a field; the file alone when it cannot be told.
    func position(_ pointer: String) -> SourcePosition {
        places.position(of: pointer, in: bytes, path) ?? SourcePosition(file: path)
    }

    /// Lets go of what was kept to look up places.
    func forgetPlaces() { places.forget() }

    func diagnostic(_ message: String, at pointer: String, advice: String? = nil) -> Diagnostic {
        Diagnostic(message, at: position(pointer), advice: advice)
    }

    func diagnostic(_ fault: FieldDecoder.Fault) -> Diagnostic {
        diagnostic(fault.message, at: fault.pointer, advice: fault.advice)
    }
}
