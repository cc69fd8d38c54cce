import Foundation

/// The library that ends a program by SIGKILL before its n-th write, compiled once a test run (testdata/kill).
enum KillShim {
    /// Its path; `nil` where there is no C compiler or no way to preload it.
    static func library() async throws -> String? { try await building.value }

    private static let building = Task<String?, any Error> {
        #if os(Linux)
            // A sanitizer's own library has to be the first.
            if ProcessInfo.processInfo.environment["PLUMB_NO_PRELOAD"] != nil { return nil }
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().path
            let library = FileManager.default.temporaryDirectory.path + "/plumb-kill-\(TestRepository.random()).so"
            for compiler in ["clang", "cc", "gcc"] {
                let result = try? await ChildProcess.run(
                    compiler, ["-shared", "-fPIC", "-O1", "-o", library, "\(root)/testdata/kill/kill-at-write.c", "-ldl"],
                    environment: ["PATH": TestRepository.searchPath], in: "/")
                if result?.code == 0 { return library }
            }
        #endif
        return nil
    }
}
