/// What a command that is about to end leaves to the end of its process: to take a large chart or rendering apart, object by
/// object, takes a tenth of the time that it took to make, and the end of the process frees all of it at once.
enum ProcessLifetime {
    private final class Box<Value> {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    /// Keeps a value to the end. For what is made once in a run; nothing frees it before.
    static func keep<Value>(_ value: Value) { _ = Unmanaged.passRetained(Box(value)) }
}
