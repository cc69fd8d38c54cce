internal import Git
internal import Manifests
internal import Planning
internal import Settings

/// Whether a plan has the approvals that it needs.
struct ApprovalDecision: Sendable {
    /// Who approved it, for the audit log.
    var records: [String] = []
    /// Why it is not applied; `nil` when it may be.
    var refusal: Diagnostic?
    /// What the repository says of the plan; `nil` when its commit cannot be read.
    var source: ApprovalPolicySource?
}

/// Checks a plan's approvals against its environment's configuration and the options. Sends nothing to the target.
struct ApprovalSession: Sendable {
    let plan: Plan
    /// The bytes of the plan file that `plan` was read from.
    let bytes: [UInt8]
    let file: String
    let options: GlobalOptions
    let settings: ApplyArguments
    /// What is asked for from outside of the repository.
    let policy: PolicyFile?
    let context: ProcessContext

    private var signatureFile: String { file + SignatureFile.suffix }

    /// - Throws: what keeps the check from being made at all.
    func decide() async throws -> ApprovalDecision {
        let source = try await policySource()
        var decision = try await decide(source)
        decision.source = source
        return decision
    }

    private func decide(_ source: ApprovalPolicySource?) async throws -> ApprovalDecision {
        let rules = policy?.policy.rules(for: plan.environment).compactMap(\.approvals) ?? []
        let demands =
            rules.map { PlanApprovals($0) } + (source?.demands ?? []) + [plan.settings.approvals].compactMap { $0 }
        let required = max(settings.approvals ?? 0, demands.map { $0.required(for: plan) }.max() ?? 0)
        let isSigned = Platform.exists(context.path(signatureFile))
        guard required > 0 || isSigned else { return ApprovalDecision() }
        do {
            let review = try await review(required: required, source: source, demands: demands)
            return decision(review, signers: try signers(source, demands)?.name ?? "")
        } catch let refusal as ApprovalRefusal {
            if required > 0 { return ApprovalDecision(refusal: refusal.diagnostic) }
            context.console.warning("the signatures in \(signatureFile) were not looked at: \(refusal.diagnostic.message)")
            return ApprovalDecision()
        }
    }

    private struct ApprovalRefusal: Error {
        let diagnostic: Diagnostic
    }

    private func review(required: Int, source: ApprovalPolicySource?, demands: [PlanApprovals]) async throws -> ApprovalReview {
        guard let signers = try signers(source, demands) else {
            throw ApprovalRefusal(
                diagnostic: Diagnostic(
                    "nobody may approve plans for \(plan.environment): no file of allowed signers is named",
                    advice: "name it with --allowed-signers, or as approvals.allowedSigners in the configuration"))
        }
        let signatures = try signatures()
        guard !signatures.isEmpty else { return ApprovalReview(required: required, signatures: [], verdicts: []) }
        let keygen: SSHKeygen
        do { keygen = try SSHKeygen(variables: context.variables) } catch {
            if required > 0 { throw error }
            throw ApprovalRefusal(diagnostic: error)
        }
        let revoked = try settings.revokedKeys.map { path throws(Diagnostic) in
            NamedBytes(name: path, bytes: try Platform.read(context.path(path)))
        }
        let verdicts = try await ApprovalVerifier(keygen: keygen, allowedSigners: signers, revokedKeys: revoked)
            .verify(bytes, signatures: signatures)
        let excluded = try excluded(source, demands)
        return ApprovalReview(required: required, signatures: signatures, verdicts: verdicts, excluded: excluded)
    }

    private func decision(_ review: ApprovalReview, signers: String) -> ApprovalDecision {
        if let refusal = review.refusal(file: file, signatureFile: signatureFile, allowedSigners: signers) {
            return ApprovalDecision(records: review.records, refusal: refusal)
        }
        for reason in review.refused { context.console.warning("\(signatureFile): \(reason)") }
        if !review.approvals.isEmpty { context.console.info("Approved by \(review.records.joined(separator: ", ")).") }
        return ApprovalDecision(records: review.records)
    }

    /// What the repository asks for; `nil` when it cannot be had and the options say how many approvals are wanted.
    private func policySource() async throws -> ApprovalPolicySource? {
        do {
            return try await ApprovalPolicySource.open(plan, options: options, context: context)
        } catch let error as Diagnostic {
            if settings.approvals != nil {
                context.console.warning("the configuration in the plan's commit was not read: \(error.message)")
                return nil
            }
            throw Diagnostic(
                "how many approvals the plan needs is said in its commit, which cannot be read: \(error.message)", at: error.position,
                advice: (error.advice.map { "\($0)\n" } ?? "")
                    + "--repo names the repository that has the commit, --approvals says how many are needed (0 for none)")
        }
    }

    /// The file of the options, else that of the plan's commit which the configuration names.
    private func signers(_ source: ApprovalPolicySource?, _ demands: [PlanApprovals]) throws -> NamedBytes? {
        let rules = policy?.policy.rules(for: plan.environment) ?? []
        if let policy, let path = rules.compactMap(\.approvals?.allowedSigners).first { return try policy.file(path) }
        if let path = settings.allowedSigners { return NamedBytes(name: path, bytes: try Platform.read(context.path(path))) }
        guard let path = demands.compactMap(\.allowedSigners).first else { return nil }
        guard let source else {
            throw ApprovalRefusal(
                diagnostic: Diagnostic(
                    "the allowed signers are in \(path) of the plan's commit, which cannot be read",
                    advice: "name the repository with --repo, or another file with --allowed-signers"))
        }
        guard let found = try source.file(path) else {
            throw ApprovalRefusal(
                diagnostic: Diagnostic(
                    "there is no such file of allowed signers in the plan's commit \(source.commit.shortID)",
                    at: SourcePosition(file: path),
                    advice: "commit it and make the plan again, or name another one with --allowed-signers"))
        }
        return found
    }

    private func excluded(_ source: ApprovalPolicySource?, _ demands: [PlanApprovals]) throws -> CommitMakers {
        guard demands.contains(where: \.excludesCommitter) else { return CommitMakers() }
        guard let source else {
            throw ApprovalRefusal(
                diagnostic: Diagnostic(
                    "approvals by who made the commit do not count, and the plan's commit cannot be read",
                    advice: "name the repository with --repo"))
        }
        return source.makers
    }

    private func signatures() throws -> [SSHSignature] {
        guard Platform.exists(context.path(signatureFile)) else { return [] }
        do throws(Diagnostic) {
            return try SignatureFile.parse(Platform.read(context.path(signatureFile)), file: signatureFile)
        } catch { throw ApprovalRefusal(diagnostic: error) }
    }
}
