/// How much is shown.
package struct PresentationOptions: Hashable, Sendable {
    package enum Detail: String, Sendable {
        /// One line for each object.
        case summary
        /// Objects that change in the same way, and a long plan's rest, are counted instead of shown.
        case folded
        /// Everything.
        case full
    }

    package var detail: Detail
    /// How many equal lines stand around a changed line of a text.
    package var contextLines: Int

    package init(detail: Detail = .folded, contextLines: Int = 2) {
        self.detail = detail
        self.contextLines = contextLines
    }

    /// How many lines of a new object, or of a new value, are shown; `nil` for all.
    var contentLinesMax: Int? { detail == .full ? nil : 24 }
    /// How many lines of one object's differences are shown; `nil` for all.
    var itemLinesMax: Int? { detail == .full ? nil : 200 }
    /// How many objects are shown with their fields before folding begins.
    static let itemsMax = 60
    /// How many alike are counted instead of shown.
    static let foldMin = 4
    /// How many names of a fold are shown.
    static let foldNames = 3
}
