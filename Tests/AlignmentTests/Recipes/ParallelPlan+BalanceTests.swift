import Autograd
import Testing

@testable import Alignment

@Suite("Balance of shards")
struct ParallelPlanBalanceTests {
    /// Lengths between 1 and 60, long ones rare.
    private func lengths(_ count: Int) -> [Int] {
        var random = RandomStream(seed: 3, purpose: RandomPurpose("lengths"))
        return (0..<count).map { _ in
            1 + random.nextIndex(below: 1 + random.nextIndex(below: 60))
        }
    }

    @Test("every row is in one share, and shares differ by less than the longest row")
    func shares() {
        for count in [1, 3, 8, 100] {
            let lengths = lengths(count)
            for shards in [1, 2, 8] {
                let shares = Toy.plan(shards: shards).shares(of: lengths)
                #expect(shares.count == shards)
                #expect(shares.joined().sorted() == Array(lengths.indices))
                #expect(shares.allSatisfy { $0 == $0.sorted() })
                let loads = shares.map { $0.reduce(0) { $0 + lengths[$1] } }
                let spread = (loads.max() ?? 0) - (loads.min() ?? 0)
                #expect(spread <= lengths.max() ?? 0, "\(loads)")
            }
        }
    }

    @Test("rows in order of length would be cut far worse by their number")
    func sorted() {
        let lengths = Array(1...64)
        let plan = Toy.plan(shards: 4)
        let loads = plan.shares(of: lengths).map { $0.reduce(0) { $0 + lengths[$1] } }
        #expect(loads.allSatisfy { abs($0 - 520) <= 2 }, "\(loads)")
        let byNumber = plan.range(of: 3, in: 64).reduce(0) { $0 + lengths[$1] }
        #expect(byNumber > 900)
    }

    @Test("threads do not change a share; rows of equal length are dealt out in turn")
    func determinism() {
        let lengths = lengths(50)
        #expect(
            Toy.plan(threads: 1).shares(of: lengths) == Toy.plan(threads: 3).shares(of: lengths))
        let equal = Toy.plan(shards: 3).shares(of: [Int](repeating: 5, count: 7))
        #expect(equal == [[0, 3, 6], [1, 4], [2, 5]])
        #expect(Toy.plan(shards: 3).shares(of: []) == [[], [], []])
    }

    @Test("parts hold every row once, the longest first, and few tokens")
    func parts() {
        let lengths = lengths(200) + [1000, 0]
        let parts = ParallelPlan.parts(of: lengths)
        #expect(parts.joined().sorted() == Array(lengths.indices))
        #expect(parts[0] == [200])
        let ordered = parts.joined().map { lengths[$0] }
        #expect(ordered == ordered.sorted(by: >))
        for part in parts.dropFirst() {
            #expect(!part.isEmpty)
            #expect(part.reduce(0) { $0 + lengths[$1] } <= ParallelPlan.partTokens)
        }
        #expect(ParallelPlan.parts(of: []) == [])
        #expect(ParallelPlan.parts(of: [0, 0]) == [[0, 1]])
    }

    @Test("results of parts come back in the order of the rows", arguments: [1, 3])
    func order(threads: Int) {
        let lengths = lengths(100)
        let found = Toy.plan(threads: threads).mapRows(lengths: lengths) { part in
            part.map { "row \($0) of \(lengths[$0])" }
        }
        #expect(found == lengths.indices.map { "row \($0) of \(lengths[$0])" })
        let results = [["c", "a"], [], ["b"]]
        #expect(ParallelPlan.inOrder([[2, 0], [], [1]], results) == ["a", "b", "c"])
    }
}
