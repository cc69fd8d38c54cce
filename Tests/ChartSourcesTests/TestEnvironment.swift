import Foundation
import Manifests
import Rendering

@testable import ChartSources

/// A home of its own for each test, without the user's credentials.
final class TestEnvironment: Sendable {
    let folder: String

    init() {
        folder = NSTemporaryDirectory() + "plumb-charts-\(UInt64.random(in: 0 ... .max))"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to name: String, mode: Int? = nil) {
        let path = folder + "/" + name
        try? FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
        if let mode { try? FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
    }

    func environment(_ variables: [String: String] = [:]) -> ChartEnvironment {
        var all = ["HELM_CONFIG_HOME": folder + "/helm", "DOCKER_CONFIG": folder + "/docker", "PATH": folder + "/bin:/usr/bin:/bin"]
        all.merge(variables) { $1 }
        return ChartEnvironment(variables: all, homeDirectory: folder, cacheDirectory: folder + "/cache", userAgent: "plumb-test")
    }

    func charts() -> PublishedCharts { PublishedCharts(environment: environment()) }
}

func sha256(_ bytes: [UInt8]) -> String { ChartDigest.text(of: bytes) }
