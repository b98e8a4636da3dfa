import Testing

@testable import LanguageModels

@Suite struct MergeTableTests {
    static let abcd: [(pair: TokenPair, result: Int32)] = [
        (TokenPair(left: 1, right: 2), 10), (TokenPair(left: 2, right: 3), 11),
        (TokenPair(left: 10, right: 3), 12), (TokenPair(left: 1, right: 1), 13),
        (TokenPair(left: 13, right: 13), 14),
    ]

    @Test func pairsAreFoundWithTheirRank() {
        let table = MergeTable(Self.abcd)
        #expect(table.merge(2, 3) == MergeTable.Merge(rank: 1, result: 11))
        #expect(table.merge(3, 2) == nil)
    }

    @Test func theLaterRankOfARepeatedPairCounts() {
        let pair = TokenPair(left: 1, right: 2)
        let table = MergeTable([(pair, 10), (TokenPair(left: 5, right: 6), 7), (pair, 10)])
        #expect(table.merge(1, 2)?.rank == 2)
    }

    @Test func aTableHoldsManyPairs() {
        let list = (0..<3000).map { (TokenPair(left: $0, right: $0 * 31 % 997), $0 + 1) }
        let table = MergeTable(list.map { (pair: $0.0, result: $0.1) })
        for (rank, entry) in list.enumerated() {
            let merge = MergeTable.Merge(rank: Int32(rank), result: entry.1)
            #expect(table.merge(entry.0.left, entry.0.right) == merge)
        }
    }
}
