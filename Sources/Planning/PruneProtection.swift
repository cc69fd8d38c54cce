package import Manifests

/// What keeps an object from being deleted: annotations and labels of several tools, and a controller that owns it.
package enum PruneProtection {
    /// Keeps an object from being deleted, and from being replaced.
    static let preventDestroy = "plumb.dev/prevent-destroy"

    /// Why an object is kept, in words; `nil` when it may be deleted.
    package static func reason(_ live: Value) -> String? {
        let metadata = live["metadata"]
        let rules: [(key: String, isSet: (String) -> Bool)] = [
            (preventDestroy, { $0 == "true" }),
            ("plumb.dev/prune", { $0 == "disabled" }),
            ("kustomize.toolkit.fluxcd.io/prune", { $0.lowercased() == "disabled" }),
            (
                "argocd.argoproj.io/sync-options",
                { options in
                    options.split(separator: ",").contains { option in
                        let trimmed = String(option.filter { $0 != " " })
                        return trimmed == "Prune=false" || trimmed == "Delete=false"
                    }
                }
            ),
            ("cli-utils.sigs.k8s.io/on-remove", { $0 == "keep" }),
            ("client.lifecycle.config.k8s.io/deletion", { $0 == "detach" }),
            ("helm.sh/resource-policy", { $0 == "keep" }),
        ]
        for rule in rules {
            for place in ["annotations", "labels"] {
                if let text = metadata?.at(place, rule.key)?.string, rule.isSet(text) { return "its \(rule.key) is '\(text)'" }
            }
        }
        // What a controller owns, the controller deletes with the owner.
        let owner = live.at("metadata", "ownerReferences")?.array?.first { $0["controller"]?.bool == true }
        return owner.map { "\($0["kind"]?.string ?? "a controller") '\($0["name"]?.string ?? "")' owns it" }
    }
}
