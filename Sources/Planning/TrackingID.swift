package import Manifests

/// The annotation that names the environment and the very object that carries it.
///
/// Because it names its own object, a copy that some controller made of it does not count as ours.
package enum TrackingID {
    package static let annotation = "plumb.dev/tracking-id"

    /// `<environment>:<group>/<Kind>:<namespace>/<name>`.
    package static func text(environment: String, reference: ObjectReference) -> String {
        "\(environment):\(reference.group)/\(reference.kind):\(reference.namespace)/\(reference.name)"
    }

    /// Whether a live object carries this environment's annotation for itself.
    package static func isCarried(by live: Value, environment: String, reference: ObjectReference) -> Bool {
        live.at("metadata", "annotations", annotation)?.string == text(environment: environment, reference: reference)
    }

    /// The environment that an object's annotation names, if the annotation is for the object itself.
    package static func environment(of live: Value, reference: ObjectReference) -> String? {
        guard let text = live.at("metadata", "annotations", annotation)?.string,
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let environment = String(text[..<colon])
        return text == self.text(environment: environment, reference: reference) ? environment : nil
    }
}
