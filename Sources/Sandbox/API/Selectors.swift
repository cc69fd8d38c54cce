import Manifests

/// `labelSelector`: equality and sets.
struct LabelSelector: Sendable {
    private enum Requirement: Sendable {
        case exists(String)
        case missing(String)
        case among(String, [String])
        /// Also true when the label is missing.
        case notAmong(String, [String])
        case greater(String, Int64)
        case less(String, Int64)
    }

    private var requirements: [Requirement] = []

    var isEmpty: Bool { requirements.isEmpty }

    init(parsing text: String) throws(APIError) {
        for part in Self.split(text) {
            guard let requirement = Self.requirement(part) else {
                throw .badRequest("unable to parse requirement: found '\(part)'")
            }
            requirements.append(requirement)
        }
    }

    /// Splits at commas outside parentheses.
    private static func split(_ text: String) -> [String] {
        var parts: [String] = []
        var depth = 0
        var current = ""
        for character in text {
            switch character {
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            if character == ",", depth == 0 {
                parts.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        parts.append(current)
        return parts.map(trim).filter { !$0.isEmpty }
    }

    private static func trim(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func requirement(_ text: String) -> Requirement? {
        if let open = text.firstIndex(of: "("), text.last == ")" {
            let words = text[..<open].split(separator: " ").map(String.init)
            let values = text[text.index(after: open)...].dropLast().split(separator: ",").map(trim)
            guard words.count == 2 else { return nil }
            switch words[1] {
            case "in": return .among(words[0], values)
            case "notin": return .notAmong(words[0], values)
            default: return nil
            }
        }
        for (mark, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            if let range = text.firstRange(of: mark) {
                let (key, value) = (trim(text[..<range.lowerBound]), trim(text[range.upperBound...]))
                if key.isEmpty { return nil }
                return isEqual ? .among(key, [value]) : .notAmong(key, [value])
            }
        }
        for mark in [">", "<"] {
            if let range = text.firstRange(of: mark), let number = Int64(trim(text[range.upperBound...])) {
                let key = trim(text[..<range.lowerBound])
                return mark == ">" ? .greater(key, number) : .less(key, number)
            }
        }
        if text.hasPrefix("!") { return .missing(trim(text.dropFirst())) }
        return text.contains(" ") ? nil : .exists(text)
    }

    func matches(_ object: Value) -> Bool {
        let labels = object.metadata("labels")
        return requirements.allSatisfy { requirement in
            switch requirement {
            case .exists(let key): return labels?[key] != nil
            case .missing(let key): return labels?[key] == nil
            case .among(let key, let values): return labels?[key]?.string.map(values.contains) ?? false
            case .notAmong(let key, let values): return !(labels?[key]?.string.map(values.contains) ?? false)
            case .greater(let key, let number): return (labels?[key]?.string.flatMap(Int64.init)).map { $0 > number } ?? false
            case .less(let key, let number): return (labels?[key]?.string.flatMap(Int64.init)).map { $0 < number } ?? false
            }
        }
    }
}

/// `fieldSelector`: name and namespace for every kind, and the fields that built-in kinds add.
struct FieldSelector: Sendable {
    private var requirements: [(path: [String], value: String, isEqual: Bool)] = []

    var isEmpty: Bool { requirements.isEmpty }

    private static let added: [String: Set<String>] = [
        "pods": ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase"],
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
        "secrets": ["type"], "namespaces": ["status.phase"], "nodes": ["spec.unschedulable"],
        "services": ["spec.clusterIP", "spec.type"], "replicasets.apps": ["status.replicas"],
        "jobs.batch": ["status.successful"],
    ]

    init(parsing text: String, resource: Resource) throws(APIError) {
        for part in text.split(separator: ",") {
            let isEqual = !part.contains("!=")
            let mark = isEqual ? (part.contains("==") ? "==" : "=") : "!="
            guard let range = part.firstRange(of: mark) else {
                throw .badRequest("invalid selector: '\(part)'; can't understand '\(part)'")
            }
            let field = String(part[..<range.lowerBound])
            let known = ["metadata.name", "metadata.namespace"].contains(field)
            if !known, Self.added[resource.qualifiedName]?.contains(field) != true {
                throw .badRequest("field label not supported: \(field)")
            }
            requirements.append((field.split(separator: ".").map(String.init), String(part[range.upperBound...]), isEqual))
        }
    }

    func matches(_ object: Value) -> Bool {
        requirements.allSatisfy { path, value, isEqual in
            var current: Value? = object
            for key in path { current = current?[key] }
            let text: String
            switch current {
            case .string(let string): text = string
            case .int(let int): text = String(int)
            case .bool(let bool): text = String(bool)
            default: text = ""
            }
            return (text == value) == isEqual
        }
    }
}
