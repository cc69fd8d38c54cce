internal import Manifests

/// How many objects one apply may delete.
package enum DeletionLimit: Hashable, Sendable {
    case number(Int)
    /// Of the objects in the inventory.
    case percentage(Int)
    /// Half of the inventory, and never fewer than five objects.
    case standard

    /// Reads `10`, `10%`.
    package init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let percentage = Int(text.dropLast()), (0...100).contains(percentage) else { return nil }
            self = .percentage(percentage)
        } else {
            guard let number = Int(text), number >= 0 else { return nil }
            self = .number(number)
        }
    }

    /// The number for an inventory of `count` objects.
    package func maximum(of count: Int) -> Int {
        switch self {
        case .number(let number): number
        case .percentage(let percentage): count * percentage / 100
        case .standard: max(5, count / 2)
        }
    }
}
