import Testing

@testable import Alignment

@Suite("What a reward model is worth")
struct RewardAssessmentTests {
    private func judged(
        _ margin: Float, _ chosen: Int = 10, _ rejected: Int = 10, said: Double? = nil,
        agreement: Double? = nil, prompt: String = "a"
    ) -> RewardAssessment.Judged {
        RewardAssessment.Judged(
            score: PairScore(chosen: margin, rejected: 0), lengths: (chosen, rejected),
            margin: said, agreement: agreement, promptID: prompt)
    }

    @Test("parts by length, margin and agreement hold the pairs they should")
    func parts() {
        let pairs = [
            judged(1, 13, 10, said: 1, agreement: 1, prompt: "a"),
            judged(-1, 12, 10, said: 2, agreement: 0.8, prompt: "b"),
            judged(1, 10, 13, said: 3, agreement: 0.6, prompt: "c"),
            judged(0, 10, 11, said: 3, prompt: "d"),
        ]
        let assessment = RewardAssessment(pairs, seed: 1)
        #expect(assessment.accuracy.value == 2.5 / 4)
        #expect(assessment.lengthBaseline.value == 0.5)
        #expect(
            assessment.byLength.map { [$0.accuracy.value, Double($0.accuracy.count)] }
                == [[1, 1], [0.25, 2], [1, 1]])
        #expect(assessment.byMargin.map(\.accuracy.count) == [1, 1, 2])
        #expect(assessment.byAgreement.map(\.accuracy.value) == [1, 0, 1])
        #expect(
            assessment.byAgreement.map(\.name)
                == ["all annotators agree", "three of four agree", "annotators are divided"])
    }

    @Test("pairs of one prompt are no independent evidence")
    func intervals() {
        let alike = (0..<40).map { judged($0 < 20 ? 1 : -1, prompt: $0 < 20 ? "a" : "b") }
        let apart = (0..<40).map { judged($0 < 20 ? 1 : -1, prompt: "\($0)") }
        let wide = RewardAssessment(alike, seed: 1).accuracy
        let narrow = RewardAssessment(apart, seed: 1).accuracy
        #expect(wide.value == narrow.value)
        #expect(wide.upper - wide.lower > narrow.upper - narrow.lower)
    }

    @Test("what nobody said makes no parts")
    func nothingSaid() {
        let assessment = RewardAssessment([judged(1), judged(-1)], seed: 1)
        #expect(assessment.byMargin.isEmpty && assessment.byAgreement.isEmpty)
    }

    @Test("a model is weak where its interval reaches chance or the length baseline")
    func weakness() {
        func worth(_ lower: Double, _ length: Double, upper: Double = 0.6, count: Int = 100)
            -> RewardWorth
        {
            RewardWorth(
                accuracy: Estimate(value: lower + 0.1, lower: lower, upper: 0.9, count: count),
                lengthBaseline: Estimate(
                    value: length, lower: 0.4, upper: upper, count: count))
        }
        #expect(worth(0.5, 0.4).weakness == .chance)
        #expect(worth(0.58, 0.55).weakness == .lengthBaseline)
        #expect(worth(0.58, 0.45).weakness == nil, "the shorter answer wins: not a rule to beat")
        #expect(worth(0.7, 0.55).weakness == nil)
        #expect(worth(0.4, 0.4, count: 0).weakness == nil)
    }
}
