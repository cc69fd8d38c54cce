/// A plan for people, in Terraform's signs.
package struct PlanText: Sendable {
    private let form: PresentationText

    /// - Parameter isColored: Whether to use a terminal's colours.
    package init(isColored: Bool, options: PresentationOptions = PresentationOptions()) {
        form = PresentationText(isColored: isColored, options: options)
    }

    package func text(_ plan: Plan) -> String { form.text(Presentation(plan)) }
}
