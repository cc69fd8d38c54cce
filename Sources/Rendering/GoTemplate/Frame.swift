/// The variables of one run of a template.
final class Frame {
    var slots: [GoValue]

    init(_ template: Template, dot: GoValue) {
        slots = Array(repeating: .invalid, count: template.slotCount)
        slots[0] = dot
    }
}
