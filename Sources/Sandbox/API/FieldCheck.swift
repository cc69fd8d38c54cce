import Manifests

/// `fieldValidation`: what to do about fields that the schema does not know.
enum FieldCheck {
    /// Refuses unknown fields (`Strict`), warns of them (`Warn`, the default) or lets them go (`Ignore`).
    static func check(_ value: Value, _ context: inout WriteContext) throws(APIError) {
        let resource = context.resource
        if !resource.isCustom,
            let fault = TypedValue.faults(in: value, resource.type).first(where: {
                !$0.hasSuffix("schema") && !$0.contains("duplicate entries") && !$0.contains("omits key")
            })
                ?? DecodeCheck.fault(in: value, resource.type)
        {
            throw .badRequest(
                "\(resource.kind) in version \"\(resource.version)\" cannot be handled as a \(resource.kind): \(fault)")
        }
        let mode = context.call.request.parameter("fieldValidation") ?? "Warn"
        if mode == "Ignore" { return }
        var unknown: [String] = []
        collect(value, context.resource.type, path: "", into: &unknown)
        if unknown.isEmpty { return }
        let complaints = unknown.map { "unknown field \"\($0)\"" }
        guard mode == "Strict" else {
            context.warnings += complaints
            return
        }
        let text = "strict decoding error: " + complaints.joined(separator: ", ")
        if context.resource.isCustom || context.call.verb == "patch" { throw .badRequest(text) }
        throw .badRequest(
            "\(context.resource.kind) in version \"\(context.resource.version)\" cannot be handled as a "
                + "\(context.resource.kind): \(text)")
    }

    private static func collect(_ value: Value, _ type: TypeNode, path: String, into unknown: inout [String]) {
        switch value {
        case .object(let object) where type.shape == .map:
            for member in object {
                let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
                if let field = type.type(of: member.key) {
                    collect(member.value, field, path: inner, into: &unknown)
                } else if !(type.isEmbeddedResource && ["apiVersion", "kind", "metadata"].contains(member.key)) {
                    unknown.append(inner)
                }
            }
        case .array(let items) where type.shape == .list:
            guard let element = type.element else { return }
            for (index, item) in items.enumerated() { collect(item, element, path: "\(path)[\(index)]", into: &unknown) }
        default: break
        }
    }
}
