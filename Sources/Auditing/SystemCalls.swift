#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The calls by which bytes reach the disk, apart so that a test can make each of them fail at any point.
package struct SystemCalls: Sendable {
    /// `write(2)`: how many bytes were written, or -1 with `errno` set.
    package var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
    /// `fdatasync(2)`: 0, or -1 with `errno` set.
    package var synchronize: @Sendable (_ descriptor: Int32) -> Int32

    package init(
        write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Int = SystemCalls.systemWrite,
        synchronize: @escaping @Sendable (Int32) -> Int32 = SystemCalls.systemSynchronize
    ) {
        self.write = write
        self.synchronize = synchronize
    }

    package static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    package static func systemSynchronize(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            fdatasync(descriptor)
        #else
            fcntl(descriptor, F_FULLFSYNC)
        #endif
    }
}
