import Autograd
import CAllocationCounter
import Testing

@testable import LanguageModels

/// From the moment on when every list and every tensor has its memory, a step asks the system for none: no
/// tensor, no array, no closure, no object. Each test has a process of its own, where nobody else uses the
/// pool.
@Suite("Steady allocations", .enabled(if: allocations_are_counted()))
struct SteadyAllocationsTests {
    @Test("arrays, objects and closures are counted, on this thread and on all")
    func counter() {
        final class Object {}
        var numbers: [[Int]] = []
        var objects: [Object] = []
        var closures: [() -> Int] = []
        numbers.reserveCapacity(100)
        objects.reserveCapacity(100)
        closures.reserveCapacity(100)
        let (before, beforeOfAll) = (allocation_count(), allocation_count_of_all_threads())
        for i in 0..<100 {
            numbers.append([i, i + 1])
            objects.append(Object())
            closures.append { i + numbers.count }
        }
        let count = allocation_count() - before
        #expect(count >= 300 && count < 500)
        #expect(allocation_count_of_all_threads() - beforeOfAll >= count)
        #expect(closures[1]() == 101 && objects.count == 100)
    }

    @Test("a supervised step makes none: forward, backward, sum, clipping and AdamW")
    func supervised() async {
        await #expect(processExitsWith: .success) {
            let step = Step(LanguageModel(Self.configuration), threads: 1, loss: Self.supervised)
            #expect(step.allocations(warmUp: 3, steps: 5) == [0, 0, 0, 0, 0])
        }
    }

    @Test("nor does one that two threads share")
    func twoThreads() async {
        await #expect(processExitsWith: .success) {
            let step = Step(LanguageModel(Self.configuration), threads: 2, loss: Self.supervised)
            // How much is held at once depends on how the threads' work falls together.
            let counts = step.allocations(
                warmUp: 20, steps: 20, counter: allocation_count_of_all_threads)
            #expect(counts.min() == 0)
        }
    }

    @Test("nor a step of an adapter")
    func adapter() async {
        await #expect(processExitsWith: .success) {
            let base = LanguageModel(Self.configuration)
            base.initialize(seed: 1)
            let model = LanguageModel(adapting: base, with: LoRAConfiguration(rank: 4), seed: 1)
            let step = Step(model, threads: 1, loss: Self.supervised)
            #expect(step.allocations(warmUp: 3, steps: 5) == [0, 0, 0, 0, 0])
        }
    }

    @Test("nor a step of PPO's clipped objective with an entropy bonus")
    func policy() async {
        await #expect(processExitsWith: .success) {
            let model = LanguageModel(Self.configuration)
            let step = Step(model, threads: 1) { model, batch, weights in
                let (logs, entropies) = model.logProbabilities(of: batch, weights: weights)
                let ratio = (logs - logs.detached).exponential
                let clipped = ratio.clipped(to: 0.8...1.2)
                return -ratio.minimum(clipped).sum + 0.1 * entropies.sum
            }
            #expect(step.allocations(warmUp: 3, steps: 5) == [0, 0, 0, 0, 0])
        }
    }

    @Test("nor a step of a reward model")
    func reward() async {
        await #expect(processExitsWith: .success) {
            let model = LanguageModel(Self.configuration, heads: [.score])
            let step = Step(model, threads: 1) { model, batch, weights in
                -model.scores(of: batch.sequences, weights: weights).logSigmoid.sum
            }
            #expect(step.allocations(warmUp: 3, steps: 5) == [0, 0, 0, 0, 0])
        }
    }

    /// The larger vocabulary makes a model that streams from memory, so that threads share its products.
    @Test(
        "a decoding step makes none, alone or shared by two threads",
        arguments: [(1, 32, 0), (1, 16_384, 0), (2, 16_384, 0), (1, 16_384, 40)])
    func decoding(threads: Int, vocabulary: Int, topK: Int) async {
        await #expect(processExitsWith: .success) { [threads, vocabulary, topK] in
            var configuration = Self.configuration
            configuration.vocabularySize = vocabulary
            configuration.width = 132
            configuration.innerWidth = 528
            let model = LanguageModel(configuration)
            model.initialize(seed: 1)
            var generator = Generator(
                model: model, maxNewTokens: 60, endOfText: nil, seed: 1,
                plan: ParallelPlan(threads: threads))
            generator.sampling = SamplingParameters(topK: topK, topP: topK > 0 ? 0.9 : 1)
            let weights = model.packedWeights(plan: generator.plan)
            #expect((weights.byteCount > Generator.cacheBytes) == (vocabulary > 32))
            // One prompt is read once: how several are cut among threads would be counted with it.
            let prompts = [[Int]](repeating: [1, 2, 3], count: 4)
            func count(_ tokens: Int) -> Int {
                generator.maxNewTokens = tokens
                return (0..<10).map { _ in
                    let before = allocation_count_of_all_threads()
                    _ = generator.completions(of: prompts)
                    return allocation_count_of_all_threads() - before
                }.min() ?? -1
            }
            _ = count(60)
            let (many, few) = (count(60), count(10))
            #expect(many == few, "\(many) for 60 tokens, \(few) for 10")
        }
    }

    private static func supervised(
        _ model: LanguageModel, _ batch: PackedCompletions, _ weights: Weights
    ) -> Tensor? {
        model.crossEntropy(of: batch, tokenWeight: 0.01, weights: weights).loss
    }

    private static let configuration = ModelConfiguration(
        vocabularySize: 97, contextLength: 80, width: 33, layerCount: 3, headCount: 3)
}

/// A training step on one batch, packed before.
private struct Step {
    private let plan: ParallelPlan
    private let loss: (_ shard: Int, _ weights: [Weights]) -> Tensor?
    private let gradients: ShardedGradients
    private let optimizer: AdamW

    init(
        _ model: LanguageModel, threads: Int,
        loss: @escaping (LanguageModel, PackedCompletions, Weights) -> Tensor?
    ) {
        if model.adapter == nil { model.initialize(seed: 1) }
        plan = ParallelPlan(shards: 3, threads: threads)
        let first = model.firstTrainable(frozenLayers: 0)
        gradients = ShardedGradients(
            [model.parameters], firstTrainable: [first],
            packed: [model.packedForTraining(precision: .f32, usesTokenHead: true)], plan: plan)
        optimizer = AdamW(model.parameters, firstTrainable: first)
        let parts = (0..<3).map { shard in
            PackedCompletions(
                (1...4).map { row in
                    TokenizedExample(
                        prompt: Array(1...(3 * row + shard)), completion: Array(5...(5 + 2 * row)))
                })
        }
        self.loss = { shard, weights in loss(model, parts[shard], weights[0]) }
    }

    private func run() {
        gradients.accumulate(losses: loss)
        let norm = gradients.globalNorm()
        optimizer.step(
            gradients: gradients.total(), learningRate: 0.001,
            gradientScale: clippingScale(norm: norm, maximum: 1), plan: plan)
    }

    func allocations(
        warmUp: Int, steps: Int, counter: () -> Int = allocation_count
    ) -> [Int] {
        for _ in 0..<warmUp { run() }
        var counts = [Int](repeating: 0, count: steps)
        for step in 0..<steps {
            let before = counter()
            run()
            counts[step] = counter() - before
        }
        return counts
    }
}
