import Manifests

extension APIServer {
    /// Answers what is only ever created and never kept: access and token reviews.
    func review(_ call: Call) throws(APIError) -> APIResponse {
        var object = try Body.read(call.request)
        object["kind"] = .string(call.resource.kind)
        object["apiVersion"] = .string(call.resource.apiVersion)
        switch call.resource.kind {
        case "SelfSubjectReview":
            object["status"] = ["userInfo": ["username": .string(policy.user), "groups": ["system:masters", "system:authenticated"]]]
        case "SelfSubjectAccessReview", "SubjectAccessReview", "LocalSubjectAccessReview":
            object["status"] = ["allowed": .bool(isAllowed(object, call))]
        case "SelfSubjectRulesReview":
            object["status"] = [
                "incomplete": false, "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]],
                "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
            ]
        case "TokenReview":
            let isOurs = object.at("spec", "token")?.string == policy.token
            object["status"] = isOurs ? ["authenticated": true, "user": ["username": .string(policy.user)]] : ["user": [:]]
        default: throw .methodNotAllowed
        }
        return json(201, object)
    }

    private func isAllowed(_ review: Value, _ call: Call) -> Bool {
        let attributes = review.at("spec", "resourceAttributes")
        var asked = call
        asked.verb = attributes?["verb"]?.string ?? ""
        asked.resource.group = attributes?["group"]?.string ?? ""
        asked.resource.plural = attributes?["resource"]?.string ?? ""
        return !policy.denials.contains { $0.matches(asked) }
    }
}
