import Manifests

@testable import Sandbox

/// A recorded conversation with an API server, replayed against the sandbox.
///
/// The form of the files: `steps`, each with a `request` (`method`, `path`, `contentType`, `body`, and where it matters
/// `accept`, `authorization`), the `response` (`status`, `body`, perhaps `contentType`) and `save`: a value of the answer
/// that later steps name.
struct Replay {
    let server: APIServer
    let token = "replay-token"
    private var saved: [String: String] = [:]

    init() {
        server = APIServer(store: ObjectStore(), policy: AccessPolicy(token: token))
        server.bootstrap()
    }

    struct Mismatch: CustomStringConvertible {
        var index: Int
        var name: String
        var differences: [String]

        var description: String {
            "step \(index) (\(name)):\n" + differences.prefix(10).map { "    \($0)" }.joined(separator: "\n")
        }
    }

    /// Sends all steps; returns those that were not answered as recorded.
    mutating func run(_ steps: [Value]) async -> [Mismatch] {
        var mismatches: [Mismatch] = []
        for (index, step) in steps.enumerated() {
            var differences: [String] = []
            // What the server's own loops do takes a moment: a read is repeated for a while.
            let attempts = step.at("request", "method")?.string == "GET" ? 20 : 1
            for attempt in 0..<attempts {
                if attempt > 0 { try? await Task.sleep(for: .milliseconds(25)) }
                differences = send(step)
                if differences.isEmpty { break }
            }
            if !differences.isEmpty {
                mismatches.append(Mismatch(index: index, name: step["name"]?.string ?? "", differences: differences))
            }
        }
        return mismatches
    }

    private mutating func send(_ step: Value) -> [String] {
        guard let request = step["request"], let expected = step["response"] else { return ["no request or response"] }
        var headers = ["user-agent": "Python-urllib/3.11", "accept": request["accept"]?.string ?? "application/json"]
        if request["authorization"]?.bool != false { headers["authorization"] = "Bearer \(token)" }
        if let type = request["contentType"]?.string { headers["content-type"] = type }
        let body = request["body"].map { $0.isNull ? [] : JSONWriter.compact(substitute($0)) } ?? []
        let path = saved.reduce(request["path"]?.string ?? "") { $0.replacing("{\($1.key)}", with: $1.value) }
        let response = server.respond(
            to: APIRequest(method: request["method"]?.string ?? "", target: path, headers: headers, body: body))
        let text = String(decoding: response.body, as: UTF8.self)
        let answer = (try? JSONParser.parse(response.body)) ?? .string(text)
        if let save = step["save"]?.array, let name = save.first?.string, let place = save.last?.string {
            var value: Value? = answer
            for key in place.split(separator: ".") { value = value?[String(key)] }
            saved[name] = value?.string
        }
        var differences: [String] = []
        if let status = expected["status"]?.int, Int(status) != response.status {
            differences.append("status \(response.status) instead of \(status)")
        }
        if let type = expected["contentType"]?.string, type != response.contentType {
            differences.append("content type \(response.contentType) instead of \(type)")
        }
        let wanted = Normalized.value(expected["body"] ?? .null)
        return differences + Normalized.differences(wanted, Normalized.value(answer), path: "")
    }

    /// Puts saved values in for `{{name}}`.
    private func substitute(_ value: Value) -> Value {
        switch value {
        case .string(let text): .string(saved.reduce(text) { $0.replacing("{{\($1.key)}}", with: $1.value) })
        case .array(let items): .array(items.map(substitute))
        case .object(let object): .object(Object(object.members.map { Member(key: $0.key, value: substitute($0.value)) }))
        default: value
        }
    }
}

/// Answers without what differs from run to run.
enum Normalized {
    static func value(_ value: Value, key: String = "") -> Value {
        switch value {
        case .string(let text): .string(self.text(text, key: key))
        case .array(let items):
            // Conflicts come in whatever order the server's map gives them, managers in the order of their seconds.
            ["causes", "managedFields"].contains(key)
                ? .array(items.map { self.value($0) }.sorted { text($0) < text($1) })
                : .array(items.map { self.value($0, key: key) })
        case .object(let object):
            .object(Object(object.members.map { Member(key: $0.key, value: self.value($0.value, key: $0.key)) }))
        default: value
        }
    }

    private static func text(_ value: Value) -> String { String(decoding: JSONWriter.canonical(value), as: UTF8.self) }

    private static func text(_ text: String, key: String) -> String {
        switch key {
        case "resourceVersion" where !text.isEmpty: return "<resourceVersion>"
        case "continue": return "<continue>"
        case "clusterIP", "clusterIPs": return "<ip>"
        default: break
        }
        // Regular expressions are slow in debug builds, and few texts hold anything to replace.
        guard text.utf8.count >= 15, text.utf8.contains(UInt8(ascii: "-")) || text.utf8.contains(UInt8(ascii: "(")) else { return text }
        return text.replacing(#/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/#, with: "<uid>")
            .replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "<time>")
            .replacing(#/in record \(\d+\)/#, with: "in record (<resourceVersion>)")
    }

    static func differences(_ wanted: Value, _ actual: Value, path: String) -> [String] {
        switch (wanted, actual) {
        case (.object(let left), .object(let right)):
            let keys = Set(left.members.map(\.key)).union(right.members.map(\.key)).sorted()
            return keys.flatMap { key -> [String] in
                let place = "\(path)/\(key)"
                guard let value = right[key] else { return ["\(place): missing, should be \(text(left[key] ?? .null).prefix(300))"] }
                guard let expected = left[key] else { return ["\(place): should not be there, is \(text(value).prefix(300))"] }
                return differences(expected, value, path: place)
            }
        case (.array(let left), .array(let right)) where left.count == right.count:
            return zip(left, right).enumerated().flatMap { differences($1.0, $1.1, path: "\(path)/\($0)") }
        default:
            return wanted == actual ? [] : ["\(path): is \(text(actual).prefix(600)), should be \(text(wanted).prefix(600))"]
        }
    }
}
