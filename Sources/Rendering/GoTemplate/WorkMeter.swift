#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What a rendering has used up: time, memory, and how deep its values may nest.
///
/// The rendering's thread carries it, so that what walks over values (printing, comparing, copying, matching) need not be
/// handed it. What finds itself stopped returns whatever it likes: the evaluator looks at `fault` after each call.
package final class WorkMeter {
    /// Why the rendering must end; `nil` while it may go on.
    private(set) var fault: String?

    private let limits: EvaluationLimits
    private let deadline: Double
    private let residentAtStart: Int
    private var unitsUntilCheck = WorkMeter.unitsBetweenChecks
    private var bytesUntilCheck = WorkMeter.bytesBetweenChecks
    private var nestings = 0

    private static let unitsBetweenChecks = 4096
    private static let bytesBetweenChecks = 16 << 20

    init(_ limits: EvaluationLimits) {
        self.limits = limits
        deadline = Self.seconds() + limits.secondsMax
        residentAtStart = ResidentMemory.bytes
    }

    var outputBytesMax: Int { limits.outputBytesMax }
    var textBytesMax: Int { limits.textBytesMax }
    var elementsMax: Int { limits.elementsMax }

    /// Ends the rendering for a reason of the caller's.
    func stop(_ reason: String) { if fault == nil { fault = reason } }

    /// Counts small pieces of work, such as an element looked at.
    /// - Returns: whether the rendering may go on.
    @inline(__always) func spend(_ units: Int) -> Bool {
        unitsUntilCheck &-= units
        if unitsUntilCheck <= 0 { checkTime() }
        return fault == nil
    }

    /// Counts a piece of work that may take long by itself, such as a key that is made.
    func spendMuch() { checkTime() }

    /// Counts bytes that a function made. What is freed is not told, so this only says when to look how much memory the
    /// process has.
    func allocate(_ bytes: Int) {
        bytesUntilCheck &-= bytes
        if bytesUntilCheck <= 0 { checkMemory() }
    }

    /// Counts values that were put into a list or map. Values that nest without end are freed by calls as deep as they nest.
    func nest() {
        nestings += 1
        if nestings > limits.nestingsMax { stop("lists and maps are put into others more than \(limits.nestingsMax) times") }
    }

    private func checkTime() {
        unitsUntilCheck = Self.unitsBetweenChecks
        if Self.seconds() > deadline { stop("rendering takes longer than \(Int(limits.secondsMax)) seconds") }
    }

    private func checkMemory() {
        bytesUntilCheck = Self.bytesBetweenChecks
        if ResidentMemory.bytes - residentAtStart > limits.memoryBytesMax {
            stop("rendering takes more than \(limits.memoryBytesMax >> 20) MiB of memory")
        }
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    // MARK: The thread's meter

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    /// The meter of the rendering that runs on this thread; `nil` outside of one.
    package static var current: WorkMeter? {
        guard let key, let pointer = pthread_getspecific(key) else { return nil }
        return Unmanaged<WorkMeter>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Runs the body as the rendering that this meter counts.
    func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let key = Self.key else { return try body() }
        let outer = pthread_getspecific(key)
        pthread_setspecific(key, Unmanaged.passUnretained(self).toOpaque())
        defer { pthread_setspecific(key, outer) }
        return try body()
    }
}
