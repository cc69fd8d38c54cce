/// `.Capabilities`.
final class CapabilitiesObject: GoObject {
    let kubeVersion: KubeVersionObject
    let apiVersions: VersionSetObject

    init(_ kubeVersion: KubeVersionObject, apiVersions: [String], served: [String]?) {
        self.kubeVersion = kubeVersion
        self.apiVersions = VersionSetObject((served ?? Self.builtInVersions) + apiVersions)
    }

    var typeName: String { "*common.Capabilities" }
    var kind: String { "ptr" }
    var structFields: [GoStructField]? {
        [
            .init(name: "KubeVersion", value: .object(kubeVersion)), .init(name: "APIVersions", value: .object(apiVersions)),
            .init(name: "HelmVersion", value: Self.helmVersion),
        ]
    }
    var underlying: GoValue {
        .map(
            GoMap(unsorted: [
                .init(key: "KubeVersion", value: .object(kubeVersion)), .init(key: "APIVersions", value: .object(apiVersions)),
                .init(key: "HelmVersion", value: Self.helmVersion),
            ]))
    }

    func field(_ name: String) -> GoValue? {
        switch name {
        case "KubeVersion": .object(kubeVersion)
        case "APIVersions": .object(apiVersions)
        case "HelmVersion": Self.helmVersion
        default: nil
        }
    }

    /// What charts ask for that want a certain Helm: the version whose rendering this is.
    private static var helmVersion: GoValue {
        .object(
            StructObject(
                "version.BuildInfo",
                fields: [
                    .init(name: "Version", value: .string("v4.2"), jsonName: "version", isOmittedEmpty: true),
                    .init(name: "GitCommit", value: .string(""), jsonName: "git_commit", isOmittedEmpty: true),
                    .init(name: "GitTreeState", value: .string(""), jsonName: "git_tree_state", isOmittedEmpty: true),
                    .init(name: "GoVersion", value: .string("go1.26"), jsonName: "go_version", isOmittedEmpty: true),
                    .init(name: "KubeClientVersion", value: .string("v1.36"), jsonName: "kube_client_version"),
                ]))
    }

    /// The API versions that Helm's client knows, in its order; kinds are not among them.
    private static let builtInVersions = """
        v1 admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1
        internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 authentication.k8s.io/v1alpha1
        authentication.k8s.io/v1beta1 authorization.k8s.io/v1 authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2 batch/v1
        batch/v1beta1 certificates.k8s.io/v1 certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1 coordination.k8s.io/v1alpha2
        coordination.k8s.io/v1beta1 coordination.k8s.io/v1 discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1
        events.k8s.io/v1beta1 extensions/v1beta1 flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1
        flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3 networking.k8s.io/v1 networking.k8s.io/v1beta1
        node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1
        rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 resource.k8s.io/v1 resource.k8s.io/v1beta2
        resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3 scheduling.k8s.io/v1alpha2 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1
        storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1 storagemigration.k8s.io/v1beta1 apiextensions.k8s.io/v1beta1
        apiextensions.k8s.io/v1
        """.split { $0 == " " || $0 == "\n" }.map(String.init)
}

/// A Go struct: fields in order.
final class StructObject: GoObject {
    let typeName: String
    private let fields: [GoStructField]

    init(_ typeName: String, fields: [GoStructField]) {
        self.typeName = typeName
        self.fields = fields
    }

    convenience init(_ typeName: String, _ fields: [(String, GoValue)]) {
        self.init(typeName, fields: fields.map { GoStructField(name: $0.0, value: $0.1) })
    }

    var kind: String { "struct" }
    var underlying: GoValue { .map(GoMap(unsorted: fields.map { .init(key: $0.name, value: $0.value) })) }
    var structFields: [GoStructField]? { fields }
    func field(_ name: String) -> GoValue? { fields.first { $0.name == name }?.value }
}

/// `.Capabilities.KubeVersion`.
final class KubeVersionObject: GoObject {
    private let version: String
    /// Without what follows the three numbers.
    let normalized: String
    private let major: String
    private let minor: String

    /// What Helm 4.2 takes without a cluster.
    static let standard = "v1.36.0"

    /// - Throws: `GoError` when the text is no version.
    init(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
        let numbers = rest.prefix { $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: ".") }
        var parts = String(decoding: numbers, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        // A dot before the rest belongs to the rest.
        while parts.last == "", parts.count > 2 { parts.removeLast() }
        let isValid =
            parts.count >= 2
            && parts.allSatisfy { part in
                !part.isEmpty && UInt32(part) != nil && (part == "0" || part.utf8.first != 0x30)
            }
        guard isValid else { throw GoError("could not parse \(GoQuote.quote(text)) as version") }
        version = text.utf8.first == UInt8(ascii: "v") ? text : "v" + text
        if parts.count == 2 { parts.append("0") }
        normalized = "v" + parts.joined(separator: ".")
        major = parts[0]
        minor = parts[1]
    }

    var typeName: String { "common.KubeVersion" }
    var kind: String { "struct" }
    var fullVersion: String { version }
    var addressedString: String? { normalized }
    var structFields: [GoStructField]? {
        [
            .init(name: "Version", value: .string(version)),
            .init(name: "normalizedVersion", value: .string(normalized), isExported: false),
            .init(name: "Major", value: .string(major)), .init(name: "Minor", value: .string(minor)),
        ]
    }
    var underlying: GoValue {
        .map(
            GoMap(unsorted: [
                .init(key: "Version", value: .string(version)), .init(key: "Major", value: .string(major)),
                .init(key: "Minor", value: .string(minor)),
            ]))
    }

    func field(_ name: String) -> GoValue? {
        switch name {
        case "Version": .string(version)
        case "Major": .string(major)
        case "Minor": .string(minor)
        default: nil
        }
    }

    func method(_ name: String) -> GoFunction? {
        switch name {
        case "GitVersion": GoFunction(name, []) { [version] _, _ in .string(version) }
        case "String": GoFunction(name, []) { [normalized] _, _ in .string(normalized) }
        default: nil
        }
    }
}

/// `.Capabilities.APIVersions`.
final class VersionSetObject: GoObject {
    private let versions: [String]
    private let index: Set<String>

    init(_ versions: [String]) {
        self.versions = versions
        index = Set(versions)
    }

    var typeName: String { "common.VersionSet" }
    var kind: String { "slice" }
    var underlying: GoValue { .strings(versions) }

    func method(_ name: String) -> GoFunction? {
        guard name == "Has" else { return nil }
        return GoFunction(name, [.string]) { [index] _, values in .bool(index.contains(values[0].argumentText)) }
    }
}
