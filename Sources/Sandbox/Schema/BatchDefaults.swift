import Manifests

/// Defaults of jobs and cron jobs.
enum BatchDefaults {
    /// A job of its own: with the counts that a template leaves open.
    static func job(_ spec: inout Value) {
        let hasCounts = spec["completions"] != nil || spec["parallelism"] != nil
        if !hasCounts { spec["completions"] = 1 }
        spec.setDefault("parallelism", 1)
        let isPerIndex = spec["backoffLimitPerIndex"] != nil
        spec.setDefault("backoffLimit", isPerIndex ? .int(Int64(Int32.max)) : 6)
        spec.setDefault("completionMode", "NonIndexed")
        spec.setDefault("suspend", false)
        spec.setDefault("manualSelector", false)
        let hasFailurePolicy = spec["podFailurePolicy"] != nil
        spec.setDefault("podReplacementPolicy", hasFailurePolicy ? "Failed" : "TerminatingOrFailed")
        spec.edit("podFailurePolicy") {
            $0.editItems("rules") { rule in
                rule.editItems("onPodConditions") { $0.setDefault("status", "True") }
            }
        }
        BuiltInDefaults.template(&spec)
    }

    static func cronJob(_ spec: inout Value) {
        spec.setDefault("concurrencyPolicy", "Allow")
        spec.setDefault("suspend", false)
        spec.setDefault("successfulJobsHistoryLimit", 3)
        spec.setDefault("failedJobsHistoryLimit", 1)
        spec.edit("jobTemplate") { $0.edit("spec") { BuiltInDefaults.template(&$0) } }
    }
}
