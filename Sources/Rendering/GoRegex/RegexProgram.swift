/// A compiled regular expression: instructions for `RegexMachine`.
struct RegexProgram: Sendable {
    enum Operation: UInt8 {
        /// One scalar, the argument.
        case scalar
        case any
        case anyButNewline
        /// A scalar of the set with the argument's number.
        case set
        /// Goes on at `next`, or else at `alternative`.
        case split
        /// Records the place in the slot with the argument's number.
        case save
        /// Goes on where the assertion with the argument's raw value holds.
        case assertion
        case jump
        case match
    }

    struct Instruction {
        var operation: Operation
        var argument: UInt32 = 0
        var next: Int32 = -1
        var alternative: Int32 = -1
    }

    var instructions: [Instruction] = []
    var sets: [RegexSet] = []
    /// Two slots for each group, the whole match first.
    var slotCount = 2
    /// The text that every match begins with; empty when it is not known.
    var prefix: [UInt8] = []
    /// Whether a match can begin at the text's start alone.
    var isAnchored = false
}
