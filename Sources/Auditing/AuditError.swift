package import Manifests

/// Why the log cannot be opened, read or written. The file's path is part of the message.
package struct AuditError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A call to the system failed: disk full, no permission, input/output error.
        case system(errno: Int32)
        /// The file at the path is no audit log; it was left as it is.
        case notALog
        /// The file was replaced, removed or shortened by something else while it was open.
        case replaced
        /// Another process held the file's lock for too long.
        case locked
        /// The log was closed before the record was given to it.
        case closed
    }

    package var kind: Kind
    package var path: String
    package var message: String
    package var advice: String?

    package var diagnostic: Diagnostic {
        Diagnostic("\(path): \(message)", advice: advice)
    }
}

extension AuditError: CustomStringConvertible {
    package var description: String { diagnostic.description }
}
