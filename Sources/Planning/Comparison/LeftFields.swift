package import Manifests

/// Leaves fields as they are in an object whose values the plan withholds, so that they are known in the apply alone.
package enum LeftFields {
    /// A body as the repository renders it, without those of the left fields that the plan does not name.
    package static func without(_ left: [String], _ body: Value, planned: Value) -> Value {
        var body = body
        for pointer in left {
            guard let path = FieldPath.path(pointer, in: body), planned.value(at: path) == nil else { continue }
            body.remove(at: path)
        }
        return body
    }

    /// A body with the left fields that it names at their live values.
    package static func adopted(_ left: [String], _ body: Value, live: Value) -> Value {
        var body = body
        for pointer in left {
            guard let path = FieldPath.path(pointer, in: live), body.value(at: path) != nil, let value = live.value(at: path) else {
                continue
            }
            body.set(value, at: path)
        }
        return body
    }
}
