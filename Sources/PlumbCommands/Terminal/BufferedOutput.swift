/// Many short lines for standard output, written in few pieces.
final class BufferedOutput {
    private static let bytesMax = 1 << 16
    private let console: Console
    private var bytes: [UInt8] = []

    init(_ console: Console) { self.console = console }

    func line(_ text: String) {
        bytes += text.utf8
        end()
    }

    func line(_ text: UnsafeRawBufferPointer) {
        bytes += text
        end()
    }

    private func end() {
        bytes.append(0x0A)
        if bytes.count >= Self.bytesMax { flush() }
    }

    /// Writes what is left. Nothing is written by itself at the end.
    func flush() {
        console.output(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
