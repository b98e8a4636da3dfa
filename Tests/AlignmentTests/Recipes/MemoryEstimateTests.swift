import Autograd
import LanguageModels
import Testing

@testable import Alignment

/// Estimates beside what real runs take from the pool. Each run has a process of its own, where no
/// other test asks the pool for memory.
@Suite("Memory estimates")
struct MemoryEstimateTests {
    @Test("supervised steps of the tiny model, 16 rows of 64 tokens")
    func supervised() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 8, threads: 2).supervised(rows: 16, length: 64)
        }
    }

    @Test("supervised steps on one thread, with frozen layers and rows of many lengths")
    func frozenLayers() async {
        await #expect(processExitsWith: .success) {
            var run = MeasuredRun.tiny(shards: 4, threads: 1)
            run.frozenLayers = 2
            run.supervised(rows: 40, length: 64, shortest: 24)
        }
    }

    @Test("updates of GRPO, and with fewer prompts than an update takes", arguments: [40, 3])
    func groups(prompts: Int) async {
        await #expect(processExitsWith: .success) { [prompts] in
            MeasuredRun.tiny(shards: 8, threads: 2).group(
                prompts: prompts, episodes: 32, length: 32)
        }
    }

    @Test("supervised steps of an adapter alone", arguments: [0, 1])
    func adapter(layers: Int) async {
        await #expect(processExitsWith: .success) { [layers] in
            var run = MeasuredRun.tiny(shards: 8, threads: 2)
            run.rank = 8
            run.frozenLayers = layers
            run.supervised(rows: 16, length: 64)
        }
    }

    @Test("DPO steps of an adapter, whose reference is the same memory")
    func adapterPreferences() async {
        await #expect(processExitsWith: .success) {
            var run = MeasuredRun.tiny(shards: 8, threads: 2)
            run.rank = 8
            run.dpo(pairs: 16, length: 64)
        }
    }

    @Test("supervised steps at GPT-2's width, 4 rows of 256 tokens in 2 shards")
    func wide() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun(
                configuration: ModelConfiguration(
                    vocabularySize: 4096, contextLength: 256, width: 768, layerCount: 2,
                    headCount: 12), plan: ParallelPlan(shards: 2, threads: 2)
            ).supervised(rows: 4, length: 256)
        }
    }

    @Test("supervised steps in one shard, where packed weights are a large part")
    func oneShard() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 1, threads: 1).supervised(rows: 2, length: 16)
        }
    }

    @Test("the same with frozen layers")
    func oneShardFrozen() async {
        await #expect(processExitsWith: .success) {
            var run = MeasuredRun.tiny(shards: 1, threads: 1)
            run.frozenLayers = 2
            run.supervised(rows: 2, length: 16)
        }
    }

    @Test("reward steps in one shard")
    func oneShardReward() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 1, threads: 1).reward(pairs: 2, length: 16)
        }
    }

    @Test("PPO updates in one shard, critic apart or on a shared trunk", arguments: [0, 1])
    func oneShardPPO(sharesTrunk: Int) async {
        await #expect(processExitsWith: .success) { [sharesTrunk] in
            MeasuredRun.tiny(shards: 1, threads: 1).ppo(
                episodes: 2, length: 8, sharesTrunk: sharesTrunk == 1)
        }
    }

    @Test("PPO updates with frozen layers")
    func frozenPPO() async {
        await #expect(processExitsWith: .success) {
            var run = MeasuredRun.tiny(shards: 2, threads: 1)
            run.frozenLayers = 2
            run.ppo(episodes: 8, length: 32, sharesTrunk: false)
        }
    }

    @Test("packed weights are as large as a model's own", arguments: [0, 1, 4])
    func panels(frozenLayers: Int) {
        let model = LanguageModel(MeasuredRun.tinyConfiguration)
        let sizes = ModelSizes(model)
        for precision in Precision.allCases {
            for usesTokenHead in [false, true] {
                let options = TrainingOptions(
                    length: .steps(1), batchSize: 1, learningRate: 1, frozenLayers: frozenLayers,
                    plan: ParallelPlan(threads: 1), precision: precision)
                let packed = model.packedForTraining(
                    precision: precision, frozenLayers: frozenLayers, usesTokenHead: usesTokenHead)
                #expect(
                    sizes.trainingPanels(options, usesTokenHead: usesTokenHead)
                        == packed?.byteCount)
            }
        }
        // Only large models go without in f32, and in bf16 none does.
        let large = ModelSizes(
            ModelConfiguration(
                vocabularySize: 2048, contextLength: 128, width: 1024, layerCount: 4,
                headCount: 4))
        var options = TrainingOptions(
            length: .steps(1), batchSize: 1, learningRate: 1, plan: ParallelPlan(threads: 1))
        #expect(large.trainingPanels(options, usesTokenHead: true) == 0)
        options.precision = .bf16
        #expect(large.trainingPanels(options, usesTokenHead: true) > 4 * 12 * 1024 * 1024 * 4)
    }

    @Test("frozen layers' outputs are counted where rows are read again, up to what is kept")
    func frozenOutputs() {
        func estimate(rows: Int, epochs: Double, frozenLayers: Int) -> Int {
            MemoryEstimate.supervised(
                ModelSizes(MeasuredRun.tinyConfiguration),
                options: TrainingOptions(
                    length: .epochs(epochs), batchSize: 4, learningRate: 1e-4,
                    frozenLayers: frozenLayers, plan: ParallelPlan(threads: 1)),
                examples: MeasuredRun.examples(rows: rows, length: 64)
            ).frozenOutputs
        }
        let model = LanguageModel(MeasuredRun.tinyConfiguration)
        let trunk = FrozenTrunk(model, layers: 2)
        let rows = MeasuredRun.examples(rows: 4, length: 64).map(\.inputTokens)
        _ = trunk.stream(of: PackedSequences(rows), keys: Array(rows.indices))
        #expect(estimate(rows: 4, epochs: 2, frozenLayers: 2) == 4 * trunk.keptCount)
        #expect(estimate(rows: 4, epochs: 1, frozenLayers: 2) == 0)
        #expect(estimate(rows: 4, epochs: 2, frozenLayers: 0) == 0)
        #expect(estimate(rows: 20_000, epochs: 2, frozenLayers: 2) == 4 * FrozenTrunk.capacity)
    }

    @Test("reward steps of the tiny model, 16 pairs of 64 tokens")
    func reward() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 8, threads: 2).reward(pairs: 16, length: 64)
        }
    }

    @Test("DPO steps of the tiny model, 16 pairs of 64 tokens")
    func dpo() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 8, threads: 2).dpo(pairs: 16, length: 64)
        }
    }

    @Test("KTO steps of the tiny model, 32 answers of 64 tokens")
    func kto() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 8, threads: 2).kto(answers: 32, length: 64)
        }
    }

    @Test("ORPO steps of the tiny model, 16 pairs of 64 tokens")
    func orpo() async {
        await #expect(processExitsWith: .success) {
            MeasuredRun.tiny(shards: 8, threads: 2).orpo(pairs: 16, length: 64)
        }
    }

    @Test("PPO updates of the tiny model, 16 episodes of 32 and 32 tokens", arguments: [0, 1])
    func ppo(sharesTrunk: Int) async {
        await #expect(processExitsWith: .success) { [sharesTrunk] in
            MeasuredRun.tiny(shards: 8, threads: 2).ppo(
                episodes: 16, length: 32, sharesTrunk: sharesTrunk == 1)
        }
    }

    @Test("sizes count every parameter where the set has it", arguments: [0, 1, 2, 3])
    func sizes(frozenLayers: Int) {
        for heads in [[], [.score], [.value]] as [[ScalarHead]] {
            let model = LanguageModel(
                ModelConfiguration(
                    vocabularySize: 13, contextLength: 7, width: 6, layerCount: 2, headCount: 2),
                heads: heads)
            let adapted = LanguageModel(
                adapting: model, with: LoRAConfiguration(rank: 2), seed: 1)
            #expect(ModelSizes(adapted).ownCount == adapted.parameters.ownCount)
            #expect(
                ModelSizes(adapted).trainableCount(frozenLayers: frozenLayers)
                    == adapted.parameters.flatCount
                    - adapted.firstTrainable(frozenLayers: frozenLayers))
            let sizes = ModelSizes(model)
            #expect(sizes.flatCount == model.parameters.flatCount)
            #expect(
                sizes.trainableCount(frozenLayers: frozenLayers)
                    == model.parameters.flatCount
                    - model.firstTrainable(frozenLayers: frozenLayers))
        }
    }

    @Test("more shards mean more gradients and fewer activations")
    func shards() {
        func estimate(_ shards: Int) -> MemoryEstimate {
            .supervised(
                ModelSizes(MeasuredRun.tinyConfiguration),
                options: TrainingOptions(
                    length: .steps(1), batchSize: 16, learningRate: 1e-4,
                    plan: ParallelPlan(shards: shards, threads: 2)),
                examples: MeasuredRun.examples(rows: 16, length: 64))
        }
        let few = estimate(2)
        let many = estimate(8)
        #expect(many.gradients == 4 * few.gradients)
        #expect(many.activations < few.activations)
        #expect(many.moments == few.moments && many.checkpoint == few.checkpoint)
        #expect(
            few.tensors
                == few.parameters + few.moments + few.gradients + few.activations + few.panels)
        #expect(few.needed == few.run + few.checkpoint)
    }
}

