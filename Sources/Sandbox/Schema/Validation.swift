import Manifests

/// Whether an object may be written: names, the schema's rules, each kind's own rules, what must not change.
enum Validation {
    static func causes(_ object: Value, old: Value?, _ resource: Resource, subresource: String) -> [APIError.Cause] {
        if subresource == "status" { return resource.isCustom ? SchemaValidator.causes(object, resource.type) : [] }
        var causes = MetadataValidation.causes(object, old: old, resource)
        if resource.isCustom {
            causes += SchemaValidator.causes(object, resource.type)
        } else {
            if let old { causes += Immutability.causes(object, old: old, resource) }
            causes += KindValidation.causes(object, resource)
            for cause in EnumValidation.causes(object, resource.type) where !causes.contains(where: { $0.field == cause.field }) {
                causes.append(cause)
            }
        }
        return causes
    }
}
