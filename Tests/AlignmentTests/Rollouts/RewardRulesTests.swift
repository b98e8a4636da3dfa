import Testing

@testable import Alignment

@Suite("Rewards by rule, and combined")
struct RewardRulesTests {
    private func query(_ text: String, tokens: [Int] = [1]) -> RewardQuery {
        RewardQuery(prompt: "p", completion: text, tokens: tokens)
    }

    private func totals(_ function: some RewardFunction, _ texts: String...) -> [Float] {
        function.scores(of: texts.map { query($0) }).map(\.total)
    }

    @Test("length is 0 inside its range, and a share outside")
    func length() {
        #expect(
            totals(LengthRule(2...4), "one", "one two", "a b c d", "a b c d e f", "")
                == [-0.5, 0, 0, -0.5, -1])
    }

    @Test("a pattern is found or not")
    func pattern() throws {
        #expect(
            totals(try PatternRule("[Ss]orry"), "I am sorry.", "Sorry", "I am not") == [1, 1, 0])
        #expect(throws: (any Error).self) { _ = try PatternRule("(") }
    }

    @Test("words and phrases count as words, whatever their case and what stands around them")
    func words() {
        let rule = WordRule(["bad", "very bad", "don't"])
        #expect(
            totals(rule, "Bad!", "a very bad, bad thing", "badly", "I don't.", "")
                == [-1, -3, 0, -1, 0])
        #expect(totals(WordRule.toxicity, "You idiot, shut up", "What a nice day") == [-2, 0])
    }

    @Test("what belongs to a person is found, numbers of other kinds are not")
    func disclosure() {
        #expect(
            totals(
                DisclosureRule(), "Write to ann.b@example.org or call +44 20 7946 0958",
                "my password is 1234", "In 2024 it took 25 minutes, 1,000 times.")
                == [-2, -1, 0])
    }

    @Test("repetition stands at the tokens that repeat, and sums to the share")
    func repetition() {
        let rule = RepetitionRule(length: 2)
        let scores = rule.scores(of: [
            query("", tokens: [1, 2, 1, 2, 1]), query("", tokens: [1]),
            query("", tokens: [1, 2, 3]),
        ])
        #expect(scores[0] == .tokens([0, 0, 0, -0.25, -0.25]))
        #expect(scores[1] == .tokens([0]))
        #expect(scores[2].total == 0)
    }

    @Test("parts are weighted and added, those by token at their tokens")
    func combined() throws {
        let reward = CombinedReward([
            .init(weight: 2, function: try PatternRule("x")),
            .init(weight: -0.5, function: try PatternRule("y")),
            .init(weight: 4, function: RepetitionRule(length: 1)),
        ])
        let score = reward.scores(of: [query("x y", tokens: [7, 7, 8, 7])])[0]
        #expect(score.whole == 1.5)
        #expect(score.tokens == [0, -1, 0, -1])
        #expect(score.parts == [1, 1, -0.5] && score.total == -0.5)
        #expect(CombinedReward([]).scores(of: [query("")]) == [CombinedReward.Score()])
    }

    @Test("scores of tokens are rewards at their tokens, the rest at the last")
    func rewards() {
        #expect(
            tokenRewards(score: 1, kl: [0, 0, 0], klCoefficient: 0.1, tokenScores: [0, -0.5, -1])
                == [0, -0.5, 1.5])
        #expect(tokenRewards(score: 2, kl: [1, 1], klCoefficient: 0.5) == [-0.5, 1.5])
    }

    @Test("PPO learns a rule beside a reward that says nothing, and every part is reported")
    func learns() {
        var toy = ToyPPO(updates: 12)
        toy.models.score = { $0.map { _ in 0 } }
        // Texts are lists of tokens: "[3, 3, 0]".
        toy.models.rules = CombinedReward([
            .init(weight: 1, function: WordRule(["3"])),
            .init(weight: 0.5, function: RepetitionRule(length: 2)),
        ])
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        let words = record.values("rewards/words")
        #expect(words.count == 12)
        #expect(words.suffix(4).reduce(0, +) > words.prefix(4).reduce(0, +))
        #expect(record.values("rewards/learned").allSatisfy { $0 == 0 })
        #expect(record.values("rewards/repetition").count == 12)
        for row in record.rows {
            for entry in row.entries where entry.key.hasPrefix("rewards/") {
                #expect(Metric.named(entry.key) != nil, "\(entry.key)")
            }
        }
    }
}
