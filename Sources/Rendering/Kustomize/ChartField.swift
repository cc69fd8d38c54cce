import Manifests

/// One entry of `helmCharts`, or the configuration of a `HelmChartInflationGenerator`.
struct ChartField: Sendable {
    enum ValuesMerge: String, Sendable {
        /// Inline values over those of the file.
        case override
        /// Values of the file over the inline ones.
        case merge
        /// Inline values alone.
        case replace
    }

    var name = ""
    var version = ""
    var repository = ""
    var releaseName = ""
    var namespace = ""
    var nameTemplate = ""
    var valuesFile = ""
    var additionalValuesFiles: [String] = []
    /// `nil` when there are none.
    var valuesInline: Value?
    var valuesMerge = ValuesMerge.override
    var includesCRDs = false
    var skipsHooks = false
    var skipsTests = false
    var kubeVersion = ""
    var apiVersions: [String] = []
    /// The folder that holds charts, below the kustomization; empty for `charts`.
    var home = ""
    var pointer: String

    static let names = [
        "name", "version", "repo", "releaseName", "namespace", "additionalValuesFiles", "valuesFile", "valuesInline",
        "valuesMerge", "includeCRDs", "skipHooks", "apiVersions", "kubeVersion", "nameTemplate", "skipTests", "debug", "devel",
    ]

    init(_ decoder: FieldDecoder, home: String) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields(Self.names + (decoder.ignoresUnknownFields ? ["chartHome", "configHome"] : []))
        name = try fields.string("name")
        version = try fields.string("version")
        repository = try fields.string("repo")
        releaseName = try fields.string("releaseName")
        namespace = try fields.string("namespace")
        nameTemplate = try fields.string("nameTemplate")
        valuesFile = try fields.string("valuesFile")
        additionalValuesFiles = try fields.strings("additionalValuesFiles")
        valuesInline = fields["valuesInline"]?.value
        valuesMerge = try Self.valuesMerge(fields["valuesMerge"])
        includesCRDs = try fields.bool("includeCRDs")
        skipsHooks = try fields.bool("skipHooks")
        skipsTests = try fields.bool("skipTests")
        kubeVersion = try fields.string("kubeVersion")
        apiVersions = try fields.strings("apiVersions")
        let own = decoder.ignoresUnknownFields ? try fields.string("chartHome") : ""
        self.home = own.isEmpty ? home : own
        guard !name.isEmpty else { throw decoder.fault("a chart must have a name") }
    }

    /// An entry of `helmChartInflationGenerator`, the field of old.
    init(legacy decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        let fields = try decoder.fields([
            "chartName", "chartVersion", "chartRepoUrl", "chartHome", "chartRepoName", "helmBin", "helmHome", "values", "valuesLocal",
            "valuesMerge", "releaseName", "releaseNamespace", "extraArgs",
        ])
        name = try fields.string("chartName")
        version = try fields.string("chartVersion")
        repository = try fields.string("chartRepoUrl")
        home = try fields.string("chartHome")
        valuesFile = try fields.string("values")
        valuesInline = fields["valuesLocal"]?.value
        valuesMerge = try Self.valuesMerge(fields["valuesMerge"])
        releaseName = try fields.string("releaseName")
        namespace = try fields.string("releaseNamespace")
        guard !name.isEmpty else { throw decoder.fault("a chart must have a name") }
    }

    private static func valuesMerge(_ decoder: FieldDecoder?) throws(FieldDecoder.Fault) -> ValuesMerge {
        guard let decoder, case let text = try decoder.string(), !text.isEmpty else { return .override }
        guard let merge = ValuesMerge(rawValue: text) else {
            throw decoder.fault("'\(text)' is no value of valuesMerge", advice: "it is one of override, merge, replace")
        }
        return merge
    }

    /// Whether the chart comes from a repository of charts unless it lies in the folder for charts already.
    var isPublished: Bool { !repository.isEmpty }
}
