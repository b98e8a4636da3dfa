import Autograd
public import LanguageModels

extension MemoryEstimate {
    /// Steps whose batches are looked at: beyond them few new lengths come.
    private static let stepsLookedAt = 200

    /// Supervised fine-tuning of these rows.
    public static func supervised(
        _ model: ModelSizes, options: TrainingOptions, examples: [TokenizedExample],
        heldOut: [TokenizedExample] = []
    ) -> MemoryEstimate {
        let order = DataOrder(
            count: examples.count, shuffles: options.shuffles, seed: options.seed)
        let total = options.length.steps(rows: examples.count, batchSize: options.batchSize)
        var shards: Set<ShardTokens> = []
        for step in 0..<min(total, stepsLookedAt) {
            let batch = options.batchRows(step, order: order).map { examples[$0] }
            shards.formUnion(parts(of: batch, options.plan.shares(of: batch.map(\.count))))
        }
        var estimate = MemoryEstimate()
        estimate.addTrained(model, options: options)
        if total > options.batchesPerEpoch(examples.count) {
            estimate.addFrozenOutputs(
                model, tokens: examples.reduce(0) { $0 + $1.inputTokens.count }, options: options)
        }
        let passes = ActivationMemory(model)
        var demand = BufferDemand()
        for shard in shards {
            demand.formUnion(
                passes.training(shard, head: .crossEntropy, frozenLayers: options.frozenLayers))
        }
        demand.formUnion(evaluation(of: model, heldOut))
        estimate.activations = (options.plan.running * demand).bytes
        return estimate
    }

    /// A reward model from these pairs.
    public static func reward(
        _ model: ModelSizes, options: TrainingOptions, pairs: [TokenizedPair],
        heldOut: [TokenizedPair] = []
    ) -> MemoryEstimate {
        .reward(model, options: options, judgements: .pairs(pairs), heldOut: heldOut)
    }

    /// A reward model from these judgements.
    public static func reward(
        _ model: ModelSizes, options: TrainingOptions, judgements: RewardJudgements,
        heldOut: [TokenizedPair] = []
    ) -> MemoryEstimate {
        let items = judgements.items
        let groups = RewardTrainer.groups(of: items.map(\.promptID))
        let batches = RewardTrainer.batches(
            groups: groups,
            order: DataOrder(
                count: groups.count, shuffles: options.shuffles, seed: options.seed),
            batchSize: options.batchSize, length: options.length)
        var shards: Set<ShardTokens> = []
        for batch in batches.prefix(stepsLookedAt) {
            let shares = options.plan.shares(of: batch.map { items[$0].count })
            for share in shares where !share.isEmpty {
                shards.insert(ShardTokens(scored: share.flatMap { items[batch[$0]].sequences }))
            }
        }
        var estimate = MemoryEstimate()
        estimate.addTrained(model, options: options, usesTokenHead: false)
        if batches.reduce(0, { $0 + $1.count }) > items.count {
            estimate.addFrozenOutputs(
                model, tokens: items.reduce(0) { $0 + $1.count }, options: options)
        }
        let passes = ActivationMemory(model)
        var demand = BufferDemand()
        for shard in shards {
            demand.formUnion(
                passes.training(shard, head: .scalar, frozenLayers: options.frozenLayers))
        }
        if !heldOut.isEmpty {
            let part = Array(heldOut.prefix(RewardTrainer.scoringPartSize))
            demand.formUnion(
                passes.forward(
                    ShardTokens(scored: part.flatMap { [$0.chosen, $0.rejected] }),
                    readsVocabulary: false))
        }
        estimate.activations = (options.plan.running * demand).bytes
        return estimate
    }

    /// PPO from these prompts, every completion as long as allowed.
    ///
    /// - Parameters:
    ///   - critic: A separate value function; nil when the policy has a value head.
    ///   - reward: The reward model; nil where scores cost nothing.
    public static func ppo(
        policy: ModelSizes, reference: ModelSizes, critic: ModelSizes?, reward: ModelSizes?,
        options: TrainingOptions, ppo: PPOOptions, prompts: [[Int]],
        heldOut: [TokenizedExample] = []
    ) -> MemoryEstimate {
        .policy(
            policy, reference: reference, critic: critic, reward: reward, options: options,
            ppo: ppo, prompts: prompts, answersEach: 1, heldOut: heldOut)
    }

