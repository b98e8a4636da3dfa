import Autograd
import LanguageModels
import Testing

@testable import Alignment

/// Identical bits, swept over everything that must not reach a result: the run it is, the number of
/// threads, and the step after which the run was interrupted.
@Suite("The same bits")
struct BitSweepTests {
    @Test("of a second run, and on 1, 2, 3 and 8 threads", arguments: SweptRun.all)
    func threads(run: SweptRun) {
        let first = run.trace(threads: 1)
        #expect(first.outcome == .finished)
        #expect(first.record.rows.count == run.steps)
        for threads in [1, 2, 3, 8] {
            expectSame(run.trace(threads: threads), first, "\(threads) threads")
        }
    }

    @Test("of a run interrupted after any of its steps and resumed", arguments: SweptRun.all)
    func interruptions(run: SweptRun) throws {
        let whole = run.trace(threads: 1)
        for stop in 1..<run.steps {
            let first = run.trace(threads: 2, stopAfter: stop)
            #expect(first.outcome == .interrupted(step: stop))
            let checkpoint = try #require(first.record.checkpoints.last)
            #expect(checkpoint == whole.record.checkpoints[stop - 1], "step \(stop)")
            // The rest of the run need not be made on as many threads as its beginning.
            let rest = run.trace(threads: 3, resume: checkpoint)
            #expect(rest.record.starts == [[stop, run.steps]])
            expectSame(rest, whole, "resumed after step \(stop)", from: stop)
        }
    }

    /// Compares outcome, parameters, metrics, samples and checkpoints; a resumed run has those of the steps
    /// after `start`.
    private func expectSame(
        _ found: SweptRun.Trace, _ expected: SweptRun.Trace, _ what: Comment, from start: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(found.outcome == expected.outcome, what, sourceLocation: sourceLocation)
        #expect(found.bits == expected.bits, what, sourceLocation: sourceLocation)
        let rows = Array(expected.record.rows[start...])
        #expect(sameBits(found.record.rows, rows), what, sourceLocation: sourceLocation)
        let checkpoints = Array(expected.record.checkpoints[start...])
        #expect(found.record.checkpoints == checkpoints, what, sourceLocation: sourceLocation)
        if start == 0 {
            #expect(
                found.record.samples == expected.record.samples, what,
                sourceLocation: sourceLocation)
        }
    }
}
