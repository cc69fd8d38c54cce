internal import CLibyaml

/// The C library that YAML is read with.
package enum YAMLLibrary {
    /// Such as `0.2.5`.
    package static var version: String {
        var (major, minor, patch): (CInt, CInt, CInt) = (0, 0, 0)
        yaml_get_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }
}