/// A short training whose memory is compared with its estimate.
private struct MeasuredRun {
    let configuration: ModelConfiguration
    let plan: ParallelPlan
    var frozenLayers = 0
    /// The rank of an adapter; 0 trains the whole model.
    var rank = 0

    /// What an estimate may be off by.
    static let tolerance = 0.15

    static let tinyConfiguration = ModelConfiguration(
        vocabularySize: 2048, contextLength: 128, width: 128, layerCount: 4, headCount: 4)

    static func tiny(shards: Int, threads: Int) -> MeasuredRun {
        MeasuredRun(
            configuration: tinyConfiguration, plan: ParallelPlan(shards: shards, threads: threads))
    }

    private func options(batchSize: Int) -> TrainingOptions {
        TrainingOptions(
            length: .steps(3), batchSize: batchSize, learningRate: 1e-5,
            frozenLayers: frozenLayers, plan: plan)
    }

    static func examples(rows: Int, length: Int, shortest: Int? = nil) -> [TokenizedExample] {
        (0..<rows).map { row in
            let span = length - (shortest ?? length) + 1
            return TokenizedExample(
                prompt: [],
                completion: (0..<(length - row * 7 % span)).map { (row + $0) % 50 })
        }
    }

    /// What is trained, over a base that is the run's own too.
    private func trained(over base: LanguageModel) -> LanguageModel {
        if rank == 0 { return base }
        return LanguageModel(
            adapting: base,
            with: LoRAConfiguration(
                rank: rank, layers: Array(frozenLayers..<configuration.layerCount)), seed: 1)
    }

