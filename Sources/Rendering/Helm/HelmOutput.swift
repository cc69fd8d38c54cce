package import Manifests

/// What a release of a chart renders to.
package struct HelmOutput: Sendable {
    /// A hook: an object that is applied at a certain moment only.
    package struct Hook: Sendable {
        package var manifest: Manifest
        /// `pre-install`, `test`, …
        package var events: [String]
        package var weight: Int
        package var deletePolicies: [String]
    }

    /// A function whose result differs from run to run, and the template that called it.
    package struct Randomness: Hashable, Sendable {
        package var function: String
        package var template: String
    }

    /// What `helm template` prints, in pieces: each object under a `# Source:` comment, hooks last.
    package var pieces: [[UInt8]]
    /// The files of the `crds` folders, as they are: they are applied before everything else.
    package var definitions: [ChartFile]
    /// The objects in the order of installation, each with the template that it comes from; without hooks.
    package var manifests: [Manifest]
    package var hooks: [Hook]
    package var notes: String
    package var randomness: [Randomness]

    /// What `helm template` prints.
    package var text: [UInt8] { Array(pieces.joined()) }

    /// The objects of the `crds` folders. They are read when they are asked for: printing does not need it, and they are
    /// the larger part of many charts.
    /// - Throws: `Diagnostic` for what is no YAML.
    package func definitionManifests() throws -> [Manifest] {
        try definitions.flatMap { file in
            try YAMLLoader.load(file.bytes, file: file.name, options: YAMLText.options).map {
                Manifest(value: $0.value, source: SourcePosition(file: file.name, line: $0.line))
            }
        }
    }
}
