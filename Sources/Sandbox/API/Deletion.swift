import Manifests

/// What ends an object: finalizers and who waits for them.
enum Deletion {
    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    /// Whether an object that is being deleted has nothing left to wait for.
    static func isFinished(_ object: Value) -> Bool {
        object.metadata("deletionTimestamp") != nil && finalizers(object).isEmpty
            && object.at("spec", "finalizers")?.array?.isEmpty != false
    }

    static func finalizers(_ object: Value) -> [String] {
        (object.metadata("finalizers")?.array ?? []).compactMap(\.string)
    }

    static func setFinalizers(_ finalizers: [String], on object: inout Value) {
        object.setMetadata("finalizers", finalizers.isEmpty ? nil : .array(finalizers.map(Value.string)))
    }

    /// What a DELETE asks, out of its body and its query.
    struct Options {
        var isDryRun: Bool
        var propagation: String?
        var uid: String?
        var resourceVersion: String?
        var gracePeriodSeconds: Int64?

        init(_ call: Call) throws(APIError) {
            let body = call.request.body.isEmpty ? .null : try Body.read(call.request)
            isDryRun = call.isDryRun || (body["dryRun"]?.array ?? []).contains("All")
            propagation = body["propagationPolicy"]?.string ?? call.request.parameter("propagationPolicy")
            uid = body.at("preconditions", "uid")?.string
            resourceVersion = body.at("preconditions", "resourceVersion")?.string
            gracePeriodSeconds = body["gracePeriodSeconds"]?.int
            if body["orphanDependents"]?.bool == true { propagation = "Orphan" }
            if let propagation, !["Background", "Foreground", "Orphan"].contains(propagation) {
                throw .invalid(
                    group: "meta.k8s.io", kind: "DeleteOptions", name: "",
                    [.unsupported("propagationPolicy", .string(propagation), ["Foreground", "Background", "Orphan", "nil"])])
            }
        }
    }
}
