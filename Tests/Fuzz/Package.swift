// swift-tools-version: 6.2
import PackageDescription

// Fuzzers of the rendering engines. A package of its own, since a fuzzer has no `main`; the engines' sources are linked into
// it, so that they are instrumented and seen from within.
// `ci/fuzz FuzzTemplate` builds them and runs one; `ci/check-all` runs all of them for a minute each (FUZZ_SECONDS).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.0.0")],
    targets: [
        .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1"),
        .target(name: "Manifests", dependencies: ["CLibyaml"], swiftSettings: settings),
        .target(name: "Schemas", dependencies: ["Manifests"], swiftSettings: settings),
        .target(name: "Threads", swiftSettings: settings),
        .systemLibrary(name: "CZlib"),
        .target(name: "Deflate", dependencies: ["CZlib"], swiftSettings: settings, linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "Rendering",
            dependencies: [
                "Deflate", "Manifests", "Schemas", "Threads", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        // The YAML loader and emitter.
        .executableTarget(name: "FuzzYAML", dependencies: ["Manifests"], swiftSettings: settings),
        // Kustomizations over a small tree.
        .executableTarget(name: "FuzzKustomization", dependencies: ["Manifests", "Rendering"], swiftSettings: settings),
        // Strategic-merge and JSON patches.
        .executableTarget(name: "FuzzPatch", dependencies: ["Manifests", "Rendering"], swiftSettings: settings),
        // Lexer and parser alone.
        .executableTarget(name: "FuzzParser", dependencies: ["Rendering"], swiftSettings: settings),
        // Evaluator and functions, over a chart whose one template the input chooses.
        .executableTarget(name: "FuzzEvaluator", dependencies: ["Manifests", "Rendering"], swiftSettings: settings),
        // Lexer, parser, evaluator and what becomes of their text, over a chart whose one template is the input.
        .executableTarget(name: "FuzzTemplate", dependencies: ["Manifests", "Rendering"], swiftSettings: settings),
        // Patterns and texts.
        .executableTarget(name: "FuzzRegex", dependencies: ["Rendering"], swiftSettings: settings),
        // Archives, values and assignments.
        .executableTarget(name: "FuzzChart", dependencies: ["Manifests", "Rendering"], swiftSettings: settings),
    ]
)
