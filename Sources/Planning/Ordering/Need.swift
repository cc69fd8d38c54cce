package import Manifests

/// One object that another has to come after, and why.
package struct Need: Hashable, Sendable {
    package var reference: ObjectReference
    package var reason: NeedReason

    package init(_ reference: ObjectReference, _ reason: NeedReason) {
        self.reference = reference
        self.reason = reason
    }
}

/// Why an object comes after another; the strongest first.
package enum NeedReason: Hashable, Sendable {
    /// An annotation says so.
    case annotation(String)
    /// A Flux object's `spec.dependsOn`.
    case dependsOn
    /// kapp's change rule, as it is written.
    case changeRule(String)
    /// It lives in that namespace.
    case namespace
    /// That defines its kind.
    case definition
    /// A field refers to it.
    case field(String)

    /// Whether a person has asked for it: then the other object moves into an earlier wave, if it has to.
    var isStated: Bool {
        switch self {
        case .annotation, .dependsOn, .changeRule: true
        case .namespace, .definition, .field: false
        }
    }

    /// Whether the object cannot be made without the other, however old that is.
    var isVital: Bool {
        switch self {
        case .namespace, .definition: true
        case .annotation, .dependsOn, .changeRule, .field: false
        }
    }

    var strength: Int {
        switch self {
        case .annotation: 0
        case .dependsOn: 1
        case .changeRule: 2
        case .namespace: 3
        case .definition: 4
        case .field: 5
        }
    }

    /// `config.kubernetes.io/depends-on`, `spec.template.spec.volumes`.
    package var text: String {
        switch self {
        case .annotation(let name): "its annotation \(name)"
        case .dependsOn: "its spec.dependsOn"
        case .changeRule(let rule): "the change rule '\(rule)'"
        case .namespace: "it is in that namespace"
        case .definition: "its kind is defined there"
        case .field(let path): "its \(path)"
        }
    }
}
