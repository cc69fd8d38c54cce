internal import Manifests
internal import Synchronization

/// Renders a release whose templates look at live objects.
///
/// Templates run without waiting for anything: what is not known yet is found empty and noted. What was noted is then asked
/// of the target, all at once, and the templates run again, until nothing new is asked for. A rendering that was not told
/// all it asked for counts for nothing, its errors included.
struct LiveRendering: Sendable {
    let chart: HelmChart
    let release: HelmRelease
    let source: any LiveObjects

    /// Objects that are looked up by what others say: more rounds than this are a template that makes up new names for ever.
    private static let roundsMax = 20
    private static let requestsMax = 8

    /// - Throws: `Diagnostic`, without a secret value that was looked up.
    func run() async throws -> (output: HelmOutput, answers: [LiveAnswer]) {
        var known: [LiveQuestion: KnownAnswers.Answer] = [:]
        for _ in 0..<Self.roundsMax {
            let answers = KnownAnswers(known)
            let result = Result { try render(answers) }
            let missing = answers.missing
            guard !missing.isEmpty else {
                let used = answers.used
                do { return (try result.get(), used) } catch let fault as Diagnostic {
                    throw fault.redacted(SecretTexts(of: used.map(\.value)))
                }
            }
            let source = source
            let found = try await BoundedTasks.map(missing, limit: Self.requestsMax) { question -> KnownAnswers.Answer in
                do { return .value(try await source.answer(question)) } catch let fault as Diagnostic { return .fault(fault.description) }
            }
            for (question, answer) in zip(missing, found) { known[question] = answer }
        }
        throw Diagnostic("the templates look up objects by what others say in more than \(Self.roundsMax) steps")
    }

    /// The rendering with other values in place of the secret ones, and what is told of it; `nil` when there is none.
    func shadow(_ answers: [LiveAnswer]) -> HelmOutput? {
        let shadowed = answers.map { ($0.question, KnownAnswers.Answer.value(SecretTexts.shadowed($0.value))) }
        return try? render(KnownAnswers(Dictionary(shadowed) { first, _ in first }))
    }

    /// The same rendering once more: what differs is random.
    func repeated(_ answers: [LiveAnswer]) -> HelmOutput? {
        let known = answers.map { ($0.question, KnownAnswers.Answer.value($0.value)) }
        return try? render(KnownAnswers(Dictionary(known) { first, _ in first }))
    }

    private func render(_ answers: KnownAnswers) throws -> HelmOutput {
        try HelmRenderer.render(chart, release) { try answers.answer(LiveQuestion(apiVersion: $0, kind: $1, namespace: $2, name: $3)) }
    }
}

/// What is known of the target while templates run, and what they asked for.
private final class KnownAnswers: Sendable {
    enum Answer: Sendable {
        case value(Value)
        /// Why it is not to be had: an error where a template asks for it.
        case fault(String)
    }

    private let known: [LiveQuestion: Answer]
    private let asked = Mutex<[LiveQuestion]>([])

    init(_ known: [LiveQuestion: Answer]) { self.known = known }

    func answer(_ question: LiveQuestion) throws -> Value {
        asked.withLock { if !$0.contains(question) { $0.append(question) } }
        switch known[question] {
        case .value(let value): return value
        case .fault(let reason): throw GoError(reason)
        case nil: return .object(Object())
        }
    }

    var missing: [LiveQuestion] { asked.withLock { $0 }.filter { known[$0] == nil } }

    var used: [LiveAnswer] {
        asked.withLock { $0 }.compactMap { question in
            guard case .value(let value)? = known[question] else { return nil }
            return LiveAnswer(question: question, value: value)
        }
    }
}
