/// A value with fields and methods of its own: `.Files`, `.Capabilities`, a version, a time.
package protocol GoObject: AnyObject {
    /// The type as `%T` prints it, such as `*semver.Version`.
    var typeName: String { get }
    /// The kind as `reflect.Kind` prints it: `struct`, `ptr`, `map`, `slice`.
    var kind: String { get }
    /// What is ranged over, indexed and printed: the map or list that the object is, or a struct's fields as a map.
    var underlying: GoValue { get }
    /// The fields of a struct in their order; `nil` when the object is none.
    var structFields: [GoStructField]? { get }
    /// The text that a struct prints as where a template writes it and nothing else, by a method of its pointer.
    var addressedString: String? { get }
    /// The text of an object that prints as text of its own (a `Stringer`).
    var string: String? { get }
    /// The value of a field; `nil` when there is no such field.
    func field(_ name: String) -> GoValue?
    /// A method; `nil` when there is no such method.
    func method(_ name: String) -> GoFunction?
}

extension GoObject {
    package var string: String? { nil }
    package var structFields: [GoStructField]? { nil }
    package var addressedString: String? { nil }
    package func field(_ name: String) -> GoValue? { nil }
    package func method(_ name: String) -> GoFunction? { nil }
}

/// A field of a struct.
package struct GoStructField {
    package var name: String
    package var value: GoValue
    package var isExported = true
    /// The name that JSON has for it; `nil` for the field's own.
    package var jsonName: String?
    /// Whether JSON leaves it out when it is empty.
    package var isOmittedEmpty = false
}
