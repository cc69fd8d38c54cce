/// The name under which plumb owns fields.
package enum FieldManager {
    package static let name = "plumb"
}
