import Manifests
import Synchronization

/// Decides which requests go wrong, and counts all of them.
final class FaultInjector: Sendable {
    struct Decision: Sendable {
        var action: FaultRule.Action = .pass
        var delay: Duration = .zero
        var retryAfterSeconds: Int?
    }

    private struct Armed {
        var rule: FaultRule
        var matches = 0
        var hits = 0
    }

    private struct State {
        var rules: [Armed] = []
        var counts: [String: Int] = [:]
        var random: UInt64
    }

    private let state: Mutex<State>
    /// How many different paths are counted apart; what comes after is counted as `other`.
    private static let pathsMax = 20_000

    init(rules: [FaultRule], seed: UInt64) {
        state = Mutex(State(rules: rules.map { Armed(rule: $0) }, random: seed))
    }

    /// Counts a request and says what shall happen to it. The first rule that applies decides.
    func decide(method: String, target: String, path: String) -> Decision {
        state.withLock { state in
            let key = "\(method) \(path)"
            if state.counts[key] != nil || state.counts.count < Self.pathsMax {
                state.counts[key, default: 0] += 1
            } else {
                state.counts["\(method) other", default: 0] += 1
            }
            for index in state.rules.indices where Self.applies(&state.rules[index], method, target, &state.random) {
                let rule = state.rules[index].rule
                return Decision(action: rule.action, delay: rule.delay, retryAfterSeconds: rule.retryAfterSeconds)
            }
            return Decision()
        }
    }

    private static func applies(_ armed: inout Armed, _ method: String, _ target: String, _ random: inout UInt64) -> Bool {
        let rule = armed.rule
        if let times = rule.times, armed.hits >= times { return false }
        guard rule.method == "*" || rule.method == method, let regex = try? Regex(rule.pattern),
            (try? regex.wholeMatch(in: target)) != nil
        else { return false }
        armed.matches += 1
        if armed.matches <= rule.skipped { return false }
        if rule.probability < 1, next(&random) >= rule.probability { return false }
        armed.hits += 1
        return true
    }

    /// SplitMix64, as a number from 0 up to 1.
    private static func next(_ state: inout UInt64) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
    }

    // MARK: the admin endpoint

    /// Answers `/_sandbox/faults` and `/_sandbox/requests`; `nil` for other paths.
    func administrate(_ request: APIRequest) -> APIResponse? {
        guard request.segments.first == "_sandbox", request.segments.count == 2 else { return nil }
        switch (request.method, request.segments[1]) {
        case ("GET", "faults"): return json(faults)
        case ("POST", "faults"):
            do {
                let rules = try Self.rules(in: request.body)
                state.withLock { $0.rules += rules.map { Armed(rule: $0) } }
                return json(faults)
            } catch { return APIServer.response(to: .badRequest(error.message)) }
        case ("DELETE", "faults"):
            state.withLock { $0.rules = [] }
            return json(faults)
        case ("GET", "requests"): return json(requests)
        case ("DELETE", "requests"):
            state.withLock { $0.counts = [:] }
            return json(requests)
        default: return nil
        }
    }

    /// Rules one a line; empty lines and those that begin with `#` are skipped.
    private static func rules(in body: [UInt8]) throws(Diagnostic) -> [FaultRule] {
        var rules: [FaultRule] = []
        for line in String(decoding: body, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            rules.append(try FaultRule(parsing: String(line)))
        }
        return rules
    }

    private var faults: Value {
        state.withLock { state in
            [
                "faults": .array(
                    state.rules.map { ["rule": .string($0.rule.text), "matches": .int(Int64($0.matches)), "hits": .int(Int64($0.hits))] })
            ]
        }
    }

    private var requests: Value {
        let counts = state.withLock { $0.counts }
        let list = counts.sorted { $0.key < $1.key }.map { key, count -> Value in
            let halves = key.split(separator: " ", maxSplits: 1).map(String.init)
            return ["method": .string(halves[0]), "path": .string(halves.last ?? ""), "count": .int(Int64(count))]
        }
        return ["total": .int(Int64(counts.values.reduce(0, +))), "requests": .array(list)]
    }

    private func json(_ value: Value) -> APIResponse { APIResponse(status: 200, body: JSONWriter.compact(value)) }
}
