internal import KubernetesAPI
internal import Manifests

/// Tells a change that the server never takes in place from an object that it never takes.
///
/// The server says of both that the object is invalid, in words that differ from kind to kind. So it is asked, in a dry
/// run, whether it would take the very object under another name: then it is the change that it refuses.
struct ReplacementCheck: Sendable {
    let client: KubernetesClient

    enum Finding: Sendable {
        /// The object itself is refused.
        case invalid
        /// The object would be taken if it were new; as the server would make it, where it could be asked.
        case immutable(Replacement, answer: Value)
    }

    func examine(_ desired: DesiredObject, body: Value, refusal: APIError) async -> Finding {
        let name = Self.name(like: desired.reference.name)
        var copy = body
        copy["metadata"]?["name"] = .string(name)
        do throws(APIError) {
            let answer = try await client.create(
                desired.resource, namespace: desired.reference.namespace, body: copy,
                options: ApplyOptions(fieldManager: FieldManager.name, dryRun: true, fieldValidation: .strict))
            var object = answer.object
            object["metadata"]?["name"] = .string(desired.reference.name)
            return .immutable(Self.replacement(refusal, body: body), answer: object)
        } catch {
            // A quota or a right that stands in the way of one more object is looked at after the object itself.
            guard error.isInvalid else {
                return error.isForbidden || error.isAlreadyExists
                    ? .immutable(Self.replacement(refusal, body: body), answer: body) : .invalid
            }
            // What is refused in both is wrong with the object; another name may be wrong in itself (a definition's).
            let inBoth = refusal.causes.contains { cause in
                error.causes.contains { $0.field == cause.field && $0.reason == cause.reason }
            }
            if refusal.causes.isEmpty || inBoth { return .invalid }
            return .immutable(Self.replacement(refusal, body: body), answer: body)
        }
    }

    /// A name that is as good as the object's, and that nobody has: what it is valid as, it is valid as.
    private static func name(like name: String) -> String {
        let room = name.utf8.prefix(40)
        var stem = String(decoding: room, as: UTF8.self)
        while let last = stem.last, last == "-" || last == "." { stem.removeLast() }
        return "\(stem)-\(Digest.sha256(of: Array(name.utf8)).suffix(8))"
    }

    private static func replacement(_ refusal: APIError, body: Value) -> Replacement {
        var texts: [String] = []
        var fields: [String] = []
        for cause in refusal.causes {
            let message = short(cause.message)
            let text = cause.field.isEmpty ? message : "\(cause.field): \(message)"
            if !texts.contains(text) { texts.append(text) }
            if !cause.field.isEmpty, !fields.contains(cause.field) { fields.append(cause.field) }
        }
        let reason = texts.isEmpty ? short(refusal.message) : texts.joined(separator: "; ")
        return Replacement(reason: Sensitivity.redacted(reason, of: body), fields: fields)
    }

    /// A refusal may repeat whole specifications: what matters stands at the end.
    private static func short(_ message: String) -> String {
        let value = "Invalid value: "
        guard message.hasPrefix(value), let colon = message.lastIndex(of: ":"), message.utf8.count > 120 else { return message }
        return String(message[message.index(after: colon)...].drop { $0 == " " })
    }
}
