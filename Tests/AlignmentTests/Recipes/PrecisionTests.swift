import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Products in bf16")
struct PrecisionTests {
    /// The losses of the tutorial's supervised baseline: its sizes, rows, learning rate and warm-up.
    private func losses(_ precision: Precision, of data: TutorialDemonstrations) -> [Double] {
        let model = LanguageModel(
            ModelConfiguration(
                vocabularySize: TutorialDemonstrations.vocabularySize, contextLength: 96,
                width: 128, layerCount: 4, headCount: 4))
        model.initialize(seed: 42)
        let options = TrainingOptions(
            length: .steps(200), batchSize: 16, learningRate: 3e-3, warmupSteps: 100,
            plan: ParallelPlan(threads: 2), precision: precision)
        let record = RunRecord()
        let outcome = SupervisedTrainer(options: options).train(
            model, on: data.examples, report: record.report())
        #expect(outcome == .finished)
        return record.values("loss")
    }

    @Test(
        "200 steps of the tutorial in bf16 stay within 0.05 nats of f32, and end within 0.02",
        .enabled(if: Precision.bf16.isSupported))
    func staysClose() throws {
        let data = try TutorialDemonstrations(first: 3200)
        let exact = losses(.f32, of: data)
        let rounded = losses(.bf16, of: data)
        #expect(exact.count == 200 && rounded.count == 200)
        // It learns: from ln 1024 far down.
        #expect(exact[0] > 6.5 && exact[199] < 1, "from \(exact[0]) to \(exact[199])")
        // It is another arithmetic.
        #expect(exact != rounded)
        let distances = zip(exact, rounded).map { abs($0 - $1) }
        let farthest = distances.max() ?? .infinity
        #expect(farthest < 0.05, "\(farthest)")
        let end = (exact.suffix(20).reduce(0, +) - rounded.suffix(20).reduce(0, +)) / 20
        #expect(abs(end) < 0.02, "\(end)")
    }
}