    func supervised(rows: Int, length: Int, shortest: Int? = nil) {
        let model = trained(over: LanguageModel(configuration))
        let examples = Self.examples(rows: rows, length: length, shortest: shortest)
        let options = options(batchSize: shortest == nil ? rows : rows / 4)
        _ = SupervisedTrainer(options: options).train(model, on: examples) { _ in .continue }
        compare(.supervised(ModelSizes(model), options: options, examples: examples))
    }

    func reward(pairs count: Int, length: Int) {
        let model = LanguageModel(configuration, heads: [.score])
        let rows = Self.examples(rows: 2 * count, length: length).map(\.completion)
        let pairs = (0..<count).map {
            TokenizedPair(chosen: rows[2 * $0], rejected: rows[2 * $0 + 1], promptID: "\($0)")
        }
        let options = options(batchSize: count)
        _ = RewardTrainer(options: options).train(model, on: pairs) { _ in .continue }
        compare(.reward(ModelSizes(model), options: options, pairs: pairs))
    }

    private func pairs(_ count: Int, length: Int) -> [TokenizedPair] {
        let rows = Self.examples(rows: 2 * count, length: length).map(\.completion)
        return (0..<count).map {
            TokenizedPair(
                chosen: rows[2 * $0], rejected: rows[2 * $0 + 1], promptID: "\($0)",
                promptCount: length / 2)
        }
    }

