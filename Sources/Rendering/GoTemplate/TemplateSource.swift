/// The text that templates were parsed from.
package final class TemplateSource: Sendable {
    /// What errors call it: the file's path below the chart's name.
    package let name: String
    let bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// `name:line:column`, the column counting bytes from 0, as Go has it.
    func location(_ position: Int) -> String {
        let before = bytes[..<min(position, bytes.count)]
        var line = 1
        var lineStart = 0
        for (index, byte) in before.enumerated() where byte == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return "\(name):\(line):\(before.count - lineStart)"
    }

    /// The line of a place, counted from 1.
    func line(_ position: Int) -> Int { 1 + bytes[..<min(position, bytes.count)].count { $0 == 0x0A } }
}
