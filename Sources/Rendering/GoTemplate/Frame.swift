/// The variables of one run of a template.
final class Frame {
    var slots: [GoValue]
    /// Whether dot is an element of a list or map that holds anything: errors then tell no more of its type.
    var dotIsInterface = false

    init(_ template: Template, dot: GoValue) {
        slots = Array(repeating: .invalid, count: template.slotCount)
        slots[0] = dot
    }
}
