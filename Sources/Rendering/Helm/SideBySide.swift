internal import Manifests
internal import Synchronization
internal import Threads

/// Runs the same work on many items, on several processors.
enum SideBySide {
    /// How many threads work at the most: what is done here is mostly memory's work, which more do not speed up.
    private static let threadsMax = 4
    /// How much stack a thread has: parsers nest, with bounds of their own.
    private static let stackBytes = 64 << 20
    /// From how many bytes of text on a thread earns its start.
    private static let bytesMin = 16 << 10

    /// The results in the order of the items, whatever the order in which they were done.
    /// - Parameter bytes: how much text there is to work on in all.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], bytes: Int, _ work: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
        let count = min(threadsMax, BoundedTasks.processors, bytes / bytesMin, items.count)
        guard count > 1 else { return items.map(work) }
        let share = Share(items, work)
        let helpers = (1..<count).compactMap { _ in try? SystemThread(stackBytes: stackBytes) { share.run() } }
        share.run()
        for helper in helpers { helper.join() }
        return share.results
    }

    /// What the threads of one call work on.
    private final class Share<Item: Sendable, Result: Sendable>: Sendable {
        private let items: [Item]
        private let work: @Sendable (Item) -> Result
        private let next = Atomic(0)
        private let done: Mutex<[Result?]>

        init(_ items: [Item], _ work: @escaping @Sendable (Item) -> Result) {
            self.items = items
            self.work = work
            done = Mutex(Array(repeating: nil, count: items.count))
        }

        /// Does what is left, one item after the other.
        func run() {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < items.count else { return }
                let result = work(items[index])
                done.withLock { $0[index] = result }
            }
        }

        /// Each result; the threads have ended.
        var results: [Result] { done.withLock { $0.compactMap(\.self) } }
    }
}
