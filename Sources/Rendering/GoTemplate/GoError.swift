/// An error of a template's execution or of a function, with the error that caused it, in Go's words.
package final class GoError: Error {
    /// The whole text, the cause's included.
    package let message: String
    package let cause: GoError?
    /// Whether the engine itself worded it with template and place (an `ExecError`).
    package let isExecution: Bool

    package init(_ message: String, cause: GoError? = nil, isExecution: Bool = false) {
        self.message = message
        self.cause = cause
        self.isExecution = isExecution
    }

    /// Any error as one of these.
    package static func wrapping(_ error: any Error) -> GoError {
        (error as? GoError) ?? GoError("\(error)")
    }
}

extension GoError: CustomStringConvertible {
    package var description: String { message }
}
