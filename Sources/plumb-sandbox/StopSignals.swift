#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGTERM and SIGINT end the server with 0. Whatever was answered is already written: there is nothing to flush.
enum StopSignals {
    static func install() {
        for number in [SIGTERM, SIGINT] { signal(number) { _ in _exit(0) } }
        // A client that goes away while it is being answered is no reason to end.
        signal(SIGPIPE, SIG_IGN)
    }
}
