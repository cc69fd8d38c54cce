package import Manifests

/// An object as projects judge it.
package struct ProjectSubject: Hashable, Sendable {
    package var group: String
    package var kind: String
    /// Empty for what has none.
    package var namespace: String
    package var name: String

    package init(group: String, kind: String, namespace: String, name: String) {
        self.group = group
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }
}

extension Project {
    /// Why objects may not be applied from a repository to a target; empty when all may.
    /// - Parameters:
    ///   - repositories: the names that the repository goes by: its URL, its remote's, its path.
    ///   - clusters: the target's kubeconfig context and server.
    package func faults(repositories: [String], server: String, contexts: [String], objects: [(id: String, subject: ProjectSubject)])
        -> [Diagnostic]
    {
        var faults: [Diagnostic] = []
        if !allows(repositories: repositories) {
            faults.append(
                Diagnostic(
                    "project '\(name)' does not allow the repository \(repositories.first ?? "")",
                    advice: "its sourceRepos name those that it allows"))
        }
        for (id, subject) in objects {
            guard allows(kindOf: subject) else {
                let list = subject.namespace.isEmpty ? "clusterResource" : "namespaceResource"
                faults.append(
                    Diagnostic(
                        "project '\(name)' does not allow \(subject.group.isEmpty ? "" : "\(subject.group)/")\(subject.kind)", object: id,
                        advice: "its \(list)Whitelist and \(list)Blacklist decide"))
                continue
            }
            // What has no namespace has no destination either.
            guard subject.namespace.isEmpty || allows(server: server, contexts: contexts, namespace: subject.namespace) else {
                faults.append(
                    Diagnostic(
                        "project '\(name)' does not allow the namespace \(subject.namespace) of \(contexts.first ?? server)", object: id,
                        advice: "its destinations name those that it allows"))
                continue
            }
        }
        return faults
    }

    /// Some pattern allows it and none denies it. A single `*` is everything; within other patterns `*` stays in a segment.
    func allows(repositories: [String]) -> Bool {
        let known = repositories.map(Self.normalized)
        func hits(_ pattern: String) -> Bool {
            if pattern == "*" { return true }
            let glob = GlobPattern(Self.normalized(pattern), separator: "/")
            return known.contains { glob.matches($0) }
        }
        let denials = sourceRepos.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }
        return sourceRepos.contains { !$0.hasPrefix("!") && hits($0) } && !denials.contains(where: hits)
    }

    /// The form in which repositories are compared: `ssh://git@host/x.git`, `git@host:x` and `git@host/x` are one.
    static func normalized(_ url: String) -> String {
        var text = url.lowercased()
        if !text.contains("://"), let at = text.firstIndex(of: "@"), let colon = text[at...].firstIndex(of: ":") {
            text.replaceSubrange(colon...colon, with: "/")
        }
        if text.hasPrefix("ssh://") { text.removeFirst(6) }
        if text.hasPrefix("file://") { text.removeFirst(7) }
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        if text.hasSuffix(".git") { text.removeLast(4) }
        return text
    }

    /// Some destination without a `!` allows it and none with one denies it.
    func allows(server: String, contexts: [String], namespace: String) -> Bool {
        var isAllowed = false
        for destination in destinations {
            let servers = Self.match(destination.server, [server])
            let names = Self.match(destination.name, contexts)
            let namespaces = Self.match(destination.namespace, [namespace])
            let isTarget = servers == .hit || names == .hit
            let isTargetDenied = servers == .denied || names == .denied
            // What is denied in one of the two is denied for what the other one is about.
            if isTargetDenied, namespaces != .miss { return false }
            if namespaces == .denied, isTarget || servers == .spared || names == .spared { return false }
            isAllowed = isAllowed || isTarget && namespaces == .hit
        }
        return isAllowed
    }

    private enum Match {
        case hit
        case miss
        /// A pattern with `!` hits it.
        case denied
        /// A pattern with `!` does not hit it.
        case spared
    }

    private static func match(_ pattern: String, _ texts: [String]) -> Match {
        guard !pattern.isEmpty else { return .miss }
        let isNegated = pattern.hasPrefix("!")
        let glob = GlobPattern(isNegated ? String(pattern.dropFirst()) : pattern)
        let isHit = texts.contains { glob.matches($0) }
        if isNegated { return isHit ? .denied : .spared }
        return isHit ? .hit : .miss
    }

    func allows(kindOf subject: ProjectSubject) -> Bool {
        func hits(_ patterns: [KindPattern]) -> Bool { patterns.contains { $0.matches(subject) } }
        if subject.namespace.isEmpty { return hits(clusterResourceWhitelist) && !hits(clusterResourceBlacklist) }
        return namespaceResourceWhitelist.map(hits) ?? true && !hits(namespaceResourceBlacklist)
    }
}

extension Project.KindPattern {
    fileprivate func matches(_ subject: ProjectSubject) -> Bool {
        func hits(_ pattern: String, _ text: String) -> Bool { GlobPattern(pattern, separator: "/").matches(text) }
        return hits(kind, subject.kind) && hits(group, subject.group) && (name.isEmpty || hits(name, subject.name))
    }
}
