import Testing

@testable import LanguageModels

@Suite struct MergeTableWordsTests {
    /// The definition: look for the lowest rank, merge its leftmost place, start again.
    static func merged(_ tokens: [Int32], _ table: MergeTable) -> [Int32] {
        var tokens = tokens
        while true {
            let places = tokens.indices.dropFirst().compactMap { place in
                table.merge(tokens[place - 1], tokens[place]).map { (place, $0) }
            }
            guard let best = places.min(by: { ($0.1.rank, $0.0) < ($1.1.rank, $1.0) }) else {
                return tokens
            }
            tokens.replaceSubrange((best.0 - 1)...best.0, with: [best.1.result])
        }
    }

    @Test func lowerRanksGoFirst() {
        let table = MergeTable(MergeTableTests.abcd)
        var tokens: [Int32] = [1, 2, 3]
        table.apply(to: &tokens)
        #expect(tokens == [12])
        tokens = [1, 1, 1, 1, 1, 2]
        table.apply(to: &tokens)
        #expect(tokens == [14, 10])
    }

    @Test func longWordsMergeLikeShortOnes() {
        let table = MergeTable(MergeTableTests.abcd)
        var state: UInt32 = 1
        for count in [0, 1, 2, 47, 48, 49, 50, 90, 400] {
            for _ in 0..<20 {
                let tokens = (0..<count).map { _ -> Int32 in
                    state = state &* 1_664_525 &+ 1_013_904_223
                    return Int32(1 + (state >> 20) % 3)
                }
                var result = tokens
                table.apply(to: &result)
                #expect(result == Self.merged(tokens, table))
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aVeryLongWordDoesNotTakeQuadraticTime() {
        let table = MergeTable(MergeTableTests.abcd)
        var tokens = [Int32](repeating: 1, count: 1 << 16)
        table.apply(to: &tokens)
        #expect(tokens == [Int32](repeating: 14, count: 1 << 14))
    }
}
