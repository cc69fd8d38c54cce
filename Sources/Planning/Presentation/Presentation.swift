package import Manifests

/// What a plan, a comparison of commits or a comparison of plans shows, apart from the form it is shown in.
package struct Presentation: Sendable {
    /// `Plan for production`
    package var title: String
    /// What it was made from, each with its name.
    package var facts: [Fact]
    /// What a reviewer must not overlook.
    package var dangers: [String]
    package var warnings: [String]
    /// In the order of execution.
    package var groups: [Group]
    /// `Plan: 1 to create, …`, in its two parts: the first word is set off.
    package var closing: (head: String, rest: String)

    package struct Fact: Hashable, Sendable {
        package var name: String
        package var text: String
    }

    /// Items that belong together: a stage of the plan, an environment of a comparison.
    package struct Group: Sendable {
        package var title: String
        package var items: [Item]
    }

    /// The items of all groups, in order.
    package var items: [Item] { groups.flatMap(\.items) }
}

/// One object with what is done to it.
package struct PresentedItem: Sendable {
    package var mark: PresentedMark
    /// `apps/Deployment/shop/web`, without what would act on a screen.
    package var id: String
    package var reference: ObjectReference
    /// The environment, where the objects of several are shown together.
    package var environment: String?
    /// What is done, in a word or two: `update`, `no longer planned`.
    package var verb: String
    package var causes: [ChangeCause]
    /// Why a reviewer should look twice.
    package var dangers: [String]
    /// The file and line that define the object.
    package var source: String?
    package var notes: [String]
    /// The ids of what this waits for.
    package var dependsOn: [String]
    /// What differs, or what the object says; empty for a mere deletion.
    package var content: PresentedContent

    /// What tells it from all other items.
    var key: String { environment.map { "\($0) \(id)" } ?? id }
}

/// What is below an item, in its raw form: lines are made of it only for what is shown.
package enum PresentedContent: Sendable {
    case none
    /// The object that comes or goes.
    case whole(Value)
    /// The fields that differ; `object` helps to name items of lists by their keys.
    case fields([FieldDifference], object: Value?)
    case lines([PresentedLine])
}

/// What happens to an object, a field or a line.
package enum PresentedMark: Hashable, Sendable {
    case added
    case removed
    case changed
    case replaced
    case same

    /// Terraform's sign.
    package var sign: String {
        switch self {
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        case .replaced: "-/+"
        case .same: " "
        }
    }

    init(_ action: ChangeAction) {
        switch action {
        case .create: self = .added
        case .update: self = .changed
        case .replace: self = .replaced
        case .delete: self = .removed
        case .noOp: self = .same
        }
    }
}

/// A line below an item. Its texts hold nothing that acts on a screen.
package enum PresentedLine: Hashable, Sendable {
    /// A field whose values stand on the line. `pointer` is its JSON Pointer.
    case field(mark: PresentedMark, name: String, pointer: String, before: String?, after: String?, origin: String?)
    /// A field whose lines follow.
    case block(mark: PresentedMark, name: String, pointer: String, origin: String?)
    /// A line of a text or of an object.
    case text(PresentedMark, String)
    /// Lines that are not shown: `… 12 unchanged lines`.
    case gap(String)
    case note(String)

    /// The line without colours.
    var text: String {
        switch self {
        case .field(let mark, let name, _, let before, let after, let origin):
            let values = [before, after].compactMap { $0 }.joined(separator: " -> ")
            return "\(mark.sign) \(name): \(values)\(origin.map { "  [\($0)]" } ?? "")"
        case .block(let mark, let name, _, let origin): return "\(mark.sign) \(name):\(origin.map { "  [\($0)]" } ?? "")"
        case .text(let mark, let text): return "  \(mark.sign) \(text)"
        case .gap(let text): return "  … \(text)"
        case .note(let text): return text
        }
    }
}

extension Presentation {
    package typealias Item = PresentedItem
}
