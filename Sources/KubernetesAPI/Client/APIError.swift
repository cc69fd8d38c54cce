package import HTTP

/// A request that the server refused, or that did not get through.
package struct APIError: Error, Sendable {
    /// One of the causes in a Status object's `details`.
    package struct Cause: Hashable, Sendable {
        package var reason: String
        package var message: String
        /// The field, as the server names it: `.spec.replicas`, `spec.ports[0].port`.
        package var field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The HTTP status; 0 when there was no answer.
    package var status: Int
    /// The server's word for it: `Conflict`, `Invalid`; empty when it gave none.
    package var reason: String
    package var message: String
    /// Whether the answer was a Status object, so that it is the API server itself who refused.
    package var isStatusObject: Bool
    package var causes: [Cause]
    /// What the server says it is about; empty when it does not.
    package var kind: String
    package var name: String
    /// How long the server asks us to wait.
    package var retryAfter: Duration?
    /// `GET`, `LIST`, `APPLY`, `DRY-RUN`, `CREATE`, `UPDATE`, `PATCH`, `DELETE`, `DISCOVERY`.
    package var verb: String
    /// The path below the server's URL, without its query.
    package var path: String
    /// Why there was no answer.
    package var transport: HTTPError?
    /// Whether the server may have done what it was asked although we cannot know.
    package var mayHaveHappened: Bool
    /// What to do about it, as far as this layer knows.
    package var advice: String?
    /// The UID of the flow schema by which API priority and fairness turned the request away; `nil` when it was something else.
    package var flowSchema: String?

    package init(
        status: Int, reason: String = "", message: String, isStatusObject: Bool = false, causes: [Cause] = [], kind: String = "",
        name: String = "",
        retryAfter: Duration? = nil, verb: String = "", path: String = "", transport: HTTPError? = nil,
        mayHaveHappened: Bool = false, advice: String? = nil
    ) {
        self.status = status
        self.reason = reason
        self.message = message
        self.isStatusObject = isStatusObject
        self.causes = causes
        self.kind = kind
        self.name = name
        self.retryAfter = retryAfter
        self.verb = verb
        self.path = path
        self.transport = transport
        self.mayHaveHappened = mayHaveHappened
        self.advice = advice
    }
}

extension APIError {
    /// The object, the kind or the namespace is not there.
    package var isNotFound: Bool { status == 404 }
    /// Either another field manager owns a field or the resourceVersion or UID is not the one that was asked for.
    package var isConflict: Bool { status == 409 && !isAlreadyExists }
    /// Server-side apply met fields of other managers: `causes` names each.
    package var isFieldManagerConflict: Bool { status == 409 && causes.contains { $0.reason == "FieldManagerConflict" } }
    package var isAlreadyExists: Bool { status == 409 && reason == "AlreadyExists" }
    package var isUnauthorized: Bool { status == 401 }
    package var isForbidden: Bool { status == 403 }
    /// The object breaks the schema or a rule of its kind (or of an admission plugin that answers 422).
    package var isInvalid: Bool { status == 422 || (status == 400 && reason == "BadRequest") || isRefusedWithoutReason }
    /// A 500 by which the API server itself refuses without giving a reason: server-side apply says so of fields that
    /// the kind does not have. Asking again gives the same answer.
    package var isRefusedWithoutReason: Bool { status == 500 && isStatusObject && reason.isEmpty }
    /// A list's continuation, or a resourceVersion, is too old.
    package var isExpired: Bool { status == 410 }
    package var isThrottled: Bool { status == 429 }
    /// The server, or a webhook or API service behind it, cannot answer at present.
    package var isServerUnavailable: Bool {
        (status >= 500 && !isRefusedWithoutReason) || (transport.map { $0.kind != .cancelled } ?? false)
    }
    package var isCancelled: Bool { transport?.kind == .cancelled }
    /// The object's namespace is being deleted, so nothing new can be made in it.
    package var isNamespaceTerminating: Bool { causes.contains { $0.reason == "NamespaceTerminating" } }
}

extension APIError: CustomStringConvertible {
    /// The server's words, and what to do on a line of its own.
    package var description: String {
        guard let advice else { return message }
        return message + advice.split(separator: "\n").map { "\n  \($0)" }.joined()
    }
}
