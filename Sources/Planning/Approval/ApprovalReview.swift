package import Manifests

/// What a plan needs, who signed it, and whether that is enough.
package struct ApprovalReview: Sendable {
    package var required: Int
    /// One of each person, without those that do not count.
    package var approvals: [Approval]
    /// The signatures that do not count, each with the reason.
    package var refused: [String]

    /// - Parameters:
    ///   - signatures: Those under the plan.
    ///   - verdicts: On each of them.
    ///   - excluded: The people who made the commit, where their signatures do not count.
    package init(
        required: Int, signatures: [SSHSignature], verdicts: [SignatureVerdict], excluded: CommitMakers = CommitMakers()
    ) {
        var approvals: [Approval] = []
        var refused: [String] = []
        for (index, (signature, verdict)) in zip(signatures, verdicts).enumerated() {
            switch verdict {
            case .approved(let approval): approvals.append(approval)
            case .refused(let reason): refused.append("signature \(index + 1) (\(signature.key.fingerprint)): \(reason)")
            }
        }
        let others = Approvers.excluding(excluded, from: approvals)
        let distinct = Approvers.distinct(others)
        for approval in approvals where !others.contains(approval) {
            refused.append("\(Self.name(approval)): this is who made the commit, or may be, and their approval does not count")
        }
        for approval in others where !distinct.contains(approval) {
            refused.append("\(Self.name(approval)): cannot be told apart from another signer, and counts once")
        }
        self.required = required
        self.approvals = distinct
        self.refused = refused
    }

    package var isEnough: Bool { approvals.count >= required }

    /// What the audit log keeps.
    package var records: [String] { approvals.map(\.record) }

    /// Why the plan is not applied; `nil` when it has the approvals that it needs.
    package func refusal(file: String, signatureFile: String, allowedSigners: String) -> Diagnostic? {
        guard !isEnough else { return nil }
        let needed = required == 1 ? "1 approval" : "\(required) approvals by different people"
        let have =
            approvals.isEmpty ? "none" : "\(approvals.count), by \(approvals.map(\.principal).map(SafeText.line).joined(separator: ", "))"
        var advice = refused
        advice.append(
            "have \(approvals.isEmpty ? "somebody" : "somebody else") in \(allowedSigners) sign it, which writes \(signatureFile): "
                + "plumb approve \(file) --key KEY")
        return Diagnostic(
            "the plan is not approved: it needs \(needed), and has \(have)", at: SourcePosition(file: file),
            advice: advice.joined(separator: "\n"))
    }

    private static func name(_ approval: Approval) -> String { "\(SafeText.line(approval.principal)) (\(approval.fingerprint))" }
}
