import Manifests

/// A selector made ready to be compared with many resources.
struct ResourceMatcher: Sendable {
    private let group: AnchoredPattern
    private let version: AnchoredPattern
    private let kind: AnchoredPattern
    private let name: AnchoredPattern
    private let namespace: AnchoredPattern
    private let labels: LabelSelector?
    private let annotations: LabelSelector?

    init(_ selector: ResourceSelector) throws(Diagnostic) {
        group = try AnchoredPattern(selector.group)
        version = try AnchoredPattern(selector.version)
        kind = try AnchoredPattern(selector.kind)
        name = try AnchoredPattern(selector.name)
        namespace = try AnchoredPattern(selector.namespace)
        labels = selector.labelSelector.isEmpty ? nil : try LabelSelector(selector.labelSelector)
        annotations = selector.annotationSelector.isEmpty ? nil : try LabelSelector(selector.annotationSelector)
    }

    /// As a patch selects: the original name and namespace count as well as the current ones.
    func selects(_ resource: Resource) -> Bool {
        let gvk = resource.gvk
        guard matches(gvk) else { return false }
        if !(name.matchesAnything && namespace.matchesAnything) {
            let current = ResourceID(kind: gvk, name: resource.name, namespace: resource.namespace)
            let original = resource.previous.first
            guard
                namespace.matches(original?.effectiveNamespace ?? current.effectiveNamespace)
                    || namespace.matches(current.effectiveNamespace)
            else { return false }
            guard name.matches(original?.name ?? current.name) || name.matches(current.name) else { return false }
        }
        return matchesMetadata(resource)
    }

    /// As a replacement selects: one id of those the resource ever had, its namespace as it is written.
    func selectsID(kind: GroupVersionKind, name: String, namespace: String) -> Bool {
        matches(kind) && self.name.matches(name) && self.namespace.matches(namespace)
    }

    func matchesMetadata(_ resource: Resource) -> Bool {
        if let labels, !labels.matches(resource.metadataMap("labels")) { return false }
        if let annotations, !annotations.matches(resource.metadataMap("annotations")) { return false }
        return true
    }

    private func matches(_ gvk: GroupVersionKind) -> Bool {
        kind.matches(gvk.kind) && group.matches(gvk.group) && version.matches(gvk.version)
    }
}
