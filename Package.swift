// swift-tools-version: 6.2
import PackageDescription

// The way of the data: Git → Rendering → Planning → plan file → Applying → Auditing.
// A target may use what stands to its left and the shared words in Manifests, never what stands to its right.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// On Linux libgit2 and libcurl are loaded when a function of theirs is first called (CDeferredLibraries says why), so the
// linker must not see them: their pkg-config files would name them. Their headers stand where every compiler looks.
#if os(Linux)
    let libgit2: String? = nil
    let libcurl: String? = nil
#else
    let libgit2: String? = "libgit2"
    let libcurl: String? = "libcurl"
#endif

// A release starts faster when it is linked to a fixed address and shows its symbols to nobody: the loader has some sixty
// thousand addresses less to put right, and the linker may leave out what nothing calls. gcc's own library goes into it.
// The one symbol that shows is for libgit2 (CDeferredLibraries says why). The functions that common commands call stand
// beside each other: spread over the program's twenty megabytes they would bring most of it into memory. `ci/link-order`
// finds them; a name that the program has no more is passed over.
let fastStart: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-Xclang-linker", "-no-pie", "-Xclang-linker", "-static-libgcc", "-Xlinker", "--no-export-dynamic", "-Xlinker",
            "--export-dynamic-symbol=mbedtls_x509_crt_parse_file", "-use-ld=lld", "-Xlinker",
            "--symbol-ordering-file=\(Context.packageDirectory)/ci/linking/order", "-Xlinker", "--no-warn-symbol-ordering",
        ],
        .when(platforms: [.linux], configuration: .release))
]

let package = Package(
    name: "plumb",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "plumb", targets: ["plumb"]),
        // The embedded API server brings an HTTP server library with it; `plumb` alone builds and starts without it.
        .executable(name: "plumb-sandbox", targets: ["plumb-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.10.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.40.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        // The system's libraries: a module map and a shim header each.
        .systemLibrary(
            name: "CLibgit2", pkgConfig: libgit2, providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .systemLibrary(
            name: "CLibcurl", pkgConfig: libcurl, providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .systemLibrary(
            name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // One system call that Swift cannot reach: opening a path below a folder without following links.
        .systemLibrary(name: "CPathOpening"),
        // How the system's heap grows, which Swift cannot say either.
        .systemLibrary(name: "CMemory"),

        // Puts the loading of libgit2, libcurl and zlib off until a function of theirs is called (Linux).
        .target(name: "CDeferredLibraries", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

        // Threads of the system, beside Swift's pool.
        .target(name: "Threads", swiftSettings: strict),

        // gzip, through zlib.
        .target(
            name: "Deflate", dependencies: ["CDeferredLibraries", "CZlib"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("z", .when(platforms: [.macOS]))]),

        // Values, YAML and JSON, object identity, positions, diagnostics, the protocol that files are read through. No I/O.
        .target(name: "Manifests", dependencies: ["CLibyaml"], swiftSettings: strict),
        // What a Kubernetes API server says of its built-in kinds: discovery and schemas, embedded.
        .target(name: "Schemas", dependencies: ["Manifests"], swiftSettings: strict),
        // `plumb.yaml`: the environments of a repository.
        .target(name: "Settings", dependencies: ["Manifests"], swiftSettings: strict),
        // Repositories, revisions and commits' trees, read through libgit2.
        .target(
            name: "Git",
            dependencies: [
                "CDeferredLibraries", "CLibgit2", "CPathOpening", "Manifests", "Threads", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        // Requests in parallel over few connections (libcurl). Knows nothing of Kubernetes.
        .target(name: "HTTP", dependencies: ["CDeferredLibraries", "CLibcurl", "Threads"], swiftSettings: strict),
        // Kubeconfig, credentials, discovery, objects, managedFields, health.
        .target(
            name: "KubernetesAPI",
            dependencies: ["HTTP", "Manifests", .product(name: "Subprocess", package: "swift-subprocess")],
            swiftSettings: strict),
        // Environment folder → desired objects. Knows neither the cluster nor HTTP.
        .target(
            name: "Rendering",
            dependencies: [
                "Deflate", "Manifests", "Schemas", "Threads", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        // Charts that are published: repositories with an index, OCI registries, the cache of what was fetched.
        .target(
            name: "ChartSources",
            dependencies: [
                "HTTP", "Manifests", "Rendering", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        // Live state, comparison, causes, order, the plan file and its forms for people.
        .target(
            name: "Planning",
            dependencies: [
                "Deflate", "KubernetesAPI", "Manifests", "Schemas", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Approval/README.md"], swiftSettings: strict),
        // The chained log. Knows nothing of plans or Kubernetes.
        .target(
            name: "Auditing", dependencies: ["Manifests", "Threads", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        // Lock, staleness, execution over the graph, waiting, prune, inventory.
        .target(
            name: "Applying", dependencies: ["Auditing", "KubernetesAPI", "Manifests", "Planning"], swiftSettings: strict),
        // One command a file: options, terminal, exit codes. The only one that prints or reads the environment.
        .target(
            name: "PlumbCommands",
            dependencies: [
                "Applying", "Auditing", "CMemory", "ChartSources", "Git", "HTTP", "KubernetesAPI", "Manifests", "Planning", "Rendering",
                "Schemas",
                "Settings",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(name: "plumb", dependencies: ["PlumbCommands"], swiftSettings: strict, linkerSettings: fastStart),

        // The embedded Kubernetes-style API server.
        .target(
            name: "Sandbox",
            dependencies: [
                "Manifests", "Schemas",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "plumb-sandbox",
            dependencies: ["Sandbox", "Manifests", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),

        // A server on loopback that answers what a test says.
        .target(name: "LoopbackServing", path: "Tests/LoopbackServing", swiftSettings: strict),

        .testTarget(name: "ManifestsTests", dependencies: ["Manifests"], swiftSettings: strict),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "Manifests"], swiftSettings: strict),
        .testTarget(
            name: "GitTests",
            dependencies: ["Git", "Manifests", .product(name: "Subprocess", package: "swift-subprocess")], swiftSettings: strict),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "LoopbackServing"], swiftSettings: strict),
        .testTarget(
            name: "KubernetesAPITests", dependencies: ["KubernetesAPI", "HTTP", "LoopbackServing", "Manifests"], swiftSettings: strict),
        .testTarget(name: "RenderingTests", dependencies: ["Rendering", "Manifests"], swiftSettings: strict),
        .testTarget(
            name: "ChartSourcesTests", dependencies: ["ChartSources", "LoopbackServing", "Manifests", "Rendering"], swiftSettings: strict),
        .testTarget(
            name: "PlanningTests", dependencies: ["Deflate", "Planning", "KubernetesAPI", "Manifests", "Schemas"], swiftSettings: strict),
        .testTarget(name: "ApplyingTests", dependencies: ["Applying", "KubernetesAPI", "Planning", "Manifests"], swiftSettings: strict),
        .testTarget(name: "AuditingTests", dependencies: ["Auditing", "Manifests"], swiftSettings: strict),
        .testTarget(
            name: "PlumbCommandsTests",
            dependencies: ["PlumbCommands", .product(name: "ArgumentParser", package: "swift-argument-parser")], swiftSettings: strict),
        .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "Manifests"], swiftSettings: strict),
        // Drive the built binaries in repositories of their own, against the sandbox or a real API server.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "KubernetesAPI", "Manifests", "Planning", "plumb", "plumb-sandbox",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
    ]
)
