import Manifests

/// The selector and labels that the server gives a job, so that it finds its own pods.
enum Jobs {
    static func prepare(_ job: inout Value) {
        guard job.at("spec", "manualSelector")?.bool != true, let uid = job.metadata("uid"), let name = job.metadata("name")
        else { return }
        let labels: [(String, Value)] = [
            ("controller-uid", uid), ("job-name", name), ("batch.kubernetes.io/controller-uid", uid),
            ("batch.kubernetes.io/job-name", name),
        ]
        var own = job.at("spec", "template", "metadata", "labels") ?? [:]
        for (key, value) in labels { own[key] = value }
        // A job without labels has its template's.
        if job.metadata("labels") == nil { job.setMetadata("labels", own) }
        job.edit("spec") { spec in
            spec.edit("template") { $0.setMetadata("labels", own) }
            spec["selector"] = ["matchLabels": ["batch.kubernetes.io/controller-uid": uid]]
        }
    }

    /// An apply names neither selector nor generated labels; they stay.
    static func keepGenerated(_ job: inout Value, _ live: Value) {
        guard live.at("spec", "manualSelector")?.bool != true else { return }
        job.edit("spec") { spec in
            if spec["selector"] == nil || spec["selector"]?.isNull == true { spec["selector"] = live.at("spec", "selector") }
        }
    }
}
