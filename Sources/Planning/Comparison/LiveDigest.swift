package import Manifests

/// A digest of what a change depends on in the live object, so that an apply can tell a change that matters from a
/// newer resourceVersion alone.
package enum LiveDigest {
    /// Over the live values of every desired field and of every field that the change removes. Secret values are left
    /// out: a digest of them would let a short one be guessed.
    package static func text(live: Value, desired: Value, removed: [FieldPath]) -> String {
        var projected = project(Sensitivity.masked(Differ.comparable(live)), onto: desired) ?? .null
        if !removed.isEmpty, !Sensitivity.isSensitive(GroupKind(group: "", kind: desired["kind"]?.string ?? "")) {
            let values = removed.map { Value.array([.string($0.pointer), live.value(at: $0) ?? .null]) }
            projected = ["desired": projected, "removed": .array(values)]
        }
        return Digest.sha256(of: projected)
    }

    private static func project(_ live: Value?, onto desired: Value) -> Value? {
        guard let live else { return nil }
        guard case .object(let left) = live, case .object(let right) = desired else { return live }
        return .object(
            Object(right.compactMap { member in project(left[member.key], onto: member.value).map { Member(key: member.key, value: $0) } }))
    }
}
