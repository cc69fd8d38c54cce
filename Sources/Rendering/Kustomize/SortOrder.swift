import Manifests

/// The legacy order: some kinds first, some last, the rest by group, version and kind, then namespace and name.
enum SortOrder {
    static let firstByDefault = [
        "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy",
        "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service",
        "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim", "Deployment", "StatefulSet", "CronJob",
        "PodDisruptionBudget",
    ]
    static let lastByDefault = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]

    static func legacy(_ map: inout ResourceMap, first: [String] = firstByDefault, last: [String] = lastByDefault) {
        var ranks: [String: Int] = [:]
        for (index, kind) in first.enumerated() { ranks[kind] = index - first.count }
        for (index, kind) in last.enumerated() { ranks[kind] = index + 1 }
        let keys = map.resources.enumerated().map { Key($0.element, place: $0.offset, ranks) }
        let resources = map.resources
        map.replaceAll(keys.sorted(by: isBefore).map { resources[$0.place] })
    }

    private struct Key {
        var place: Int
        var rank: Int
        var kindText: String
        var idText: String
        var isCoreNamespace: Bool
        var isNamespace: Bool

        init(_ resource: Resource, place: Int, _ ranks: [String: Int]) {
            self.place = place
            let gvk = resource.gvk
            rank = ranks[gvk.kind] ?? 0
            func or(_ text: String, _ placeholder: String) -> String { text.isEmpty ? placeholder : text }
            kindText = "\(or(gvk.group, "~G"))_\(or(gvk.version, "~V"))_\(or(gvk.kind, "~K"))"
            idText = "\(or(resource.namespace, "~X"))|\(or(resource.name, "~N"))"
            isNamespace = gvk.kind == "Namespace"
            isCoreNamespace = isNamespace && gvk.group.isEmpty
        }
    }

    private static func isBefore(_ left: Key, _ right: Key) -> Bool {
        guard left.kindText == right.kindText else {
            if left.rank != right.rank { return left.rank < right.rank }
            if left.isNamespace, right.isNamespace, left.isCoreNamespace || right.isCoreNamespace {
                return UTF8Order.isLess(right.kindText, left.kindText)
            }
            return UTF8Order.isLess(left.kindText, right.kindText)
        }
        if left.idText != right.idText { return UTF8Order.isLess(left.idText, right.idText) }
        return left.place < right.place
    }
}
