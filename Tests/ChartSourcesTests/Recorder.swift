import Synchronization

/// What a server saw.
final class Recorder: Sendable {
    private let all = Mutex<[String]>([])

    func note(_ text: String) { all.withLock { $0.append(text) } }
    var notes: [String] { all.withLock { $0 } }
}
