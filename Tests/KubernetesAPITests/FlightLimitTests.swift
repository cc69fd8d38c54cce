import Testing

@testable import KubernetesAPI

@Suite struct FlightLimitTests {
    @Test func itGrowsToTheMaximumAndNoFurther() {
        let limit = FlightLimit(40)
        #expect(limit.current == 32)
        for _ in 0..<100 { limit.answered(after: .milliseconds(10), isWrite: true) }
        #expect(limit.current == 40)
    }

    @Test func aRefusalHalvesOnceForAllThatWasUnderWay() {
        let limit = FlightLimit(32)
        for _ in 0..<32 { limit.answered(after: .milliseconds(10), isWrite: true) }
        for _ in 0..<20 { limit.refused() }
        #expect(limit.current == 16)
        // From here on it grows by one in a round.
        for _ in 0..<16 { limit.answered(after: .milliseconds(10), isWrite: true) }
        #expect(limit.current == 16 || limit.current == 17)
    }

    @Test func itNeverFallsBelowOne() {
        let limit = FlightLimit(1)
        limit.refused()
        #expect(limit.current == 1)
    }

    @Test func answersThatTakeManyTimesAsLongLowerIt() {
        let limit = FlightLimit(16)
        for _ in 0..<20 { limit.answered(after: .milliseconds(10), isWrite: true) }
        for _ in 0..<40 { limit.answered(after: .seconds(20), isWrite: true) }
        #expect(limit.current < 16)
        let reads = FlightLimit(16)
        for _ in 0..<20 { reads.answered(after: .milliseconds(1), isWrite: false) }
        for _ in 0..<40 { reads.answered(after: .seconds(20), isWrite: false) }
        #expect(reads.current == 16, "a long list says nothing")
    }

    @Test func whoWaitsIsServedWhenARoomIsFree() async {
        let limit = FlightLimit(1)
        #expect(await limit.enter())
        let second = Task { await limit.enter() }
        await Task.yield()
        limit.leave()
        #expect(await second.value)
        let third = Task { await limit.enter() }
        third.cancel()
        #expect(await third.value == false)
        limit.leave()
        #expect(await limit.enter())
    }
}
