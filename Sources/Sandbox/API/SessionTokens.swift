import Synchronization

/// Tokens that hold for a while besides the one that always does: what a credential plugin hands out.
final class SessionTokens: Sendable {
    /// How many more requests each is taken for; `nil` for any number.
    private let left = Mutex<[String: Int?]>([:])

    /// Takes tokens up: one a line, each with how many requests it is taken for, or without (`TOKEN xN`).
    /// - Throws: `APIError` for a line that is none.
    func add(_ lines: String) throws(APIError) {
        var found: [(token: String, uses: Int?)] = []
        for line in lines.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            let uses = words.count == 2 && words[1].hasPrefix("x") ? Int(words[1].dropFirst()) : nil
            guard words.count == 1 || uses != nil else {
                throw .badRequest("'TOKEN' or 'TOKEN xN' is wanted in each line")
            }
            found.append((String(words[0]), uses))
        }
        left.withLock { left in for (token, uses) in found { left.updateValue(uses, forKey: token) } }
    }

    /// Whether a request with the token is let in, which uses it once.
    func use(_ token: some StringProtocol) -> Bool {
        left.withLock { left in
            guard let uses = left[String(token)] else { return false }
            guard let uses else { return true }
            guard uses > 0 else { return false }
            left.updateValue(uses - 1, forKey: String(token))
            return true
        }
    }
}
