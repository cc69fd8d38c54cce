internal import HTTP

/// Whether a failed request is tried again, and when. A pure function of what happened.
package enum RetryPolicy {
    /// What is known when a try has failed.
    package struct Situation: Sendable {
        package var error: APIError
        /// Tries so far, at least 1.
        package var tries: Int
        /// Whether the request may be sent again although it may have been acted on.
        package var isIdempotent: Bool
        /// Whether this server has answered this client before: one that never did is probably the wrong address.
        package var hasAnsweredBefore: Bool
        /// Since the first try.
        package var elapsed: Duration
        package var deadline: Duration
        /// 0..<1: spreads the waits, so that clients do not come back together.
        package var random: Double

        package init(
            error: APIError, tries: Int, isIdempotent: Bool, hasAnsweredBefore: Bool = true, elapsed: Duration = .zero,
            deadline: Duration = .seconds(60), random: Double = 0.5
        ) {
            self.error = error
            self.tries = tries
            self.isIdempotent = isIdempotent
            self.hasAnsweredBefore = hasAnsweredBefore
            self.elapsed = elapsed
            self.deadline = deadline
            self.random = random
        }
    }

    /// A plain 500 is mostly a webhook's or a bug's, and stays: it is asked twice more.
    private static let internalErrorTriesMax = 3
    private static let firstBackoff = Duration.milliseconds(200)
    private static let backoffMax = Duration.seconds(10)

    /// How long to wait before the next try; `nil` when there shall be none.
    package static func delay(_ situation: Situation) -> Duration? {
        guard isWorthAnother(situation) else { return nil }
        let delay = situation.error.retryAfter ?? backoff(tries: situation.tries, random: situation.random)
        return situation.elapsed + delay <= situation.deadline ? delay : nil
    }

    private static func isWorthAnother(_ situation: Situation) -> Bool {
        let error = situation.error
        if let transport = error.transport { return isWorthAnother(transport, situation) }
        switch error.status {
        // Turned away at the door: nothing has happened.
        case 429: return true
        case 503: return situation.isIdempotent || error.retryAfter != nil
        case 500 where error.isRefusedWithoutReason: return false
        case 500: return situation.isIdempotent && (error.retryAfter != nil || situation.tries < internalErrorTriesMax)
        case 502, 504: return situation.isIdempotent
        default: return false
        }
    }

    private static func isWorthAnother(_ transport: HTTPError, _ situation: Situation) -> Bool {
        switch transport.kind {
        case .badURL, .untrustedCertificate, .nameMismatch, .clientCertificateRefused, .badCredentials, .tooLarge, .cancelled, .closed:
            false
        case .couldNotResolve, .couldNotConnect, .proxy:
            situation.hasAnsweredBefore && (situation.isIdempotent || !transport.mayHaveReachedServer)
        case .tls, .timedOut, .reset:
            // Without any answer ever, twice is enough to know.
            (situation.isIdempotent || !transport.mayHaveReachedServer) && (situation.hasAnsweredBefore || situation.tries < 2)
        }
    }

    /// Doubles from 200 ms to 10 s, each between half of it and the whole.
    static func backoff(tries: Int, random: Double) -> Duration {
        let doublings = min(max(tries - 1, 0), 6)
        let full = min(firstBackoff * (1 << doublings), backoffMax)
        return full / 2 + full / 2 * min(max(random, 0), 1)
    }
}
