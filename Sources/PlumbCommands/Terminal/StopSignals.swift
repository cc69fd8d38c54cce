internal import Applying

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// SIGINT and SIGTERM while a plan is applied: nothing new starts, what is under way is finished and recorded.
enum StopSignals {
    static let stop = StopSignal()

    /// Takes the signals over. A handler may do no more than set an atomic number.
    static func listen() -> StopSignal {
        let stop = self.stop
        let handler: @convention(c) (Int32) -> Void = { number in StopSignals.stop.raise(signal: number) }
        signal(SIGINT, handler)
        signal(SIGTERM, handler)
        return stop
    }

    /// A reader that goes away must not kill a run.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
