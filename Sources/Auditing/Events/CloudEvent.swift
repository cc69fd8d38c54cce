package import Manifests

/// A record of the log as a CloudEvent (CloudEvents 1.0, JSON format, structured mode).
package struct CloudEvent: Sendable {
    /// Unique, and the same each time the record is sent: the hash of its line.
    package var id: String
    package var sequence: Int
    package var value: Value

    package static let contentType = "application/cloudevents+json; charset=utf-8"

    /// - Parameter line: Of the log, without its newline; `nil` comes back when it is no record.
    init?(line: UnsafeRawBufferPointer) {
        guard let value = try? JSONParser.parse(line), let record = AuditRecord(value), let chain = ChainLine(line, source: 0, line: 0)
        else {
            return nil
        }
        id = chain.hash
        sequence = record.sequence
        var event: Object = [
            "specversion": "1.0", "id": .string(chain.hash), "type": .string("dev.plumb.\(record.type.rawValue)"),
            "source": .string("/plumb/environments/\(record.environment)"), "time": .string(record.time.rfc3339Microseconds),
            "datacontenttype": "application/json", "runid": .string(record.runID),
            // The extension "sequence": compared as text, so of one length.
            "sequence": .string(Self.padded(record.sequence)), "data": value,
        ]
        if let object = record.text(AuditField.object) { event["subject"] = .string(object) }
        self.value = .object(event)
    }

    package var body: [UInt8] { JSONWriter.canonical(value) }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}
