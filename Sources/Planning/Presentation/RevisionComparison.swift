package import Manifests

/// What two commits' renderings of one environment differ in, told without a target.
package struct RevisionComparison: Sendable {
    package var environment: String
    /// In the order of stages and names; without what is the same in both.
    package var changes: [RevisedObject]
    /// How many objects are the same in both.
    package var unchangedCount: Int
    package var warnings: [String]

    /// One object that only one rendering has, or that differs; secret values are withheld.
    package struct RevisedObject: Sendable {
        package var reference: ObjectReference
        /// Its name in the older rendering when a generator named it anew by its content.
        package var formerName: String?
        package var action: ChangeAction
        package var before: Value?
        package var after: Value?
        package var differences: [FieldDifference]
        /// Where it is defined: in the newer commit, or in the older one for what is gone.
        package var source: SourcePosition
    }

    /// - Parameters:
    ///   - before: The older rendering's objects; empty where the environment was not there yet.
    ///   - after: The newer rendering's.
    package init(environment: String, before: [Manifest], after: [Manifest], warnings: [String] = []) {
        self.environment = environment
        self.warnings = warnings
        let old = Dictionary(before.map { ($0.reference, $0) }) { first, _ in first }
        let new = Dictionary(after.map { ($0.reference, $0) }) { first, _ in first }
        let renamed = RenamedObjects.pairs(
            gone: before.map(\.reference).filter { new[$0] == nil }, come: after.map(\.reference).filter { old[$0] == nil })
        var changes: [RevisedObject] = []
        var unchangedCount = 0
        for (reference, manifest) in new {
            let former = old[reference] ?? renamed[reference].flatMap { old[$0] }
            guard let former else {
                changes.append(Self.object(reference, .create, before: nil, after: manifest))
                continue
            }
            var object = Self.object(reference, .update, before: former, after: manifest)
            if former.name != manifest.name { object.formerName = former.name }
            if object.differences.isEmpty { unchangedCount += 1 } else { changes.append(object) }
        }
        let taken = Set(renamed.values)
        for (reference, manifest) in old where new[reference] == nil && !taken.contains(reference) {
            changes.append(Self.object(reference, .delete, before: manifest, after: nil))
        }
        self.changes = changes.sorted { left, right in
            let stages = (Self.stage(left), Self.stage(right))
            return stages.0 != stages.1 ? stages.0 < stages.1 : left.reference < right.reference
        }
        self.unchangedCount = unchangedCount
    }

    private static func stage(_ object: RevisedObject) -> Int { KindStage.stage(of: object.reference.groupKind) }

    private static func object(
        _ reference: ObjectReference, _ action: ChangeAction, before: Manifest?, after: Manifest?
    ) -> RevisedObject {
        let source = (after ?? before)?.source ?? SourcePosition(file: "")
        guard let old = before?.value, let new = after?.value else {
            return RevisedObject(
                reference: reference, action: action, before: before.map { Sensitivity.masked($0.value) },
                after: after.map { Sensitivity.masked($0.value) }, differences: [], source: source)
        }
        return RevisedObject(
            reference: reference, action: action, before: Sensitivity.masked(old), after: Sensitivity.masked(new),
            differences: MaskedDifferences.differences(before: old, after: new), source: source)
    }
}

/// Finds objects that a generator named anew: kustomize ends the name of a generated ConfigMap or Secret with a hash of its
/// content, so that a change of one line would be shown as one object gone and another one come.
enum RenamedObjects {
    /// What kustomize appends: a dash and ten characters (`api/internal/hasher`).
    private static let hashLength = 10
    /// The characters of the hash: no vowels, and none that is taken for another.
    private static let alphabet = Set("bcdfghkmt2456789".utf8)

    /// For each object that has come the one that is gone, where there is exactly one of each of a name.
    static func pairs(gone: [ObjectReference], come: [ObjectReference]) -> [ObjectReference: ObjectReference] {
        let old = Dictionary(grouping: gone.filter { stem($0) != nil }) { stem($0) ?? $0 }
        let new = Dictionary(grouping: come.filter { stem($0) != nil }) { stem($0) ?? $0 }
        var pairs: [ObjectReference: ObjectReference] = [:]
        for (stem, references) in new {
            guard references.count == 1, let former = old[stem], former.count == 1 else { continue }
            pairs[references[0]] = former[0]
        }
        return pairs
    }

    private static func stem(_ reference: ObjectReference) -> ObjectReference? {
        guard reference.group.isEmpty, reference.kind == "ConfigMap" || reference.kind == "Secret" else { return nil }
        let name = Array(reference.name.utf8)
        guard name.count > hashLength + 1, name[name.count - hashLength - 1] == UInt8(ascii: "-"),
            name.suffix(hashLength).allSatisfy(alphabet.contains)
        else { return nil }
        var stem = reference
        stem.name = String(decoding: name.dropLast(hashLength + 1), as: UTF8.self)
        return stem
    }
}
