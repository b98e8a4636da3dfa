import Autograd
import LanguageModels
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
        #expect(Toy.plan(shards: 3).shares(of: [Int]()) == [[], [], []])
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
        #expect(ParallelPlan.parts(of: [Int]()) == [])
        #expect(ParallelPlan.parts(of: [0, 0]) == [[0, 1]])
    }

    /// Answers of 4 tokens to prompts of 20, dealt out prompt by prompt.
    private func answers(prompts: Int, each: Int) -> [TokenizedExample] {
        (0..<(prompts * each)).map { row in
            TokenizedExample(
                prompt: [Int](repeating: 100 + row % prompts, count: 20),
                completion: [Int](repeating: row, count: 4))
        }
    }

    @Test("the answers to a prompt are in one share")
    func families() {
        let answers = answers(prompts: 5, each: 4)
        let shares = Toy.plan(shards: 8).shares(of: answers.map { [$0] })
        #expect(shares.joined().sorted() == Array(answers.indices))
        for share in shares where !share.isEmpty {
            #expect(share.count == 4)
            #expect(Set(share.map { answers[$0].prompt }).count == 1)
            #expect(share == share.sorted())
        }
    }

    @Test("where prompts are few, the answers of each are dealt out, pairs whole")
    func fewPrompts() {
        let answers = answers(prompts: 1, each: 12)
        let singles = Toy.plan(shards: 8).shares(of: answers.map { [$0] })
        #expect(
            singles.filter { !$0.isEmpty } == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]])
        let pairs = (0..<6).map { Array(answers[(2 * $0)..<(2 * $0 + 2)]) }
        let shares = Toy.plan(shards: 8).shares(of: pairs)
        #expect(shares.joined().sorted() == Array(0..<6))
        #expect(shares.count { !$0.isEmpty } == 4)
    }

    @Test("answers to short prompts, or to none, are shared out by their length alone")
    func shortPrompts() {
        let answers = (0..<6).map { TokenizedExample(prompt: [1, 2], completion: [$0]) }
        let shares = Toy.plan(shards: 3).shares(of: answers.map { [$0] })
        #expect(shares == [[0, 3], [1, 4], [2, 5]])
    }

    @Test("sequences that begin alike are side by side, and a part holds them as they are packed")
    func partsOfFamilies() {
        let sequences = answers(prompts: 30, each: 4).map(\.inputTokens)
        let parts = ParallelPlan.parts(of: sequences)
        #expect(parts.joined().sorted() == Array(sequences.indices))
        var families = 0
        for part in parts {
            let packed = PackedSequences(part.map { sequences[$0] })
            #expect(packed.tokens.count <= ParallelPlan.partTokens + 23)
            families += Set(part.map { sequences[$0][0] }).count
        }
        // Few prompts are cut in two.
        #expect(families <= 30 + parts.count)
        #expect(parts.count <= 5)
        #expect(ParallelPlan.parts(of: [[Int]]()) == [])
        // A prompt longer than a part is read once by several answers.
        let long = (0..<8).map {
            [Int](repeating: 7, count: 300) + [$0] + [Int](repeating: 1, count: 40)
        }
        #expect(ParallelPlan.parts(of: long).map(\.count) == [7, 1])
        // Equal answers, which have no rows of their own, are not all one thread's.
        let equal = [[Int]](repeating: Array(1...9), count: 130)
        #expect(ParallelPlan.parts(of: equal).allSatisfy { $0.count <= ParallelPlan.partSequences })
    }

    @Test("results of parts come back in the order of the rows", arguments: [1, 3])
    func order(threads: Int) {
        let sequences = lengths(100).map { [Int](repeating: $0, count: $0) }
        let found = Toy.plan(threads: threads).mapRows(of: sequences) { part in
            part.map { "row \($0) of \(sequences[$0].count)" }
        }
        #expect(found == sequences.indices.map { "row \($0) of \(sequences[$0].count)" })
        let results = [["c", "a"], [], ["b"]]
        #expect(ParallelPlan.inOrder([[2, 0], [], [1]], results) == ["a", "b", "c"])
    }
}
