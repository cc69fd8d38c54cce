import Manifests
import Synchronization

/// The key of a built kustomization.
struct BuiltKey: Hashable, Sendable {
    var key: KustomizationGraph.Key
    var origin: Origin?
}

/// The bases of a build that are built and not yet used by all that use them.
///
/// Who asks last gets a base for himself and changes its objects in place; a base that is kept would have them copied.
final class BuiltBases: Sendable {
    private struct Base {
        var accumulator: Accumulator
        var uses: Int
    }

    private let bases = Mutex<[BuiltKey: Base]>([:])

    func add(_ accumulator: Accumulator, _ key: BuiltKey, uses: Int) {
        bases.withLock { $0[key] = Base(accumulator: accumulator, uses: uses) }
    }

    func take(_ key: BuiltKey) -> Accumulator? {
        bases.withLock { bases in
            guard let index = bases.index(forKey: key) else { return nil }
            bases.values[index].uses -= 1
            guard bases.values[index].uses <= 0 else { return bases.values[index].accumulator }
            return bases.remove(at: index).value.accumulator
        }
    }
}

/// Hands a value over to work that runs side by side, so that nobody else holds on to it.
final class Handover<Element: Sendable>: Sendable {
    private let value: Mutex<Element?>

    init(_ value: consuming Element) { self.value = Mutex(value) }

    /// The value, the first time.
    func take() -> Element? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
