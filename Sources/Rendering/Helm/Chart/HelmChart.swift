package import Manifests

/// A chart as it was loaded, with the charts in its `charts` folder. It never changes: releases of one chart share it,
/// and with it what was parsed of its templates.
package final class HelmChart: Sendable {
    package let metadata: ChartMetadata
    /// What `values.yaml` says.
    let values: Value
    let templates: [ChartFile]
    let files: [ChartFile]
    let schema: [UInt8]?
    /// What `Chart.lock` says, or of a chart of version 1 `requirements.lock`.
    let lock: [UInt8]?
    package let subcharts: [HelmChart]
    /// Shared by a chart and all charts below it.
    let templateCache: TemplateCache

    package var name: String { metadata.name }

    init(
        metadata: ChartMetadata, values: Value, templates: [ChartFile], files: [ChartFile], schema: [UInt8]?, lock: [UInt8]?,
        subcharts: [HelmChart]
    ) {
        self.metadata = metadata
        self.values = values
        self.templates = templates
        self.files = files
        self.schema = schema
        self.lock = lock
        self.subcharts = subcharts
        templateCache = TemplateCache()
    }

    /// Loads the chart in a folder of a tree, or in an archive when the path is that of a `.tgz` file.
    /// - Throws: `Diagnostic` when it is no valid chart.
    package static func load(tree: any FileTree, folder: String) throws -> HelmChart {
        do {
            if case .file = try tree.entry(at: folder) { return try ChartLoader.archive(tree.read(folder)) }
            return try ChartLoader.folder(tree, folder)
        } catch let error as GoError {
            throw Diagnostic(error.message, at: folder.isEmpty ? nil : SourcePosition(file: folder))
        }
    }

    /// Loads the chart in an archive.
    /// - Parameter origin: what errors call it.
    /// - Throws: `Diagnostic` when it is no valid chart.
    package static func load(archive bytes: [UInt8], origin: String) throws -> HelmChart {
        do {
            return try ChartLoader.archive(bytes)
        } catch let error as GoError {
            throw Diagnostic("the chart \(origin) cannot be used: \(error.message)")
        }
    }

    /// The chart with more charts below it.
    func adding(_ charts: [HelmChart]) -> HelmChart {
        if charts.isEmpty { return self }
        return HelmChart(
            metadata: metadata, values: values, templates: templates, files: files, schema: schema, lock: lock,
            subcharts: subcharts + charts)
    }
}