    /// A method that samples `answersEach` answers to each prompt of an update.
    static func policy(
        _ policy: ModelSizes, reference: ModelSizes, critic: ModelSizes?, reward: ModelSizes?,
        options: TrainingOptions, ppo: PPOOptions, prompts: [[Int]], answersEach: Int,
        heldOut: [TokenizedExample]
    ) -> MemoryEstimate {
        var estimate = MemoryEstimate()
        estimate.addTrained(policy, options: options)
        estimate.add(reference)
        if let reward { estimate.add(reward) }
        if let critic {
            estimate.addTrained(critic, options: options, usesTokenHead: false)
        }
        estimate.panels += policy.samplingPanels(options.precision)

        let context = policy.configuration.contextLength
        let order = DataOrder(
            count: prompts.count, shuffles: options.shuffles, seed: options.seed)
        let promptsPerUpdate = max(1, options.batchSize / answersEach)
        let total = options.length.steps(rows: prompts.count, batchSize: promptsPerUpdate)
        /// The rollouts of an update: no two answers begin alike.
        func rollouts(_ update: Int) -> [TokenizedExample] {
            order.rows(from: update * promptsPerUpdate, size: promptsPerUpdate)
                .flatMap { [[Int]](repeating: prompts[$0], count: answersEach) }
                .enumerated().map { place, prompt in
                    TokenizedExample(
                        prompt: prompt,
                        completion: [Int](
                            repeating: place,
                            count: min(ppo.maxNewTokens, max(1, context - prompt.count))))
                }
        }
        var demand = BufferDemand()
        let phases = PPOPhases(
            policy: policy, reference: reference, critic: critic, reward: reward,
            options: options)
        var rolloutTokens = 0
        for update in 0..<min(total, stepsLookedAt) {
            let batch = rollouts(update)
            demand.formUnion(phases.rollout(batch))
            rolloutTokens = max(rolloutTokens, batch.reduce(0) { $0 + $1.inputTokens.count })
            let minibatches = Minibatches(
                count: batch.count, size: ppo.minibatchSize, seed: options.seed, update: update,
                epoch: 0)
            for minibatch in minibatches {
                demand.formUnion(phases.optimization(minibatch.map { batch[$0] }))
            }
        }
        demand.formUnion(evaluation(of: policy, heldOut))
        // The rollouts of an update, by the critic's layers too where they may differ.
        for model in [policy] + (critic.map { [$0] } ?? []) {
            estimate.addFrozenOutputs(model, tokens: rolloutTokens, options: options)
        }
        estimate.activations = (options.plan.running * demand).bytes
        return estimate
    }

    /// Held-out rows, a part of them in each thread.
    private static func evaluation(
        of model: ModelSizes, _ examples: [TokenizedExample]
    ) -> BufferDemand {
        if examples.isEmpty { return BufferDemand() }
        return ActivationMemory(model).forward(
            ShardTokens(Array(examples.prefix(evaluationPartSize))), readsVocabulary: true)
    }

    fileprivate static func parts(
        of batch: [TokenizedExample], _ shares: [[Int]]
    ) -> Set<ShardTokens> {
        var parts: Set<ShardTokens> = []
        for share in shares where !share.isEmpty {
            parts.insert(ShardTokens(share.map { batch[$0] }))
        }
        return parts
    }
}

/// What the threads hold in the parts of a PPO update.
private struct PPOPhases {
    let policy, reference: ModelSizes
    let critic, reward: ModelSizes?
    let options: TrainingOptions

    private func passes(_ model: ModelSizes) -> ActivationMemory {
        ActivationMemory(model)
    }

    /// Sampling, scoring, and measuring under policy, reference and critic.
    func rollout(_ batch: [TokenizedExample]) -> BufferDemand {
        var demand = BufferDemand()
        for shard in 0..<options.plan.shards {
            let part = Array(batch[options.plan.range(of: shard, in: batch.count)])
            if part.isEmpty { continue }
            let tokens = ShardTokens(part)
            let prompts = ShardTokens(prompts: part.map(\.prompt))
            demand.formUnion(passes(policy).generation(tokens, prompts: prompts))
            for model in [policy, reference] {
                demand.formUnion(passes(model).forward(tokens, readsVocabulary: true))
            }
            if let critic {
                demand.formUnion(passes(critic).forward(tokens, readsVocabulary: false))
            }
        }
        if let reward, !batch.isEmpty {
            var scored = ShardTokens(Array(batch.prefix(evaluationPartSize)))
            scored.predicted = scored.sequences
            demand.formUnion(passes(reward).forward(scored, readsVocabulary: false))
        }
        return demand
    }

    /// Both models' passes are on one tape.
    func optimization(_ minibatch: [TokenizedExample]) -> BufferDemand {
        var demand = BufferDemand()
        let shares = options.plan.shares(of: minibatch.map { [$0] })
        for shard in MemoryEstimate.parts(of: minibatch, shares) {
            var both = passes(policy).training(
                shard, head: .logProbabilities, frozenLayers: options.frozenLayers)
            if let critic {
                both =
                    both
                    + passes(critic).training(
                        shard, head: .scalar, frozenLayers: options.frozenLayers)
            }
            demand.formUnion(both)
        }
        return demand
    }
}

extension ShardTokens {
    init(_ examples: [TokenizedExample]) {
        tokens = PackedSequences(examples.map(\.inputTokens)).tokens.count
        predicted = examples.reduce(0) { $0 + $1.predictedCount }
        longest = examples.map(\.count).max() ?? 0
        sequences = examples.count
    }

    /// Prompts that answers are sampled to: each is packed whole.
    init(prompts: [[Int]]) {
        tokens = prompts.reduce(0) { $0 + $1.count }
        predicted = 0
        longest = prompts.map(\.count).max() ?? 0
        sequences = prompts.count
    }

    /// Some sequences, each read at its last token.
    init(scored all: [[Int]]) {
        tokens = PackedSequences(all).tokens.count
        predicted = all.count
        longest = all.map(\.count).max() ?? 0
        sequences = all.count
    }
}

extension ParallelPlan {
    /// Shards that run at the same time.
    var running: Int { min(threads, shards) }
}
