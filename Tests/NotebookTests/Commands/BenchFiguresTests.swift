import Testing

@testable import Notebook

@Suite struct BenchFiguresTests {
    @Test func figuresComeFromTheMedian() {
        let figures = BenchFigures(
            name: .trainingStep, seconds: [0.1, 0.2, 0.9], amount: 1024, unit: "tokens",
            operations: 4e9, productRate: 40e9)
        #expect(figures.rate == 5120)
        #expect(abs(figures.spread - 4) < 1e-12)
        #expect(figures.operationRate == 20e9)
        #expect(figures.fraction == 0.5)
        #expect(figures.limitRate == 10_240)
        #expect(BenchFigures.median(of: [4, 1, 3, 2]) == 2.5)
    }

    /// The product rate is that of f32, which says nothing about bf16.
    @Test func aStepInBF16HasNoFractionOfTheProductRate() {
        let figures = BenchFigures(
            name: .trainingStepBF16, seconds: [0.1], amount: 1024, unit: "tokens", operations: 4e9,
            productRate: 20e9)
        #expect(figures.operationRate == 40e9)
        #expect(figures.fraction == nil)
        #expect(figures.limitRate == nil)
    }

    /// GPT-2 from 30 GB/s: 123,653,376 weights without the position table, engine.md's "at most 60".
    @Test func oneSequenceIsBoundByReadingTheWeights() {
        let weights = BenchSubject(.gpt2).decodingWeightCount
        #expect(weights == 123_653_376)
        let limit = DecodingLimit(
            batch: 1, weightBytes: 4 * weights, operationsPerToken: 2 * Double(weights),
            readRate: 30e9, productRate: nil)
        #expect(abs(limit.tokensPerSecond - 60.65) < 0.01)
    }

    @Test func manySequencesAreBoundByTheSmallerOfBoth() {
        func limit(_ batch: Int, productRate: Double) -> Double {
            DecodingLimit(
                batch: batch, weightBytes: 4000, operationsPerToken: 2000, readRate: 1e6,
                productRate: productRate
            ).tokensPerSecond
        }
        #expect(limit(4, productRate: 1e9) == 1000)
        #expect(limit(16, productRate: 4e6) == 2000)
    }

    /// 4 sequences of 11 tokens: 40 of them come after the first, in 0.5 - 0.1 seconds.
    @Test func decodingLeavesTheFirstTokenOut() {
        let figures = BenchFigures(
            name: .generate16, seconds: [0.5], amount: 44, unit: "tokens",
            firstTokenSeconds: [0.1],
            decodingLimit: DecodingLimit(
                batch: 4, weightBytes: 4000, operationsPerToken: 2000, readRate: 0.2e6,
                productRate: nil))
        #expect(abs((figures.decodingRate ?? 0) - 100) < 1e-9)
        #expect(abs((figures.fraction ?? 0) - 0.5) < 1e-9)
        #expect(figures.limitRate == 200)
    }
}
