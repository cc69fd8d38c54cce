/// A fault of the user's input, of the disk or of the server, as a person is told it: what is wrong, where, what to do.
///
/// `message` is lower case without a full stop. It never holds a secret's value, a token or a URL's password.
package struct Diagnostic: Error, Hashable, Sendable {
    package var message: String
    /// Where: a place in a file.
    package var position: SourcePosition?
    /// Where: the id of an object, such as `apps/Deployment/shop/web`.
    package var object: String?
    /// What to do about it.
    package var advice: String?

    package init(
        _ message: String, at position: SourcePosition? = nil, object: String? = nil, advice: String? = nil
    ) {
        self.message = message
        self.position = position
        self.object = object
        self.advice = advice
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `place: message`, and the advice on a second line, indented.
    package var description: String {
        var text = ""
        if let position { text += "\(position): " }
        if let object { text += "\(object): " }
        text += message
        if let advice {
            for line in advice.split(separator: "\n", omittingEmptySubsequences: false) { text += "\n  \(line)" }
        }
        return text
    }
}

/// Several independent faults, in stable order, reported together.
package struct Diagnostics: Error, Sendable {
    package var all: [Diagnostic]

    package init(_ all: [Diagnostic]) {
        precondition(!all.isEmpty, "an error without a diagnostic")
        self.all = all
    }
}

extension Diagnostics: CustomStringConvertible {
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
