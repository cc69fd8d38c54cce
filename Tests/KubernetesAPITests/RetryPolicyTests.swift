import HTTP
import KubernetesAPI
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var error: APIError
        var isIdempotent = true
        var tries = 1
        var hasAnswered = true
        var elapsed = Duration.zero
        var isRetried: Bool
        var testDescription: String { name }
    }

    private static func status(_ status: Int, reason: String = "X", after: Duration? = nil) -> APIError {
        APIError(status: status, reason: reason, message: "", isStatusObject: true, retryAfter: after)
    }

    private static func transport(_ kind: HTTPError.Kind, sent: Bool = false) -> APIError {
        APIError(status: 0, message: "", transport: HTTPError(kind, "", mayHaveReachedServer: sent))
    }

    @Test(arguments: [
        Case(name: "429 of a read", error: status(429), isRetried: true),
        Case(name: "429 of a create", error: status(429), isIdempotent: false, isRetried: true),
        Case(name: "503 of a read", error: status(503), isRetried: true),
        Case(name: "503 of a create", error: status(503), isIdempotent: false, isRetried: false),
        Case(name: "503 of a create, with Retry-After", error: status(503, after: .seconds(1)), isIdempotent: false, isRetried: true),
        Case(name: "504 of an apply", error: status(504), isRetried: true),
        Case(name: "504 of a create", error: status(504, after: .seconds(1)), isIdempotent: false, isRetried: false),
        Case(name: "500 once", error: status(500), isRetried: true),
        Case(name: "500 three times", error: status(500), tries: 3, isRetried: false),
        Case(name: "500 three times, with Retry-After", error: status(500, after: .seconds(1)), tries: 3, isRetried: true),
        Case(name: "500 of the server itself, without a reason", error: status(500, reason: ""), isRetried: false),
        Case(name: "404", error: status(404), isRetried: false),
        Case(name: "409", error: status(409), isRetried: false),
        Case(name: "422", error: status(422), isRetried: false),
        Case(name: "Retry-After beyond the deadline", error: status(429, after: .seconds(90)), isRetried: false),
        Case(name: "deadline passed", error: status(503), elapsed: .seconds(60), isRetried: false),
        Case(name: "reset read", error: transport(.reset, sent: true), isRetried: true),
        Case(name: "reset create that may have arrived", error: transport(.reset, sent: true), isIdempotent: false, isRetried: false),
        Case(name: "reset create that has not arrived", error: transport(.reset), isIdempotent: false, isRetried: true),
        Case(name: "timed out read", error: transport(.timedOut, sent: true), isRetried: true),
        Case(name: "refused at first", error: transport(.couldNotConnect), hasAnswered: false, isRetried: false),
        Case(name: "refused later: a restart", error: transport(.couldNotConnect), isRetried: true),
        Case(name: "refused later, a create", error: transport(.couldNotConnect), isIdempotent: false, isRetried: true),
        Case(name: "unknown authority", error: transport(.untrustedCertificate), isRetried: false),
        Case(name: "wrong name", error: transport(.nameMismatch), isRetried: false),
        Case(name: "cancelled", error: transport(.cancelled), isRetried: false),
        Case(name: "too large", error: transport(.tooLarge, sent: true), isRetried: false),
    ])
    func decisions(_ test: Case) {
        let delay = RetryPolicy.delay(
            RetryPolicy.Situation(
                error: test.error, tries: test.tries, isIdempotent: test.isIdempotent, hasAnsweredBefore: test.hasAnswered,
                elapsed: test.elapsed, deadline: .seconds(60)))
        #expect((delay != nil) == test.isRetried)
    }

    @Test("waits grow, are spread and bounded; Retry-After is taken as it is")
    func delays() {
        func delay(_ tries: Int, random: Double, after: Duration? = nil) -> Duration? {
            RetryPolicy.delay(
                RetryPolicy.Situation(error: Self.status(503, after: after), tries: tries, isIdempotent: true, random: random))
        }
        #expect(delay(1, random: 0) == .milliseconds(100))
        #expect(delay(1, random: 1) == .milliseconds(200))
        #expect(delay(4, random: 1) == .milliseconds(1600))
        #expect(delay(1_000_000, random: 1) == .seconds(10))
        #expect(delay(1, random: 0, after: .seconds(7)) == .seconds(7))
    }
}
