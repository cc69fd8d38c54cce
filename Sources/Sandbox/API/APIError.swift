import Manifests

/// A refusal as the API server words it: a `Status` with code, reason and causes.
struct APIError: Error, Sendable {
    struct Cause: Sendable, Hashable {
        var reason: String
        var message: String
        var field: String
    }

    var code: Int
    /// Empty for internal errors.
    var reason: String
    var message: String
    var details: Object?
    var retryAfterSeconds: Int?

    init(code: Int, reason: String, message: String, details: Object? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    var status: Value {
        var status: Object = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
        ]
        if !reason.isEmpty { status["reason"] = .string(reason) }
        if let details { status["details"] = .object(details) }
        status["code"] = .int(Int64(code))
        return .object(status)
    }

    static func details(_ resource: Resource?, kind: String, name: String) -> Object {
        var details = Object()
        if !name.isEmpty { details["name"] = .string(name) }
        if let group = resource?.group, !group.isEmpty { details["group"] = .string(group) }
        details["kind"] = .string(kind)
        return details
    }

    static func notFound(_ resource: Resource, _ name: String) -> APIError {
        APIError(
            code: 404, reason: "NotFound", message: "\(resource.qualifiedName) \"\(name)\" not found",
            details: details(resource, kind: resource.plural, name: name))
    }

    static func alreadyExists(_ resource: Resource, _ name: String) -> APIError {
        APIError(
            code: 409, reason: "AlreadyExists", message: "\(resource.qualifiedName) \"\(name)\" already exists",
            details: details(resource, kind: resource.plural, name: name))
    }

    static func modified(_ resource: Resource, _ name: String) -> APIError {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    static func conflict(_ resource: Resource, _ name: String, _ why: String) -> APIError {
        APIError(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource.qualifiedName) \"\(name)\": \(why)",
            details: details(resource, kind: resource.plural, name: name))
    }

    static func forbidden(_ resource: Resource, _ name: String, _ why: String) -> APIError {
        let object = name.isEmpty ? "" : " \"\(name)\""
        return APIError(
            code: 403, reason: "Forbidden", message: "\(resource.qualifiedName)\(object) is forbidden: \(why)",
            details: details(resource, kind: resource.plural, name: name))
    }

    static func badRequest(_ message: String) -> APIError {
        APIError(code: 400, reason: "BadRequest", message: message)
    }

    /// An error that carries neither reason nor details, as the server answers when a patch cannot be typed.
    static func `internal`(_ message: String) -> APIError { APIError(code: 500, reason: "", message: message) }

    static func invalid(group: String, kind: String, name: String, _ causes: [Cause]) -> APIError {
        let qualified = group.isEmpty ? kind : "\(kind).\(group)"
        let texts = causes.map { "\($0.field): \($0.message)" }
        let joined = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        var details = Object()
        if !name.isEmpty { details["name"] = .string(name) }
        if !group.isEmpty { details["group"] = .string(group) }
        details["kind"] = .string(kind)
        details["causes"] = .array(
            causes.map {
                .object([
                    "reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field),
                ])
            })
        return APIError(
            code: 422, reason: "Invalid", message: "\(qualified) \"\(name)\" is invalid: \(joined)", details: details)
    }

    static func applyConflict(_ conflicts: FieldManager.Conflicts) -> APIError {
        let causes = conflicts.causes.map { cause -> Value in
            .object([
                "reason": "FieldManagerConflict", "message": .string(cause.message), "field": .string(cause.field),
            ])
        }
        return APIError(code: 409, reason: "Conflict", message: conflicts.message, details: ["causes": .array(causes)])
    }

    static let unauthorized = APIError(code: 401, reason: "Unauthorized", message: "Unauthorized")

    static let methodNotAllowed = APIError(
        code: 405, reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource",
        details: [:])
}

extension APIError.Cause {
    static func required(_ field: String, _ why: String = "") -> Self {
        Self(reason: "FieldValueRequired", message: why.isEmpty ? "Required value" : "Required value: \(why)", field: field)
    }

    static func invalid(_ field: String, _ value: Value, _ why: String) -> Self {
        Self(reason: "FieldValueInvalid", message: "Invalid value: \(text(value)): \(why)", field: field)
    }

    static func unsupported(_ field: String, _ value: Value, _ supported: [String]) -> Self {
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return Self(
            reason: "FieldValueNotSupported", message: "Unsupported value: \(text(value)): supported values: \(list)",
            field: field)
    }

    static func forbidden(_ field: String, _ why: String) -> Self {
        Self(reason: "FieldValueForbidden", message: "Forbidden: \(why)", field: field)
    }

    private static func text(_ value: Value) -> String { String(decoding: JSONWriter.canonical(value), as: UTF8.self) }
}
