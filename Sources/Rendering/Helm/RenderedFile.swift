/// What one file of a chart wrote.
struct RenderedFile {
    let path: String
    /// The text without the engine's mark for missing values.
    let text: [UInt8]
    private let marks: [OutputMark]

    init(path: String, written: [UInt8], marks: [OutputMark]) {
        self.path = path
        text = NoValue.removed(from: written)
        // Places are told by the text as it was written; where something was taken out of it they would be wrong.
        self.marks = text.count == written.count ? marks : []
    }

    /// The line of the template that wrote a place of the text; 0 when it is not known.
    func line(of place: Int) -> Int {
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].offset <= place { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        return marks[low - 1].line(of: place, in: text)
    }
}
