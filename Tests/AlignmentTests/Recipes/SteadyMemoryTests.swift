import Autograd
import LanguageModels
import Testing

@testable import Alignment

/// A steady step takes no new memory for tensors. The pool is one for the process, so each test has a
/// process of its own; shards run one after the other, so that the most held at once is the same in
/// every step.
@Suite("Steady memory")
struct SteadyMemoryTests {
    @Test("of supervised steps of one shape: constant from the third on")
    func supervised() async {
        await #expect(processExitsWith: .success) {
            // Nine rows are one batch, the same in every step.
            let bytes = Self.supervisedBytes(rows: 9, steps: 10, shuffles: false)
            #expect(bytes.count == 10 && bytes[0] > 0)
            #expect(Set(bytes[2...]).count == 1, "\(bytes)")
        }
    }

    @Test("of supervised steps of several shapes: constant once every shape was seen twice")
    func severalShapes() async {
        await #expect(processExitsWith: .success) {
            // Four batches an epoch, the last one smaller.
            let bytes = Self.supervisedBytes(rows: 32, steps: 24, shuffles: false)
            #expect(Set(bytes[8...]).count == 1, "\(bytes)")
        }
    }

    @Test("of supervised steps that are all different: bounded, whatever the number of steps")
    func shuffled() async {
        await #expect(processExitsWith: .success) {
            let bytes = Self.supervisedBytes(rows: 40, steps: 200, shuffles: true)
            #expect(bytes[199] <= 2 * bytes[9], "\(bytes[9]), then \(bytes[199])")
            #expect(Set(bytes[150...]).count <= 3, "\(bytes[150...])")
        }
    }

    @Test("of reward model steps: constant from the third on")
    func reward() async {
        await #expect(processExitsWith: .success) {
            var options = Self.options(steps: 10)
            options.shuffles = false
            let pairs = Toy.pairs(prompts: 3)
            let bytes = Self.bytes { report in
                RewardTrainer(options: options, centeringCoefficient: 0.01).train(
                    .toy(heads: [.score]), on: pairs, report: report)
            }
            #expect(bytes.count == 10 && bytes[0] > 0)
            #expect(Set(bytes[2...]).count == 1, "\(bytes)")
        }
    }

    @Test("of PPO updates: bounded, whatever is sampled", arguments: ToyPPO.CriticKind.allCases)
    func ppo(critic: ToyPPO.CriticKind) async {
        await #expect(processExitsWith: .success) { [critic] in
            var toy = ToyPPO(updates: 30, critic: critic)
            toy.trainer.options.plan = Toy.plan(threads: 1)
            let bytes = Self.bytes { report in
                toy.trainer.train(toy.models, prompts: ToyPPO.prompts, report: report)
            }
            #expect(bytes.count == 30 && bytes[0] > 0)
            #expect(bytes[29] <= 2 * bytes[2], "\(bytes)")
        }
    }

    @Test("of decoding: constant from the third token on, and from the third batch on")
    func decoding() async {
        await #expect(processExitsWith: .success) {
            let model = LanguageModel(
                ModelConfiguration(
                    vocabularySize: 97, contextLength: 80, width: 33, layerCount: 2, headCount: 3))
            model.initialize(seed: 1)
            let generator = Generator(
                model: model, maxNewTokens: 60, endOfText: nil, seed: 1, plan: Toy.plan())
            var bytes: [Int] = []
            _ = generator.stream([1, 2, 3]) { _ in
                bytes.append(MemoryPool.allocatedBytes)
                return true
            }
            #expect(bytes.count == 60 && bytes[0] > 0)
            #expect(Set(bytes[2...]).count == 1, "\(bytes)")

            let prompts = (1...16).map { Array(1...$0) }
            let batches = (0..<8).map { _ in
                _ = generator.completions(of: prompts)
                return MemoryPool.allocatedBytes
            }
            #expect(Set(batches[2...]).count == 1, "\(batches)")
        }
    }

    // MARK: - Measuring

    static func options(steps: Int) -> TrainingOptions {
        TrainingOptions(
            length: .steps(steps), batchSize: 9, learningRate: 0.01, plan: Toy.plan(threads: 1))
    }

    static func supervisedBytes(rows: Int, steps: Int, shuffles: Bool) -> [Int] {
        var options = options(steps: steps)
        options.shuffles = shuffles
        let examples = Toy.examples(rows)
        return bytes { report in
            SupervisedTrainer(options: options).train(.toy(), on: examples, report: report)
        }
    }

    /// Bytes obtained from the system so far, after every step of a run.
    static func bytes(of run: (TrainingReport) -> TrainingOutcome) -> [Int] {
        var bytes: [Int] = []
        let outcome = run { event in
            if case .step = event { bytes.append(MemoryPool.allocatedBytes) }
            return .continue
        }
        #expect(outcome == .finished)
        return bytes
    }
}
