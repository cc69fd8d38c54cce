/// A stack from whose top runs of elements are moved out as arrays of exactly their size.
///
/// Parsers push the children of every open collection onto one such stack; taking them moves them without a copy and
/// leaves no spare capacity behind, which halves the memory of a large tree against growing an array per collection.
struct ScratchStack<Element>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 64) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    mutating func push(_ element: consuming Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count += 1
    }

    /// Moves everything from `start` to the top into an array.
    mutating func take(from start: Int) -> [Element] {
        let taken = count - start
        guard taken > 0 else { return [] }
        let source = base + start
        count = start
        return Array(unsafeUninitializedCapacity: taken) { buffer, initialized in
            buffer.baseAddress!.moveInitialize(from: source, count: taken)
            initialized = taken
        }
    }

    /// Calls `body` for the elements from `start` to the top until it returns true; tells whether it did.
    func contains(from start: Int, where body: (borrowing Element) -> Bool) -> Bool {
        for index in start..<count where body(base[index]) { return true }
        return false
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}
