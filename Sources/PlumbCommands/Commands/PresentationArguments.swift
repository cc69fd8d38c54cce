internal import ArgumentParser
internal import Planning

/// The forms in which plans and differences are printed.
enum PlanFormat: String, WordArgument {
    case text
    case json
    case markdown
    case html
    case dot
}

/// In which form and how much of it is printed.
package struct PresentationArguments: ParsableArguments {
    @Option(name: .long, help: "text, json, markdown (for a pull request), html (one page) or dot (the dependency graph).")
    var format: PlanFormat = .text

    @Flag(name: .long, help: "Show every change with all its lines; so does --verbose.")
    var full = false

    @Flag(name: .long, help: "Show a line for each change and nothing below it.")
    var summary = false

    @Option(
        name: [.customShort("U"), .long],
        help: ArgumentHelp("The unchanged lines around a changed line of a text.", valueName: "n"))
    var unified = 2

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The size of the markdown: GitHub takes \(PresentationMarkdown.bytesMaxDefault), GitLab 1000000.", valueName: "n"))
    var maxBytes = PresentationMarkdown.bytesMaxDefault

    package init() {}

    package func validate() throws {
        if full, summary { throw ValidationError("--full and --summary exclude each other") }
        guard (0...10_000).contains(unified) else { throw ValidationError("--unified takes a number from 0 to 10000") }
        guard maxBytes >= PresentationMarkdown.bytesMaxSmallest else {
            throw ValidationError("--max-bytes takes a number from \(PresentationMarkdown.bytesMaxSmallest)")
        }
    }

    /// Prints in the form that was asked for.
    /// - Parameter json: The bytes of the form for machines.
    func print(_ presentation: Presentation, json: @autoclosure () -> [UInt8], options global: GlobalOptions, on console: Console) {
        let options = PresentationOptions(
            detail: summary ? .summary : full || global.verbose ? .full : .folded, contextLines: unified)
        switch global.json ? .json : format {
        case .text: console.output(PresentationText(isColored: console.outputStyle.isColored, options: options).text(presentation))
        case .json: console.output(json())
        case .markdown: console.output(PresentationMarkdown(options: options, bytesMax: maxBytes).text(presentation))
        case .html: console.output(HTMLPage(options: options).bytes(presentation))
        case .dot: console.output(PresentationDot.text(presentation))
        }
    }
}
