internal import Deflate
internal import Manifests

/// Loads charts from folders and archives (pkg/chart/v2/loader).
enum ChartLoader {
    /// How large a file of a chart may be, and an archive unpacked; Helm's own bounds.
    private static let fileBytesMax = 5 << 20
    private static let archiveBytesMax = 100 << 20
    /// How deep charts may stand in one another.
    private static let depthMax = 50
    /// How many files a chart may have.
    private static let filesMax = 100_000

    static func folder(_ tree: any FileTree, _ folder: String) throws -> HelmChart {
        let ignorePath = folder.isEmpty ? ".helmignore" : folder + "/.helmignore"
        var rules: [UInt8]?
        if let resolved = try tree.resolve(ignorePath), case .file = try tree.entry(at: resolved) { rules = try tree.read(resolved) }
        let ignore = try HelmIgnore(rules)
        var files: [ChartFile] = []
        try walk(tree, folder, relative: "", ignore, &files, depth: 0)
        var budget = archiveBytesMax
        return try chart(files, depth: 0, &budget)
    }

    private static func walk(
        _ tree: any FileTree, _ folder: String, relative: String, _ ignore: HelmIgnore, _ files: inout [ChartFile], depth: Int
    ) throws {
        guard depth < depthMax * 4 else { throw GoError("folders nest deeper than \(depthMax * 4) levels") }
        for item in try tree.list(folder) {
            let path = folder.isEmpty ? item.name : folder + "/" + item.name
            let name = relative.isEmpty ? item.name : relative + "/" + item.name
            var target = path
            var entry = item.entry
            if case .link = entry {
                guard let resolved = try tree.resolve(path), let found = try tree.entry(at: resolved) else {
                    throw GoError("the symbolic link \(name) leads nowhere")
                }
                (target, entry) = (resolved, found)
            }
            let isFolder = entry == .folder
            if ignore.ignores(name, isFolder: isFolder) { continue }
            if isFolder {
                try walk(tree, target, relative: name, ignore, &files, depth: depth + 1)
                continue
            }
            let bytes = try tree.read(target)
            guard bytes.count <= fileBytesMax else {
                throw GoError("chart file \(GoQuote.quote(item.name)) is larger than the maximum file size \(fileBytesMax)")
            }
            guard files.count < filesMax else { throw GoError("a chart has more than \(filesMax) files") }
            files.append(ChartFile(name: name, bytes: withoutByteOrderMark(bytes)))
        }
    }

    static func archive(_ bytes: [UInt8]) throws -> HelmChart {
        var budget = archiveBytesMax
        return try archive(bytes, depth: 0, &budget)
    }

    /// - Parameter budget: how many bytes this archive and those in it may unpack to in all.
    private static func archive(_ bytes: [UInt8], depth: Int, _ budget: inout Int) throws -> HelmChart {
        let entries: [TarReader.File]
        do {
            let unpacked = try Gzip.decompress(bytes, bytesMax: budget)
            budget -= unpacked.count
            entries = try TarReader.files(unpacked)
        } catch {
            throw GoError("\(error)")
        }
        var files: [ChartFile] = []
        for entry in entries {
            let name = try relativeName(entry.name)
            guard entry.bytes.count <= fileBytesMax else {
                throw GoError("decompressed chart file \(GoQuote.quote(entry.name)) is larger than the maximum file size \(fileBytesMax)")
            }
            files.append(ChartFile(name: name, bytes: withoutByteOrderMark(entry.bytes)))
        }
        guard !files.isEmpty else { throw GoError("no files in chart archive") }
        return try chart(files, depth: depth, &budget)
    }

    /// The path below the archive's one folder.
    private static func relativeName(_ full: String) throws -> String {
        let separator: Character = full.contains("\\") ? "\\" : "/"
        let parts = full.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        let name = parts.dropFirst().joined(separator: "/")
        if name.hasPrefix("/") { throw GoError("chart illegally contains absolute paths") }
        let clean = SprigPaths.clean(name)
        if clean == "." { throw GoError("chart illegally contains content outside the base directory: \(GoQuote.quote(full))") }
        if clean.hasPrefix("..") { throw GoError("chart illegally references parent directory") }
        let bytes = Array(clean.utf8)
        if bytes.count >= 3, bytes[1] == UInt8(ascii: ":"), bytes[2] == UInt8(ascii: "/") {
            throw GoError("chart contains illegally named files")
        }
        if parts[0] == "Chart.yaml" { throw GoError("chart yaml not in base directory") }
        return clean
    }

