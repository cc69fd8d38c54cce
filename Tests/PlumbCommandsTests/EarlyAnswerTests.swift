import Testing

@testable import PlumbCommands

@Suite struct EarlyAnswerTests {
    @Test func whatIsGivenAlreadyIsNotWaitedFor() async {
        let answer = EarlyAnswer<Int>()
        #expect(answer.value == nil)
        answer.give(1)
        answer.give(2)
        #expect(await answer.value(within: .seconds(3600)) == 1, "the first")
        #expect(answer.value == 1)
    }

    @Test func whatIsGivenEndsTheWait() async {
        let answer = EarlyAnswer<Int>()
        async let value = answer.value(within: .seconds(3600))
        await Task.yield()
        answer.give(1)
        #expect(await value == 1)
    }

    @Test func thatThereIsNoneEndsTheWaitToo() async {
        let answer = EarlyAnswer<Int>()
        async let value = answer.value(within: .seconds(3600))
        answer.give(nil)
        answer.give(1)
        #expect(await value == nil)
        #expect(answer.value == nil)
    }

    @Test func whatComesLateIsKnownAllTheSame() async {
        let answer = EarlyAnswer<Int>()
        #expect(await answer.value(within: .milliseconds(1)) == nil)
        answer.give(1)
        #expect(answer.value == 1)
    }
}
