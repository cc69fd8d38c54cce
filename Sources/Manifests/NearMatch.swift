/// Finds what a misspelt word was probably meant to be.
package enum NearMatch {
    /// Returns up to `limit` candidates at the least edit distance first; none that differ in more than a third of the word.
    package static func candidates(for word: String, among known: some Sequence<String>, limit: Int = 1) -> [String] {
        let bound = max(1, word.utf8.count / 3)
        var ranked: [(distance: Int, word: String)] = []
        for candidate in known where abs(candidate.utf8.count - word.utf8.count) <= bound {
            let distance = distance(Array(word.lowercased().utf8), Array(candidate.lowercased().utf8))
            if distance <= bound { ranked.append((distance, candidate)) }
        }
        ranked.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.word < $1.word }
        return ranked.prefix(limit).map(\.word)
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if left.isEmpty { return right.count }
        var row = Array(0...right.count)
        for (i, leftByte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, rightByte) in right.enumerated() {
                let substituted = diagonal + (leftByte == rightByte ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
