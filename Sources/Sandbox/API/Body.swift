import Manifests

/// The body of a request: JSON or YAML, by its content type and its look.
enum Body {
    static func read(_ request: APIRequest) throws(APIError) -> Value {
        let isYAML = request.contentType.hasSuffix("yaml")
        let first = request.body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        if request.contentType.contains("protobuf") || request.contentType.contains("cbor") {
            throw APIError(
                code: 415, reason: "UnsupportedMediaType",
                message:
                    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml",
                details: [:])
        }
        if isYAML, first != UInt8(ascii: "{") {
            do {
                let documents = try YAMLLoader.load(request.body, file: "body")
                guard documents.count == 1 else { throw APIError.badRequest("error decoding YAML: expected one document") }
                return documents[0].value
            } catch let error as APIError { throw error } catch {
                throw .badRequest("error decoding YAML: \((error as? Diagnostic)?.message ?? "bad syntax")")
            }
        }
        do { return try JSONParser.parse(request.body) } catch {
            throw .badRequest("the object provided is unrecognized (must be of type Object): couldn't parse JSON: \(error)")
        }
    }
}
