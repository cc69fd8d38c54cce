/// A signature under a plan that counts.
package struct Approval: Hashable, Sendable {
    /// The name in the `allowed_signers` file that the signature was verified for.
    package var principal: String
    /// Of the key, such as `SHA256:…`.
    package var fingerprint: String
    /// All names that the file gives to the key, patterns among them.
    package var names: [String]

    package init(principal: String, fingerprint: String, names: [String]) {
        self.principal = principal
        self.fingerprint = fingerprint
        self.names = names
    }

    /// As the audit log keeps it.
    package var record: String { "\(principal) \(fingerprint)" }

    /// Whether two approvals may come from one person: the same key, or a name in common. A pattern such as `*@example.com`
    /// is taken for everybody whom it matches, since it does not tell them apart.
    func mayBeSamePerson(as other: Approval) -> Bool {
        fingerprint == other.fingerprint
            || allNames.contains { name in other.allNames.contains { PrincipalPattern.overlap(name, $0) } }
    }

    /// Whether the approval may come from the person with an e-mail address.
    func mayBe(email: String) -> Bool { allNames.contains { PrincipalPattern.overlap($0, email) } }

    private var allNames: [String] { names.contains(principal) ? names : names + [principal] }
}

/// Who made a commit, as far as it tells.
package struct CommitMakers: Hashable, Sendable {
    /// Of author and committer.
    package var emails: [String]
    /// Of the key that signed the commit.
    package var fingerprints: [String]

    package init(emails: [String] = [], fingerprints: [String] = []) {
        self.emails = emails
        self.fingerprints = fingerprints
    }
}

/// Sorts approvals by the people whom they come from.
package enum Approvers {
    /// One approval of each person, in the order given. Where people cannot be told apart they are one.
    package static func distinct(_ approvals: [Approval]) -> [Approval] { groups(approvals).map { $0[0] } }

    /// The approvals without those of the people who made a commit, whatever key or name they signed with.
    package static func excluding(_ makers: CommitMakers, from approvals: [Approval]) -> [Approval] {
        groups(approvals).filter { group in
            !group.contains { approval in
                makers.fingerprints.contains(approval.fingerprint) || makers.emails.contains { approval.mayBe(email: $0) }
            }
        }.flatMap { $0 }
    }

    static func groups(_ approvals: [Approval]) -> [[Approval]] {
        var groups: [[Approval]] = []
        for approval in approvals {
            let (same, others) = groups.reduce(into: ([[Approval]](), [[Approval]]())) { parts, group in
                if group.contains(where: { $0.mayBeSamePerson(as: approval) }) { parts.0.append(group) } else { parts.1.append(group) }
            }
            // Somebody with names out of two groups makes them one.
            guard let first = same.first, let place = groups.firstIndex(of: first) else {
                groups.append([approval])
                continue
            }
            groups = others
            groups.insert(same.flatMap { $0 } + [approval], at: min(place, groups.count))
        }
        return groups
    }
}
