import Alignment
import Testing

@testable import Notebook

@Suite struct StepTimerTests {
    @Test func itMakesThreeRunsAtLeastAndLeavesOutTheFirst() {
        let timer = StepTimer(seconds: 0)
        timer.start()
        var laps = 1
        while timer.lap() == .continue { laps += 1 }
        #expect(laps == 4)
        #expect(timer.results.count == 3)
        #expect(timer.results == timer.results.sorted())
    }

    @Test func itStopsAtALimitHoweverShortTheRuns() {
        let timer = StepTimer(seconds: 1e9)
        timer.start()
        while timer.lap() == .continue {}
        #expect(timer.results.count == StepTimer.mostRuns)
    }

    @Test func timeBetweenRunsDoesNotCount() {
        let timer = StepTimer(seconds: 0)
        timer.start()
        var isStopped = false
        while !isStopped {
            var sum = 0.0
            for i in 0..<1_000_000 { sum += Double(i) }
            #expect(sum > 0)
            timer.beginRun()
            isStopped = timer.lap() == .stop
        }
        // A run without anything in it takes microseconds, the loop before it at least hundreds.
        #expect((timer.results.first ?? 1) < 1e-4)
    }
}
