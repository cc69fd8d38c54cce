/// The version of this program.
package enum PlumbVersion {
    package static let text = "0.1.0"
}
