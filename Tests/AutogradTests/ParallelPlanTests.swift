import Synchronization
import Testing

@testable import Autograd

@Suite("Parallel plan")
struct ParallelPlanTests {
    @Test("every index is visited once", arguments: [1, 2, 3, 8], [0, 1, 2, 7, 100])
    func visitsOnce(threads: Int, count: Int) {
        let visits = Mutex([Int](repeating: 0, count: count))
        ParallelPlan(threads: threads).forEach(count) { i in visits.withLock { $0[i] += 1 } }
        #expect(visits.withLock { $0 } == [Int](repeating: 1, count: count))
    }

    @Test("results come in order, nils among them", arguments: [1, 2, 3, 8])
    func mapsInOrder(threads: Int) {
        let plan = ParallelPlan(threads: threads)
        #expect(plan.map(50) { $0 * $0 } == (0..<50).map { $0 * $0 })
        let optional: [Int?] = plan.map(9) { $0.isMultiple(of: 2) ? $0 : nil }
        #expect(optional == [0, nil, 2, nil, 4, nil, 6, nil, 8])
    }

    @Test(
        "ranges follow one another, cover everything and differ by at most one",
        arguments: [1, 2, 3, 8])
    func ranges(shards: Int) {
        let plan = ParallelPlan(shards: shards, threads: 1)
        for count in [0, 1, 2, 7, 8, 9, 64, 1001] {
            let ranges = (0..<shards).map { plan.range(of: $0, in: count) }
            #expect(ranges.flatMap { Array($0) } == Array(0..<count))
            let sizes = ranges.map(\.count)
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
    }

    @Test("the ranges do not depend on the threads")
    func rangesIgnoreThreads() {
        for shard in 0..<8 {
            #expect(
                ParallelPlan(threads: 1).range(of: shard, in: 77)
                    == ParallelPlan(threads: 3).range(of: shard, in: 77))
        }
    }

    @Test("no shards or no threads are refused")
    func refusesZero() async {
        await #expect(processExitsWith: .failure) { _ = ParallelPlan(shards: 0, threads: 1) }
        await #expect(processExitsWith: .failure) { _ = ParallelPlan(threads: 0) }
    }
}
