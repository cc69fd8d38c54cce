/// How many requests of which sort were made, and what came of it.
package struct RequestStatistics: Hashable, Sendable {
    package var discovery = 0
    package var get = 0
    /// Pages of lists.
    package var list = 0
    package var dryRun = 0
    package var apply = 0
    package var create = 0
    /// PUT and PATCH.
    package var update = 0
    package var delete = 0
    /// Tries after the first.
    package var retries = 0
    /// Answers with status 429.
    package var throttled = 0
    /// Bytes of answers, decompressed.
    package var bytesReceived = 0

    package init() {}

    /// All requests but for the retries.
    package var total: Int { discovery + get + list + dryRun + apply + create + update + delete }
}
