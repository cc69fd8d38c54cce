internal import Manifests

/// What `plumb run` may do on its own, in Argo CD's words.
package struct SyncPolicy: Hashable, Sendable {
    /// `nil` when a run only plans.
    package var automated: Automation?
    /// `nil` when a run that fails is left to the next one.
    package var retry: Retry?

    /// What a run that applies may do besides applying what Git changed.
    package struct Automation: Hashable, Sendable {
        package var prune = false
        package var selfHeal = false
    }

    /// How often a run that failed is tried again, each time after a longer pause.
    package struct Retry: Hashable, Sendable {
        package var limit = 5
        package var backoff = Backoff()
    }

    package struct Backoff: Hashable, Sendable {
        package var duration: Duration = .seconds(5)
        package var factor = 2
        package var maxDuration: Duration = .seconds(180)

        /// The pause before an attempt, counted from 0: Argo CD's `min(max, duration * factor^n)`.
        package func pause(before attempt: Int) -> Duration {
            var pause = duration
            for _ in 0..<min(attempt, 64) {
                guard pause < maxDuration else { break }
                pause = pause * factor
            }
            return min(pause, maxDuration)
        }
    }

    package init(isAutomated: Bool = false, prunes: Bool = false, selfHeals: Bool = false) {
        automated = isAutomated ? Automation(prune: prunes, selfHeal: selfHeals) : nil
    }

    /// Applies what Git changed; without it a run only plans.
    package var isAutomated: Bool { automated != nil }
    /// May delete.
    package var prunes: Bool { automated?.prune ?? false }
    /// May revert drift.
    package var selfHeals: Bool { automated?.selfHeal ?? false }

    /// What both policies allow.
    func narrowed(to most: SyncPolicy) -> SyncPolicy {
        var policy = self
        policy.automated = automated.flatMap { own in
            most.automated.map { Automation(prune: own.prune && $0.prune, selfHeal: own.selfHeal && $0.selfHeal) }
        }
        return policy
    }

    static let settings = SettingGroup(
        empty: SyncPolicy(),
        [
            Setting(
                "automated", \.automated, automation.kind,
                "With this key, empty or not, a run applies what Git changed. Without it, or with null, a run plans and reports."),
            Setting(
                "retry", \.retry, retry.kind, "Whether a run that failed is tried again within the same run. Without this key it is not."),
        ])

    private static let retry = SettingGroup(
        empty: Retry(),
        [
            Setting("limit", \.limit, .int(0...100), default: 5, "How often."),
            Setting("backoff", \.backoff, backoff.kind, "The pauses between attempts."),
        ])

    private static let backoff = SettingGroup(
        empty: Backoff(),
        [
            Setting("duration", \.duration, .duration, default: "5s", "The first pause."),
            Setting("factor", \.factor, .int(1...100), default: 2, "How many times longer each pause is than the one before."),
            Setting("maxDuration", \.maxDuration, .duration, default: "3m", "The longest pause."),
        ])

    private static let automation = SettingGroup(
        empty: Automation(),
        [
            Setting("prune", \.prune, .bool, default: false, "May delete what is no longer in the repository."),
            Setting("selfHeal", \.selfHeal, .bool, default: false, "May revert what was changed in the target by others."),
        ])
}
