/// One object as a repository defines it.
package struct Manifest: Sendable {
    /// The object itself: a mapping with `apiVersion`, `kind` and `metadata.name` (or `generateName`).
    package var value: Value
    /// The file and line in which it is defined.
    package var source: SourcePosition
    /// The chart that makes the object; `nil` when a file defines it as it is.
    package var chart: ChartOrigin?
    /// The namespace of a namespaced object that names none, where it is another than the environment's: its release's.
    package var defaultNamespace: String?

    package init(value: Value, source: SourcePosition, chart: ChartOrigin? = nil, defaultNamespace: String? = nil) {
        self.value = value
        self.source = source
        self.chart = chart
        self.defaultNamespace = defaultNamespace
    }

    package var apiVersion: String { value["apiVersion"]?.string ?? "" }
    package var kind: String { value["kind"]?.string ?? "" }
    package var name: String { value.at("metadata", "name")?.string ?? "" }
    /// Empty when the manifest names none.
    package var namespace: String { value.at("metadata", "namespace")?.string ?? "" }
    package var groupVersionKind: GroupVersionKind { GroupVersionKind(apiVersion: apiVersion, kind: kind) }
    package var reference: ObjectReference {
        ObjectReference(group: groupVersionKind.group, kind: kind, namespace: namespace, name: name)
    }
}

/// The chart that an object comes from, and what its values come from.
package struct ChartOrigin: Hashable, Sendable {
    /// `web 1.2.0`, and for a published chart where it is published.
    package var chart: String
    package var release: String
    /// The template's path below the chart's name: `web/templates/deployment.yaml`.
    package var template: String
    /// What the values of the release come from besides the chart, the later over the earlier.
    package var values: [String]

    package init(chart: String, release: String, template: String, values: [String] = []) {
        self.chart = chart
        self.release = release
        self.template = template
        self.values = values
    }
}
