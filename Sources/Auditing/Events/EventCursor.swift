internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How far a log was sent to a receiver, in a file beside the log. The log itself is the spool: nothing is kept twice.
struct EventCursor: Sendable {
    let path: String
    /// Which log it is: another one at the same path begins anew.
    let log: String

    /// - Parameter receiver: What tells one receiver from another, such as its URL.
    init(log path: String, id: String, receiver: String) {
        let digest = LineHash.text(of: Array(receiver.utf8)).prefix(8)
        self.path = "\(path).sent-\(digest)"
        log = id
    }

    /// The number of the last record that was taken; `nil` when nothing is known.
    func read() -> Int? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = fread(&buffer, 1, buffer.count, file)
        guard let value = try? JSONParser.parse(Array(buffer[..<count])), value["log"]?.string == log,
            let sequence = value["sequence"]?.int
        else { return nil }
        return Int(clamping: sequence)
    }

    /// Whole or not at all. That it is lost is no harm: records are sent again, under the same ids.
    func write(_ sequence: Int) {
        let neighbour = "\(path).new"
        guard let file = fopen(neighbour, "we") else { return }
        let bytes = JSONWriter.canonical(["log": .string(log), "sequence": .int(Int64(sequence))])
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { return }
        rename(neighbour, path)
    }
}
