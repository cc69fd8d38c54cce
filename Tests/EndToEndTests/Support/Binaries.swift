import Foundation

/// Where the built programs are: beside the tests, unless `PLUMB_BINARY` and `PLUMB_SANDBOX_BINARY` say otherwise.
enum Binaries {
    static func plumb() throws -> String { try find("plumb", variable: "PLUMB_BINARY") }
    static func sandbox() throws -> String { try find("plumb-sandbox", variable: "PLUMB_SANDBOX_BINARY") }

    private static func find(_ name: String, variable: String) throws -> String {
        if let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        // The runner is in the build's folder on Linux, and some levels below it on macOS.
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        var places: [String] = []
        for _ in 0..<5 {
            places.append(folder.path)
            folder.deleteLastPathComponent()
        }
        places.append("\(root)/.build/debug")
        for place in places where FileManager.default.isExecutableFile(atPath: "\(place)/\(name)") {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: "\(place)/\(name)", isDirectory: &isFolder), !isFolder.boolValue {
                return "\(place)/\(name)"
            }
        }
        throw TestFailure("there is no program '\(name)' beside the tests; set \(variable)")
    }
}
