internal import Planning
internal import Settings

extension PlanApprovals {
    /// What an environment's configuration asks for.
    init(_ policy: ApprovalPolicy) {
        self.init(
            required: policy.required, requiredFor: policy.requiredFor.compactMap(ChangeAction.init(rawValue:)),
            excludesCommitter: policy.excludesCommitter, allowedSigners: policy.allowedSigners)
    }
}
