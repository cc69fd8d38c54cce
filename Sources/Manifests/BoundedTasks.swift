#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Independent work side by side, so many at a time, with results in the order of the input.
package enum BoundedTasks {
    /// The limit for work that computes and seldom waits. With more of it in line at once, what does wait, such as for a
    /// server, would come to its turn only when all of it is done.
    package static let processors = max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// Calls `work` for every element, at most `limit` at a time.
    /// - Throws: The error of the first element, in the order of the input, whose work failed; the rest is cancelled.
    package static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], limit: Int, _ work: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: elements.count)
            var next = 0
            while next < elements.count, next < limit {
                let (index, element) = (next, elements[next])
                group.addTask { (index, try await work(element)) }
                next += 1
            }
            while let (index, result) = try await group.next() {
                results[index] = result
                if next < elements.count {
                    let (index, element) = (next, elements[next])
                    group.addTask { (index, try await work(element)) }
                    next += 1
                }
            }
            return results.compactMap { $0 }
        }
    }
}
