internal import Manifests

/// Puts the results of independent work together: all values, or all faults in order.
package enum ResultCollection {
    package static func values<Success>(_ results: [Result<Success, any Error>]) throws -> [Success] {
        var values: [Success] = []
        var faults: [Diagnostic] = []
        for result in results {
            switch result {
            case .success(let value): values.append(value)
            case .failure(let error as Diagnostic): faults.append(error)
            case .failure(let error as Diagnostics): faults += error.all
            case .failure(let error): throw error
            }
        }
        if faults.count == 1 { throw faults[0] }
        if !faults.isEmpty { throw Diagnostics(faults) }
        return values
    }
}
