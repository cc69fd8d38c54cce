/// An object that is not kept but run: made anew at a certain moment of an apply that has changes, waited for until it has
/// succeeded, and taken away as its policies say. In Argo CD's words; Helm's hooks are read as Argo CD reads them.
package struct Hook: Hashable, Sendable {
    /// When the object is deleted.
    package enum DeletePolicy: String, CaseIterable, Sendable {
        /// At the end of a run in which it succeeded.
        case hookSucceeded = "HookSucceeded"
        /// At the end of a run in which it failed.
        case hookFailed = "HookFailed"
        /// Before it is made anew: what holds when nothing is said.
        case beforeHookCreation = "BeforeHookCreation"
    }

    package var deletePolicies: [DeletePolicy]
    /// Whether it runs in several phases, each as a change of its own.
    package var isRepeated: Bool

    package init(deletePolicies: [DeletePolicy] = [.beforeHookCreation], isRepeated: Bool = false) {
        self.deletePolicies = deletePolicies
        self.isRepeated = isRepeated
    }

    package func deletes(_ policy: DeletePolicy) -> Bool { deletePolicies.contains(policy) }
}
