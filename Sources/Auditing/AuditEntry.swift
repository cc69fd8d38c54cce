package import Manifests

/// A record before it has its place in the chain.
package struct AuditEntry: Sendable {
    package var type: AuditRecordType
    package var runID: String
    package var environment: String
    package var fields: Object

    package init(_ type: AuditRecordType, runID: String, environment: String, fields: Object = Object()) {
        self.type = type
        self.runID = runID
        self.environment = environment
        self.fields = fields
    }

    /// The record's line without its newline: canonical JSON, so that the same record has one hash only.
    func line(after head: AuditHead, time: Timestamp) -> [UInt8] {
        var members = fields.members.filter { !AuditField.reserved.contains($0.key) }
        members.append(Member(key: AuditField.environment, value: .string(environment)))
        members.append(Member(key: AuditField.previous, value: .string(head.hash)))
        members.append(Member(key: AuditField.runID, value: .string(runID)))
        members.append(Member(key: AuditField.sequence, value: .int(Int64(head.sequence) + 1)))
        members.append(Member(key: AuditField.time, value: .string(time.rfc3339Microseconds)))
        members.append(Member(key: AuditField.type, value: .string(type.rawValue)))
        return JSONWriter.canonical(.object(Object(members)))
    }
}
