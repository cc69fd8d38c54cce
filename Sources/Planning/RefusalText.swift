package import KubernetesAPI
package import Manifests

/// A server's refusal of an object in words for people, with the file and line that define it and no secret value.
package enum RefusalText {
    package static func diagnostic(_ error: APIError, object: DesiredObject) -> Diagnostic {
        let message = Sensitivity.redacted(error.message, of: object.body)
        // An error of the connection or of our rights is not the manifest's.
        let isAboutObject = error.status == 400 || error.status == 409 || error.status == 422 || error.status == 500 || error.isNotFound
        return Diagnostic(
            "the server refuses it: \(message)", at: isAboutObject ? object.manifest.source : nil, object: object.reference.id,
            advice: advice(error, object: object).map { Sensitivity.redacted($0, of: object.body) })
    }

    private static func advice(_ error: APIError, object: DesiredObject) -> String? {
        if let advice = error.advice { return advice }
        if error.isNamespaceTerminating { return "wait until the namespace is gone, then plan again" }
        return nil
    }
}
