import Autograd
import Testing

@testable import Notebook

@Suite struct BenchStartTests {
    private func bench(_ program: String) -> Bench {
        Bench(
            plan: ParallelPlan(shards: 1, threads: 1), seed: 1, seconds: 0, readRate: 1e10,
            program: program)
    }

    @Test func theProgramIsStartedToItsPrompt() throws {
        let figures = try #require(bench(TmuxTerminal.program).start())
        #expect(figures.seconds.count == 3)
        #expect(figures.median > 0)
    }

    @Test func aProgramWithoutAPromptGivesNothing() {
        #expect(bench("/bin/true").start() == nil)
        #expect(bench("/nowhere/rlhf").start() == nil)
    }
}
