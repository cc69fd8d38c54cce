package import Manifests

/// One line of the log.
package struct AuditRecord: Sendable {
    package var time: Timestamp
    package var runID: String
    /// Counts the lines of the whole log from 1.
    package var sequence: Int
    package var type: AuditRecordType
    package var environment: String
    /// The hash of the line before, as it stands in this line.
    package var previous: String
    /// What the type adds, without what every record has.
    package var fields: Object

    /// Reads a line's value; `nil` when it is no record.
    package init?(_ value: Value) {
        guard case .object(let object) = value,
            case .string(let time)? = object[AuditField.time], let time = Timestamp(rfc3339: time),
            case .string(let runID)? = object[AuditField.runID],
            case .int(let sequence)? = object[AuditField.sequence], AuditHead.sequences ~= sequence,
            case .string(let type)? = object[AuditField.type], let type = AuditRecordType(rawValue: type),
            case .string(let environment)? = object[AuditField.environment],
            case .string(let previous)? = object[AuditField.previous]
        else { return nil }
        self.time = time
        self.runID = runID
        self.sequence = Int(sequence)
        self.type = type
        self.environment = environment
        self.previous = previous
        fields = Object(object.members.filter { !AuditField.reserved.contains($0.key) })
    }

    /// A field's text, when it has one.
    package func text(_ field: String) -> String? {
        guard case .string(let text)? = fields[field] else { return nil }
        return text
    }

    /// A field's whole number, when it has one.
    package func number(_ field: String) -> Int? {
        guard case .int(let number)? = fields[field] else { return nil }
        return Int(number)
    }
}
