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

    @Test func theTimeBetweenRunsDoesNotCount() {
        var now = 0.0
        let timer = StepTimer(seconds: 0, clock: { now })
        timer.start()
        var isStopped = false
        while !isStopped {
            now += 100
            timer.beginRun()
            now += 2
            isStopped = timer.lap() == .stop
        }
        #expect(timer.results == [2, 2, 2])
    }

    @Test func runsGoOnUntilTheTimeIsOver() {
        var now = 0.0
        let timer = StepTimer(seconds: 10, clock: { now })
        timer.start()
        repeat { now += 1.5 } while timer.lap() == .continue
        #expect(now == 10.5)
    }
}
