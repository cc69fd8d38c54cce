internal import Manifests

/// kapp's change groups and rules, as annotations state them: `kapp.k14s.io/change-group[.x]: NAME` and
/// `kapp.k14s.io/change-rule[.x]: (upsert|delete) (after|before) (upserting|deleting) NAME`.
///
/// kapp's built-in groups can be named in rules; its built-in rules are what the stages of kinds do here.
struct ChangeRules {
    /// One change, as rules see it.
    struct Subject {
        var reference: ObjectReference
        /// The manifest; for deletions the live object.
        var object: Value
        var isDeletion: Bool
        /// Nothing is done to it, so that no rule applies.
        var isIdle: Bool
        var source: SourcePosition?
    }

    private struct Rule {
        var isForDeletion: Bool
        var isAfter: Bool
        var isOnDeletions: Bool
        var group: String
        var text: String
    }

    private static let groupKey = "kapp.k14s.io/change-group"
    private static let ruleKey = "kapp.k14s.io/change-rule"

    /// Whether an object states a rule.
    static func areStated(in object: Value) -> Bool { !annotations(ruleKey, of: object).isEmpty }

    /// For each subject those that it comes after, by index.
    /// - Throws: `Diagnostic` for a rule that cannot be read.
    static func edges(_ subjects: [Subject]) throws(Diagnostic) -> [[(needed: Int, reason: NeedReason)]] {
        var edges = [[(needed: Int, reason: NeedReason)]](repeating: [], count: subjects.count)
        var rules: [(subject: Int, rule: Rule)] = []
        for (index, subject) in subjects.enumerated() where !subject.isIdle {
            for (key, text) in annotations(ruleKey, of: subject.object) {
                let rule = try rule(text, key: key, subject: subject)
                if rule.isForDeletion == subject.isDeletion { rules.append((index, rule)) }
            }
        }
        guard !rules.isEmpty else { return edges }
        var members: [String: [Int]] = [:]
        for (index, subject) in subjects.enumerated() where !subject.isIdle {
            for group in groups(of: subject) { members[group, default: []].append(index) }
        }
        for (index, rule) in rules {
            for other in members[rule.group] ?? [] where other != index && subjects[other].isDeletion == rule.isOnDeletions {
                if rule.isAfter {
                    edges[index].append((other, .changeRule(rule.text)))
                } else {
                    edges[other].append((index, .changeRule(rule.text)))
                }
            }
        }
        return edges
    }

    private static func annotations(_ key: String, of object: Value) -> [(key: String, text: String)] {
        (object.at("metadata", "annotations")?.object ?? Object()).compactMap { member in
            guard member.key == key || member.key.hasPrefix(key + "."), let text = member.value.string else { return nil }
            return (member.key, text)
        }
    }

    private static func rule(_ text: String, key: String, subject: Subject) throws(Diagnostic) -> Rule {
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" }.map(String.init)
        guard words.count == 4, ["upsert", "delete"].contains(words[0]), ["after", "before"].contains(words[1]),
            ["upserting", "deleting"].contains(words[2])
        else {
            throw Diagnostic(
                "'\(text)' in the annotation \(key) is no change rule", at: subject.source, object: subject.reference.id,
                advice: "write it as 'upsert after upserting GROUP' (upsert or delete, after or before, upserting or deleting)")
        }
        return Rule(
            isForDeletion: words[0] == "delete", isAfter: words[1] == "after", isOnDeletions: words[2] == "deleting",
            group: filled(words[3], for: subject), text: words.joined(separator: " "))
    }

    private static func groups(of subject: Subject) -> [String] {
        annotations(groupKey, of: subject.object).map { filled($0.text, for: subject) } + builtInGroups(of: subject)
    }

    /// The placeholders that kapp fills in.
    private static func filled(_ text: String, for subject: Subject) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        let reference = subject.reference
        let values = [
            ("{api-group}", reference.group), ("{kind}", reference.kind), ("{name}", reference.name),
            ("{namespace}", reference.namespace), ("{crd-kind}", subject.object.at("spec", "names", "kind")?.string ?? ""),
            ("{crd-group}", subject.object.at("spec", "group")?.string ?? ""),
        ]
        var text = text
        for (placeholder, value) in values {
            text = text.split(separator: placeholder, omittingEmptySubsequences: false).joined(separator: value)
        }
        return text
    }

    private static func builtInGroups(of subject: Subject) -> [String] {
        let prefix = "change-groups.kapp.k14s.io/"
        let names: [String]
        switch (subject.reference.group, subject.reference.kind) {
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            names = ["crds", filled("crds-{crd-group}-{crd-kind}", for: subject)]
        case ("", "Namespace"): names = ["namespaces", "namespaces-\(subject.reference.name)"]
        case ("storage.k8s.io", "StorageClass"): names = ["storage-class"]
        case ("", "PersistentVolume"), ("", "PersistentVolumeClaim"): names = ["storage"]
        case ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole"): names = ["rbac-roles", "rbac"]
        case ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"):
            names = ["rbac-role-bindings", "rbac"]
        case ("", "ServiceAccount"): names = ["pod-related", "serviceaccount"]
        case ("networking.k8s.io", "NetworkPolicy"), ("", "ResourceQuota"), ("", "LimitRange"), ("policy", "PodDisruptionBudget"),
            ("scheduling.k8s.io", "PriorityClass"), ("node.k8s.io", "RuntimeClass"), ("", "Secret"), ("", "ConfigMap"):
            names = ["pod-related"]
        case ("kappctrl.k14s.io", "App"): names = ["kapp-controller-app"]
        case ("packaging.carvel.dev", "PackageInstall"): names = ["kapp-controller-packageinstall"]
        default: names = []
        }
        return names.map { prefix + $0 }
    }
}
