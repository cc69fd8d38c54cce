package import Manifests

/// One object with what it comes after.
package struct OrderedObject: Sendable {
    package var reference: ObjectReference
    /// Must stand before this one when they are made in the same plan, and go after this one when both are deleted.
    package var needs: [Need]
    /// Where it belongs by its hook and wave.
    package var place: ChangePlace
    package var isDeletion: Bool
    /// It is not there yet: whatever refers to it cannot work before it is made.
    package var isNew: Bool
    package var source: SourcePosition?

    package init(
        reference: ObjectReference, needs: [Need], place: ChangePlace = ChangePlace(), isDeletion: Bool = false, isNew: Bool = true,
        source: SourcePosition? = nil
    ) {
        self.reference = reference
        self.needs = needs
        self.place = place
        self.isDeletion = isDeletion
        self.isNew = isNew
        self.source = source
    }
}
