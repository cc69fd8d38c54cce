import Manifests

/// Which fields the transformers change: the defaults and what `configurations` and `crds` add.
struct TransformerConfiguration: Sendable {
    var namePrefix: [FieldSpec] = []
    var nameSuffix: [FieldSpec] = []
    var namespace: [FieldSpec] = []
    var commonLabels: [FieldSpec] = []
    var labels: [FieldSpec] = []
    var templateLabels: [FieldSpec] = []
    var commonAnnotations: [FieldSpec] = []
    var nameReference: [NameReferenceSpec] = []
    var variableReference: [FieldSpec] = []
    var images: [FieldSpec] = []
    var replicas: [FieldSpec] = []
    /// Whether nothing was added to the defaults.
    private(set) var isDefault = false

    /// The fields that hold names of objects of one kind.
    struct NameReferenceSpec: Hashable, Sendable {
        var target: GroupVersionKind
        var referrers: [FieldSpec]
    }

    /// The defaults, read once.
    static let builtIn: TransformerConfiguration = {
        var configuration = TransformerConfiguration()
        configuration.readBuiltIn()
        configuration.isDefault = true
        return configuration
    }()

    mutating func merge(_ other: TransformerConfiguration) throws(Diagnostic) {
        if isDefault, other.isDefault { return }
        if other.isDefault, isEmpty {
            self = other
            return
        }
        isDefault = false
        try FieldSpec.merge(other.namePrefix, into: &namePrefix)
        try FieldSpec.merge(other.nameSuffix, into: &nameSuffix)
        try FieldSpec.merge(other.namespace, into: &namespace)
        try FieldSpec.merge(other.commonLabels, into: &commonLabels)
        try FieldSpec.merge(other.labels, into: &labels)
        try FieldSpec.merge(other.templateLabels, into: &templateLabels)
        try FieldSpec.merge(other.commonAnnotations, into: &commonAnnotations)
        try FieldSpec.merge(other.variableReference, into: &variableReference)
        try FieldSpec.merge(other.images, into: &images)
        try FieldSpec.merge(other.replicas, into: &replicas)
        for reference in other.nameReference {
            if let index = nameReference.firstIndex(where: { $0.target == reference.target }) {
                try FieldSpec.merge(reference.referrers, into: &nameReference[index].referrers)
            } else {
                nameReference.append(reference)
            }
        }
    }

    private var isEmpty: Bool {
        namePrefix.isEmpty && nameSuffix.isEmpty && namespace.isEmpty && commonLabels.isEmpty && labels.isEmpty
            && templateLabels.isEmpty && commonAnnotations.isEmpty && nameReference.isEmpty && variableReference.isEmpty
            && images.isEmpty && replicas.isEmpty
    }

    /// The lists of the built-in text.
    private enum Section: String {
        case commonAnnotations, commonLabels, images, namePrefix, nameReference, nameSuffix, namespace, replicas, templateLabels
        case varReference
    }

    private mutating func readBuiltIn() {
        let bytes = UnsafeBufferPointer(start: Self.builtInText.utf8Start, count: Self.builtInText.utf8CodeUnitCount)
        var section: Section?
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let rest = line[(space + 1)...]
            switch line[line.startIndex] {
            case UInt8(ascii: "="): section = Section(rawValue: String(decoding: rest, as: UTF8.self))
            case UInt8(ascii: "@"):
                section = .nameReference
                nameReference.append(NameReferenceSpec(target: Self.kind(rest), referrers: []))
            default:
                let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
                let path = FieldPath(unsplit: String(decoding: rest[..<end], as: UTF8.self))
                append(FieldSpec(selector: Self.kind(line[..<space]), path: path, isCreated: end < rest.endIndex), to: section)
            }
        }
    }

    private static func kind(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> GroupVersionKind {
        let slash = UInt8(ascii: "/")
        let first = text.firstIndex(of: slash) ?? text.endIndex
        let second = text[first...].dropFirst().firstIndex(of: slash) ?? text.endIndex
        return GroupVersionKind(
            group: String(decoding: text[..<first], as: UTF8.self),
            version: String(decoding: text[first..<second].dropFirst(), as: UTF8.self),
            kind: String(decoding: text[second...].dropFirst(), as: UTF8.self))
    }

    private mutating func append(_ spec: FieldSpec, to section: Section?) {
        switch section {
        case .namePrefix: namePrefix.append(spec)
        case .nameSuffix: nameSuffix.append(spec)
        case .namespace: namespace.append(spec)
        case .commonLabels: commonLabels.append(spec)
        case .templateLabels: templateLabels.append(spec)
        case .commonAnnotations: commonAnnotations.append(spec)
        case .varReference: variableReference.append(spec)
        case .images: images.append(spec)
        case .replicas: replicas.append(spec)
        case .nameReference: nameReference[nameReference.count - 1].referrers.append(spec)
        case nil: break
        }
    }
}