    func orpo(pairs count: Int, length: Int) {
        let policy = LanguageModel(configuration)
        let pairs = pairs(count, length: length)
        let options = options(batchSize: count)
        _ = ORPOTrainer(options: options).train(policy, on: pairs) { _ in .continue }
        compare(.orpo(policy: ModelSizes(policy), options: options, pairs: pairs))
    }

    func kto(answers count: Int, length: Int) {
        let policy = LanguageModel(configuration)
        let reference = LanguageModel(configuration)
        let rows = pairs(count, length: length).map {
            LabelledExample($0.examples[0], isGood: $0.chosen.count.isMultiple(of: 2))
        }
        let options = options(batchSize: count)
        _ = KTOTrainer(options: options).train(policy, reference: reference, on: rows) { _ in
            .continue
        }
        compare(
            .kto(
                policy: ModelSizes(policy), reference: ModelSizes(reference), options: options,
                rows: rows))
    }

    func dpo(pairs count: Int, length: Int) {
        let reference = LanguageModel(configuration)
        let policy = trained(over: rank > 0 ? reference : LanguageModel(configuration))
        let pairs = pairs(count, length: length)
        let options = options(batchSize: count)
        _ = DPOTrainer(options: options).train(policy, reference: reference, on: pairs) { _ in
            .continue
        }
        compare(
            .dpo(
                policy: ModelSizes(policy, beside: reference), reference: ModelSizes(reference),
                options: options, pairs: pairs))
    }

    func ppo(episodes: Int, length: Int, sharesTrunk: Bool) {
        let reward = LanguageModel(configuration, heads: [.score])
        let policy = LanguageModel(configuration, heads: sharesTrunk ? [.value] : [])
        let models = PolicyModels(
            policy: policy, reference: LanguageModel(configuration),
            critic: sharesTrunk ? nil : LanguageModel(configuration, heads: [.score]),
            score: { [plan] in
                sequenceScores(of: reward, on: $0.map { $0.prompt + $0.completion }, plan: plan)
            }, text: { _ in PromptedCompletion(prompt: "", completion: "") })
        let prompts = Self.examples(rows: episodes, length: length).map(\.completion)
        var ppo = PPOOptions()
        ppo.minibatchSize = episodes
        ppo.maxNewTokens = 32
        ppo.evaluationInterval = 0
        ppo.sampleInterval = 0
        if sharesTrunk { ppo.critic = .sharedTrunk(coefficient: 0.1) }
        let options = options(batchSize: episodes)
        // No token has the id -1, so that every episode is as long as allowed.
        _ = PPOTrainer(options: options, ppo: ppo, endOfText: -1).train(models, prompts: prompts) {
            _ in .continue
        }
        compare(
            .ppo(
                policy: ModelSizes(policy), reference: ModelSizes(models.reference),
                critic: models.critic.map { ModelSizes($0) }, reward: ModelSizes(reward),
                options: options, ppo: ppo, prompts: prompts))
    }

    func group(prompts count: Int, episodes: Int, length: Int) {
        let policy = LanguageModel(configuration)
        let models = PolicyModels(
            policy: policy, reference: LanguageModel(configuration),
            score: { $0.map { Float($0.completion[0] % 7) } },
            text: { _ in PromptedCompletion(prompt: "", completion: "") })
        let prompts = Self.examples(rows: count, length: length).map(\.completion)
        var group = GroupOptions(
            objective: .grpo(scale: .group, normalizer: .token), completionsPerPrompt: 4,
            klCoefficient: 0.05)
        group.maxNewTokens = 32
        group.evaluationInterval = 0
        group.sampleInterval = 0
        let options = options(batchSize: episodes)
        _ = GroupTrainer(options: options, group: group, endOfText: -1).train(
            models, prompts: prompts
        ) { _ in .continue }
        compare(
            .group(
                policy: ModelSizes(policy), reference: ModelSizes(models.reference), reward: nil,
                options: options, group: group, prompts: prompts))
    }

    private func compare(_ estimate: MemoryEstimate) {
        let measured = Double(MemoryPool.allocatedBytes)
        let ratio = Double(estimate.tensors) / measured
        #expect(
            abs(ratio - 1) <= Self.tolerance,
            "estimated \(estimate.tensors) bytes, measured \(Int(measured))")
    }
}
