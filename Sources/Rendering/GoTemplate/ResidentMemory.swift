#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How much memory the process has.
enum ResidentMemory {
    /// The bytes that are resident; on systems that do not tell, the most that ever were.
    static var bytes: Int {
        #if canImport(Glibc)
            let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return peak }
            defer { close(descriptor) }
            var text = [UInt8](repeating: 0, count: 128)
            let count = read(descriptor, &text, text.count)
            guard count > 0 else { return peak }
            // The second number counts pages.
            let fields = text[..<count].split(separator: 0x20)
            guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return peak }
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        #else
            return peak
        #endif
    }

    private static var peak: Int {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Int(usage.ru_maxrss) << 10
        #else
            getrusage(RUSAGE_SELF, &usage)
            return Int(usage.ru_maxrss)
        #endif
    }
}
