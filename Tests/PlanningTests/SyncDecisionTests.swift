import Manifests
import Planning
import Testing

@Suite struct SyncDecisionTests {
    private func change(_ name: String, _ action: ChangeAction, _ causes: [ChangeCause] = [], after: [String] = []) -> Change {
        Change(
            apiVersion: "v1", reference: ObjectReference(group: "", kind: "ConfigMap", namespace: "shop", name: name), action: action,
            causes: causes, dependsOn: after.map { "ConfigMap/shop/\($0)" }, precondition: .absent)
    }

    private func decide(_ changes: [Change], automated: Bool = true, prune: Bool = false, selfHeal: Bool = false) -> (
        kept: [String], withheld: [String]
    ) {
        var plan = PlanFileTests.plan
        plan.changes = changes
        let decision = SyncDecision(plan, isAutomated: automated, prunes: prune, selfHeals: selfHeal)
        return (decision.plan.changes.map(\.reference.name), decision.withheld.map(\.change.reference.name))
    }

    @Test func eachPolicyAllowsMore() {
        let changes = [
            change("same", .noOp), change("new", .create, [.new]), change("git", .update, [.git]), change("drift", .update, [.drift]),
            change("both", .update, [.drift, .git]), change("gone", .create, [.drift]), change("old", .delete, [.git]),
            change("other", .replace, [.git]),
        ]
        #expect(decide(changes, automated: false).kept == ["same"])
        #expect(decide(changes, automated: false, prune: true, selfHeal: true).kept == ["same"], "nothing goes without automated")
        #expect(decide(changes).kept == ["same", "new", "git", "other"])
        #expect(decide(changes).withheld == ["drift", "both", "gone", "old"])
        #expect(decide(changes, prune: true).kept == ["same", "new", "git", "old", "other"])
        #expect(decide(changes, selfHeal: true).withheld == ["old"])
        #expect(decide(changes, prune: true, selfHeal: true).withheld.isEmpty)
    }

    @Test func whatNeedsAWithheldCreationIsWithheldToo() {
        let changes = [
            change("base", .create, [.drift]), change("middle", .create, [.new], after: ["base"]),
            change("top", .update, [.git], after: ["middle"]),
            change("free", .update, [.git]),
        ]
        #expect(decide(changes).kept == ["free"])
        #expect(decide(changes, selfHeal: true).withheld.isEmpty)
    }

    /// What the inventory holds after it is not all that the commit says.
    @Test func aPlanOfAPartIsNotFromItsCommitAlone() {
        var plan = PlanFileTests.plan
        plan.settings.isFromCommitAlone = true
        plan.changes = [change("same", .noOp), change("drift", .update, [.drift])]
        for heals in [true, false] {
            let decision = SyncDecision(plan, isAutomated: true, prunes: false, selfHeals: heals)
            #expect(decision.plan.settings.isFromCommitAlone == heals)
        }
    }

    /// What is there already can be depended on, whatever is wrong with it; the rest of the plan does not wait for what is not in it.
    @Test func whatExistsHoldsNothingBack() {
        var plan = PlanFileTests.plan
        plan.changes = [change("drift", .update, [.drift]), change("git", .update, [.git], after: ["drift"])]
        let decision = SyncDecision(plan, isAutomated: true, prunes: false, selfHeals: false)
        #expect(decision.plan.changes.map(\.reference.name) == ["git"])
        #expect(decision.plan.changes.first?.dependsOn == [])
    }
}

@Suite struct RollbackChoiceTests {
    private func choice(_ applies: String) -> RollbackChoice {
        RollbackChoice(
            applies.split(separator: " ").map { word in
                let isFailed = word.hasSuffix("!")
                return ApplyRecord(
                    time: "", runID: "", commit: isFailed ? String(word.dropLast()) : String(word), actor: "",
                    result: isFailed ? "failed" : "succeeded")
            })
    }

    struct Case: Sendable {
        /// Commits as they were applied; `!` marks those that did not end well.
        var applies: String
        var steps = 1
        /// `nil` when there is nothing to go back to.
        var commit: String?
    }

    @Test(arguments: [
        Case(applies: "a b c", commit: "b"), Case(applies: "a b c", steps: 2, commit: "a"), Case(applies: "a b c", steps: 3, commit: nil),
        Case(applies: "a b b b", commit: "a"), Case(applies: "a b!", commit: "a"), Case(applies: "a b c! c!", commit: "b"),
        Case(applies: "a b c!", steps: 2, commit: "a"), Case(applies: "a b c b", commit: "a"), Case(applies: "a b c b d", commit: "b"),
        Case(applies: "a b c b c", commit: "b"), Case(applies: "a! b!", commit: nil), Case(applies: "a", commit: nil),
        Case(applies: "", commit: nil), Case(applies: "a b! b", commit: "a"), Case(applies: "a b c! a", commit: nil),
    ])
    func goesBackToWhatWasHealthy(_ sample: Case) {
        let choice = choice(sample.applies)
        #expect((try? choice.commit(steps: sample.steps, environment: "e")) == sample.commit, "\(sample.applies)")
    }
}