    private static func withoutByteOrderMark(_ bytes: [UInt8]) -> [UInt8] {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    // MARK: Files to chart

    private static func chart(_ all: [ChartFile], depth: Int, _ budget: inout Int) throws -> HelmChart {
        guard depth < depthMax else { throw GoError("charts nest deeper than \(depthMax) levels") }
        var metadata: ChartMetadata?
        for file in all where file.name == "Chart.yaml" {
            var read = ChartMetadata()
            do {
                try read.read(document(file))
            } catch let error as GoError {
                throw GoError("cannot load Chart.yaml: \(error.message)")
            }
            if read.apiVersion.isEmpty { read.apiVersion = "v1" }
            metadata = read
        }
        var values = Value.object(Object())
        var schema: [UInt8]?
        var lock: [UInt8]?
        var templates: [ChartFile] = []
        var files: [ChartFile] = []
        var parts: [(name: String, files: [ChartFile])] = []
        for file in all {
            switch file.name {
            case "Chart.yaml": continue
            case "Chart.lock": lock = file.bytes
            case "values.yaml":
                do {
                    values = try ValuesReader.values(file.bytes)
                } catch let error as GoError {
                    throw GoError("cannot load values.yaml: \(error.message)")
                }
            case "values.schema.json": schema = file.bytes
            case "requirements.yaml":
                do {
                    try metadata?.read(document(file))
                } catch let error as GoError {
                    throw GoError("cannot load requirements.yaml: \(error.message)")
                }
                if metadata?.apiVersion == "v1" { files.append(file) }
            case "requirements.lock":
                lock = lock ?? file.bytes
                if metadata?.apiVersion == "v1" { files.append(file) }
            case let name where name.hasPrefix("templates/"): templates.append(file)
            case let name where name.hasPrefix("charts/"):
                if name.hasSuffix(".prov") {
                    files.append(file)
                    continue
                }
                let rest = String(name.dropFirst("charts/".count))
                let folder = String(rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)[0])
                let part = ChartFile(name: rest, bytes: file.bytes)
                if let index = parts.lastIndex(where: { $0.name == folder }) {
                    parts[index].files.append(part)
                } else {
                    parts.append((folder, [part]))
                }
            default: files.append(file)
            }
        }
        guard var metadata else { throw GoError("Chart.yaml file is missing") }
        try metadata.validate()
        var subcharts: [HelmChart] = []
        for part in parts {
            if let chart = try subchart(part.name, part.files, in: metadata.name, depth: depth + 1, &budget) { subcharts.append(chart) }
        }
        return HelmChart(
            metadata: metadata, values: values, templates: templates, files: files, schema: schema, lock: lock, subcharts: subcharts)
    }

    private static func subchart(
        _ name: String, _ files: [ChartFile], in parent: String, depth: Int, _ budget: inout Int
    ) throws -> HelmChart? {
        if name.hasPrefix("_") || name.hasPrefix(".") { return nil }
        do {
            if name.hasSuffix(".tgz") {
                guard files[0].name == name else {
                    throw GoError("error unpacking subchart tar in \(parent): expected \(name), got \(files[0].name)")
                }
                return try archive(files[0].bytes, depth: depth, &budget)
            }
            let own = files.compactMap { file -> ChartFile? in
                let parts = file.name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
                return parts.count < 2 ? nil : ChartFile(name: String(parts[1]), bytes: file.bytes)
            }
            return try chart(own, depth: depth, &budget)
        } catch let error as GoError {
            throw GoError("error unpacking subchart \(name) in \(parent): \(error.message)")
        }
    }

    private static func document(_ file: ChartFile) throws -> Value {
        do {
            return try YAMLText.first(file.bytes, file: file.name)
        } catch {
            throw GoError("error converting YAML to JSON: \(GoYAMLError.text(error))")
        }
    }
}
