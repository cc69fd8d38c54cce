internal import ArgumentParser
internal import Git
internal import Manifests
internal import Rendering

#if canImport(Glibc)
    internal import Glibc
#endif

/// Options of `plumb render` for charts.
struct ChartOptions: ParsableArguments {
    @Option(help: "The release's name.") var release: String?
    @Option(name: .customLong("values"), help: "A file with values; may be repeated, the later wins.") var values: [String] = []
    @Option(name: .customLong("set"), help: "key=value over the values.") var set: [String] = []
    @Option(name: .customLong("set-string"), help: "key=value over the values, every value as text.") var setString: [String] = []
    @Option(name: .customLong("set-json"), help: "key=JSON over the values.") var setJSON: [String] = []
    @Option(name: .customLong("set-file"), help: "key=file over the values.") var setFile: [String] = []
    @Option(name: .customLong("set-literal"), help: "key=text over the values.") var setLiteral: [String] = []
    @Option(name: .customLong("kube-version"), help: "The Kubernetes version that the chart sees.") var kubeVersion: String?
    @Option(name: .customLong("api-versions"), help: "API versions that the chart sees besides the built-in ones.") var apiVersions:
        [String] = []

    init() {}
}

enum ChartRendering {
    static func render(_ path: String, _ options: ChartOptions, namespace: String?) throws -> [UInt8] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let isArchive = path.hasSuffix(".tgz")
        let root = isArchive ? "/" + parts.dropLast().joined(separator: "/") : path
        let chart = try HelmChart.load(tree: try WorkingFolderTree(root: root), folder: isArchive ? String(parts.last ?? "") : "")
        var release = HelmRelease(name: options.release ?? "release-name", namespace: namespace ?? "default")
        release.kubeVersion = options.kubeVersion
        release.apiVersions = options.apiVersions.flatMap { $0.split(separator: ",").map(String.init) }
        for file in options.values {
            do {
                release.values.append(try ValuesReader.values(try bytes(file)))
            } catch let error as GoError {
                throw Diagnostic("failed to parse \(file): \(error.message)")
            }
        }
        release.assignments = options.setJSON.map { .json($0) } + options.set.map { .typed($0) } + options.setString.map { .string($0) }
        for text in options.setFile {
            let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2 else { throw Diagnostic("--set-file takes key=file, and this is '\(text)'") }
            release.assignments.append(.file(key: pair[0], content: String(decoding: try bytes(pair[1]), as: UTF8.self)))
        }
        release.assignments += options.setLiteral.map { .literal($0) }
        return try HelmRenderer.render(chart, release).text
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let absolute = path.hasPrefix("/") ? path : (getcwd(nil, 0).map { String(cString: $0) } ?? "") + "/" + path
        let parts = absolute.split(separator: "/")
        let folder = "/" + parts.dropLast().joined(separator: "/")
        return try WorkingFolderTree(root: folder).read(String(parts.last ?? ""))
    }
}
