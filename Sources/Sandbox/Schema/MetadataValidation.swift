import Manifests

/// Names, labels, annotations: the rules of `metadata`.
enum MetadataValidation {
    static let subdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    static let labelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    static let dns1035Rule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
    static let labelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    static let qualifiedNameRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

    static func causes(_ object: Value, old: Value?, _ resource: Resource) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let name = object.metadata("name")?.string ?? ""
        if old == nil, let rule = brokenRule(name, resource) {
            causes.append(.invalid("metadata.name", .string(name), rule))
        }
        for label in object.metadata("labels")?.object ?? Object() {
            if !isQualifiedName(label.key) {
                causes.append(.invalid("metadata.labels", .string(label.key), qualifiedNameRule))
            }
            if let text = label.value.string, let rule = brokenLabelValue(text) {
                causes.append(.invalid("metadata.labels", .string(text), rule))
            }
        }
        for annotation in object.metadata("annotations")?.object ?? Object() where !isQualifiedName(annotation.key.lowercased()) {
            causes.append(.invalid("metadata.annotations", .string(annotation.key), qualifiedNameRule))
        }
        let size = (object.metadata("annotations")?.object ?? Object()).members.reduce(0) {
            $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0)
        }
        if size > 262_144 {
            causes.append(
                .init(
                    reason: "FieldValueTooLong", message: "Too long: may not be more than 262144 bytes",
                    field: "metadata.annotations"))
        }
        return causes
    }

    static func brokenLabelValue(_ text: String) -> String? {
        if text.utf8.count > 63 { return "must be no more than 63 bytes" }
        return text.isEmpty || isName(text.utf8[...], extra: "-_.", allowsUpper: true) ? nil : labelValueRule
    }

    private static func brokenRule(_ name: String, _ resource: Resource) -> String? {
        switch resource.qualifiedName {
        case "namespaces": return isLabel(name) ? nil : labelRule
        case "services": return isLabel(name) ? nil : labelRule
        case "roles.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io",
            "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io":
            if name == "." || name == ".." { return "may not be '\(name)'" }
            return name.contains("/") ? "may not contain '/'" : name.contains("%") ? "may not contain '%'" : nil
        case "apiservices.apiregistration.k8s.io", "ipaddresses.networking.k8s.io": return nil
        default:
            if name.utf8.count > 253 { return "must be no more than 253 characters" }
            return isSubdomain(name) ? nil : subdomainRule
        }
    }

    static func isLabel(_ text: String) -> Bool {
        text.utf8.count <= 63 && isName(text.utf8[...], extra: "-", allowsUpper: false)
    }

    static func isSubdomain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                isName($0, extra: "-", allowsUpper: false)
            }
    }

    static func isQualifiedName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, name.utf8.count <= 63 else { return false }
        if parts.count == 2, !isSubdomain(String(parts[0])) { return false }
        return isName(name.utf8, extra: "-_.", allowsUpper: true)
    }

    private static func isName(_ bytes: some BidirectionalCollection<UInt8>, extra: String, allowsUpper: Bool) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 122) || (allowsUpper && byte >= 65 && byte <= 90)
        }
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || extra.utf8.contains($0) }
    }
}
