/// Where in the output what a node of a template wrote begins.
package struct OutputMark {
    package var offset: Int
    let node: Unmanaged<TemplateNode>

    /// The template's line for a place of the output at or after the mark, and before the next.
    /// - Parameter output: what was written, the mark's offset included.
    func line(of place: Int, in output: [UInt8]) -> Int {
        let node = node.takeUnretainedValue()
        let line = node.source.line(node.position)
        // What an action writes comes from one place; text goes on line by line.
        guard node is TextNode, place > offset, place <= output.count else { return line }
        return line + output[offset..<place].count { $0 == 0x0A }
    }
}
