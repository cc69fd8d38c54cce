internal import Manifests

/// What a reviewer must not overlook in a change: what cannot be taken back.
enum ChangeDanger {
    static func dangers(of change: Change) -> [String] {
        if change.hook != nil { return [] }
        return switch change.action {
        case .delete: deletion(of: change.reference.groupKind).map { [$0] } ?? []
        case .replace: ["it is deleted and made anew" + (deletion(of: change.reference.groupKind).map { ": \($0)" } ?? "")]
        case .create, .update, .noOp: []
        }
    }

    /// What goes with an object that is deleted.
    private static func deletion(of kind: GroupKind) -> String? {
        switch (kind.group, kind.kind) {
        case ("", "Namespace"): "everything in the namespace is deleted with it"
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): "all objects of its kind are deleted with it, in every namespace"
        case ("", "PersistentVolumeClaim"): "the data on its volume is lost unless the volume is retained"
        case ("", "PersistentVolume"): "the data on it is lost unless the volume is retained"
        default: nil
        }
    }
}
