internal import KubernetesAPI
internal import Manifests

/// A field that an apply without force may not set: another manager owns it and has another value in it.
struct FieldConflict: Sendable {
    var path: FieldPath
    /// The owners in the live object, newest first.
    var owners: [ManagedFieldsEntry]

    /// The conflicts that a server's refusal names; `nil` when one of them cannot be found in the object.
    static func conflicts(in error: APIError, body: Value, live: Value) -> [FieldConflict]? {
        let entries = ManagedFieldsEntry.entries(of: live).filter { $0.manager != FieldManager.name }
        var conflicts: [FieldConflict] = []
        for cause in error.causes where cause.reason == "FieldManagerConflict" {
            guard let path = FieldPath(serverText: cause.field, in: body) else { return nil }
            let owners = ManagedFieldsEntry.owners(of: path.pointer(in: live), in: live, entries: entries)
            // A field is named once for each of its owners.
            if conflicts.contains(where: { $0.path == path }) { continue }
            conflicts.append(FieldConflict(path: path, owners: owners.sorted { $0.time > $1.time }))
        }
        return conflicts.isEmpty ? nil : conflicts
    }

    /// `'hpa' (scale, 2026-01-01T00:00:00Z)`
    var ownersText: String {
        owners.map { owner in
            let details = [owner.subresource, owner.time].filter { !$0.isEmpty }.joined(separator: ", ")
            return "'\(owner.manager)'" + (details.isEmpty ? "" : " (\(details))")
        }.joined(separator: ", ")
    }
}

extension [FieldStep] {
    /// Reads a field as the server names it, `.spec.template.spec.containers[name="web"].image`, within an object. Names
    /// are not quoted there and may hold dots, so that only the object tells where each ends.
    init?(serverText text: String, in object: Value) {
        guard let path = Self.read([UInt8](text.utf8)[...], in: object, depth: 0) else { return nil }
        self = path
    }

    private static func read(_ text: ArraySlice<UInt8>, in value: Value, depth: Int) -> FieldPath? {
        guard let first = text.first else { return [] }
        guard depth < 100 else { return nil }
        switch (first, value) {
        case (UInt8(ascii: "."), .object(let object)):
            let rest = text.dropFirst()
            // The longest name first: `example.com/a` before `example`.
            for member in object.members.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) where rest.starts(with: member.key.utf8) {
                let after = rest.dropFirst(member.key.utf8.count)
                guard after.first.map({ $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") }) ?? true else { continue }
                if let path = read(after, in: member.value, depth: depth + 1) { return [.field(member.key)] + path }
            }
            return nil
        case (UInt8(ascii: "["), .array(let items)):
            for (index, item) in items.enumerated() {
                for element in elements(of: item, at: index) where text.starts(with: element.utf8) {
                    let after = text.dropFirst(element.utf8.count)
                    if let path = read(after, in: item, depth: depth + 1) {
                        return [FieldStep.step(to: index, of: items)] + path
                    }
                }
            }
            return nil
        default: return nil
        }
    }

    /// What an item may be called: `[name="web"]`, `[containerPort=80,protocol="TCP"]`, `[="finalizer"]`, `[0]`.
    private static func elements(of item: Value, at index: Int) -> [String] {
        func text(_ value: Value) -> String { String(decoding: JSONWriter.canonical(value), as: UTF8.self) }
        guard let object = item.object else { return ["[=\(text(item))]", "[\(index)]"] }
        var scalars = object.members.filter { $0.value.object == nil && $0.value.array == nil }
        if scalars.contains(where: { $0.key == "containerPort" || $0.key == "port" }), object["protocol"] == nil {
            scalars.append(Member(key: "protocol", value: "TCP"))
        }
        scalars.sort { UTF8Order.isLess($0.key, $1.key) }
        // No list has more than three keys.
        var names: [String] = ["[\(index)]"]
        for (first, member) in scalars.enumerated() {
            let one = "\(member.key)=\(text(member.value))"
            names.append("[\(one)]")
            for (second, other) in scalars.enumerated().dropFirst(first + 1) {
                let two = "\(one),\(other.key)=\(text(other.value))"
                names.append("[\(two)]")
                for last in scalars.dropFirst(second + 1) { names.append("[\(two),\(last.key)=\(text(last.value))]") }
            }
        }
        return names
    }
}
