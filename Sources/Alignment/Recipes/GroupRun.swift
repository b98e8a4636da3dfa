import Autograd
import LanguageModels

/// The changing part of a run of ``GroupTrainer``: the policy and its optimizer.
final class GroupRun {
    private let options: TrainingOptions
    private let group: GroupOptions
    private let models: PolicyModels
    private let policy: ModelOptimizer
    private let gradients: ShardedGradients
    let trunks: PolicyTrunks

    init(
        _ models: PolicyModels, options: TrainingOptions, group: GroupOptions,
        resume: TrainingCheckpoint?
    ) throws(CheckpointMismatch) {
        self.models = models
        self.options = options
        self.group = group
        policy = ModelOptimizer(
            models.policy, name: "policy", options: options, usesTokenHead: true)
        gradients = ShardedGradients(
            [models.policy.parameters], firstTrainable: [policy.firstTrainable],
            packed: [policy.panels], plan: options.plan)
        try policy.restore(resume)
        trunks = PolicyTrunks(models, layers: options.frozenLayers)
    }

    /// Epochs of minibatches over the rollouts of an update.
    func optimize(
        _ rollouts: [Rollout], advantages: [Float], update: Int, learningRate: Float
    ) -> PPOStatistics {
        var statistics = PPOStatistics()
        policy.remember()
        let units = group.objective.units(advantages).map { unit in
            unit.map { Episode(key: $0, rollout: rollouts[$0], advantage: advantages[$0]) }
        }
        let unitSize = units.first?.count ?? 1
        for epoch in 0..<group.epochsPerRollout {
            let minibatches = Minibatches(
                count: units.count,
                size: group.minibatchSize.map { max(1, $0 / unitSize) } ?? units.count,
                seed: options.seed, update: update, epoch: epoch)
            for chosen in minibatches {
                let sums = gradients(of: chosen.map { units[$0] })
                statistics.add(sums)
                guard sums.isFinite else { return statistics }
                let norm = policy.step(
                    gradients, learningRate: learningRate, maximumNorm: options.maxGradientNorm)
                statistics.gradientNorms.append(Double(norm))
                guard norm.isFinite else { return statistics }
            }
        }
        return statistics
    }

    /// Puts the policy back to where it was before the last ``optimize``.
    func undoUpdate() { policy.goBack() }

    func checkpoint(step: Int, tokensRead: Double) -> TrainingCheckpoint {
        var checkpoint = TrainingCheckpoint(step: step)
        policy.add(to: &checkpoint)
        checkpoint.numbers.append(.init(name: "num_tokens", value: tokensRead))
        return checkpoint
    }

    private struct Episode {
        /// The rollout's place in the update.
        let key: Int
        let rollout: Rollout
        let advantage: Float
    }

    /// - Parameter minibatch: Rollouts that stay in one shard, such as the two of a pair.
    private func gradients(of minibatch: [[Episode]]) -> MinibatchSums {
        let all = minibatch.flatMap { $0 }
        let tokens = all.reduce(0) { $0 + $1.rollout.completionTokens.count }
        let shares = options.plan.shares(of: minibatch.map { $0.map(\.rollout.example) })
        let parts = gradients.accumulate { shard, weights -> (Tensor?, MinibatchSums) in
            let part = shares[shard].flatMap { minibatch[$0] }
            if part.isEmpty { return (nil, MinibatchSums()) }
            return loss(of: part, sequences: all.count, tokens: tokens, weights: weights[0])
        }
        var sums = MinibatchSums()
        for part in parts { sums.add(part) }
        return sums
    }

    /// The loss of a shard's episodes.
    ///
    /// - Parameters:
    ///   - sequences: Episodes of the whole minibatch.
    ///   - tokens: Completion tokens of the whole minibatch.
    private func loss(
        of part: [Episode], sequences: Int, tokens: Int, weights: Weights
    ) -> (Tensor?, MinibatchSums) {
        let packed = PackedCompletions(part.map(\.rollout.example))
        let forward = PolicyForward(
            packed, models: models,
            streams: trunks.streams(of: packed.sequences, keys: part.map(\.key)),
            temperature: group.temperature, weights: weights)
        let new = forward.logProbabilities
        let counts = part.map(\.rollout.completionTokens.count)
        let old = part.map(\.rollout.logProbabilities)
        /// Of the answers, a value for each of their tokens.
        let advantages = zip(part, counts).flatMap { [Float](repeating: $0.advantage, count: $1) }
        let perToken = [Float](repeating: 1 / Float(tokens), count: new.count)
        let perSequence = [Float](repeating: 1 / Float(sequences), count: part.count)

        var sums = MinibatchSums()
        sums.entropy = Double(forward.entropies.sum(weights: perToken).scalar)
        let loss: Tensor
        switch group.objective {
        case .grpo(_, let normalizer):
            let weights = normalizer.tokenWeights(
                counts: counts, sequences: sequences, tokens: tokens,
                longest: group.maxNewTokens)
            let surrogate = clipped(
                new, old: old.flatMap { $0 }, advantages: advantages, weights: weights,
                meanWeights: perToken, into: &sums)
            guard group.klCoefficient != 0 else {
                loss = surrogate
                break
            }
            let kl = klLoss(
                new: new, reference: part.flatMap(\.rollout.referenceLogProbabilities),
                weights: weights)
            loss = surrogate + group.klCoefficient * kl
        case .rloo:
            loss = clipped(
                new.sums(ofSegments: counts), old: old.map(Self.sum),
                advantages: part.map(\.advantage), weights: perSequence, meanWeights: perSequence,
                into: &sums)
        case .reinforce:
            measure(
                new, old: old.flatMap { $0 }, advantages: advantages, weights: perToken, into: &sums
            )
            loss = new.sums(ofSegments: counts).sum(
                weights: zip(part, perSequence).map { -$0.advantage * $1 })
        case .rejection:
            measure(
                new, old: old.flatMap { $0 }, advantages: advantages, weights: perToken, into: &sums
            )
            loss = new.sum(weights: advantages.map { -$0 / Float(tokens) })
        case .onlineDPO(let kind, _):
            measure(
                new, old: old.flatMap { $0 }, advantages: advantages, weights: perToken, into: &sums
            )
            let ratios =
                new.sums(ofSegments: counts)
                - Tensor(part.map { Self.sum($0.rollout.referenceLogProbabilities) })
            loss = judgedPairLoss(
                kind, ratios: ratios, preferences: part.map(\.advantage), lengths: counts,
                beta: group.klCoefficient
            ).sum(weights: [Float](repeating: 2 / Float(sequences), count: part.count / 2))
            sums.addPairs(
                ratios: ratios.array, preferences: part.map(\.advantage),
                beta: group.klCoefficient, weight: 2 / Double(sequences))
        }
        sums.policyLoss = Double(loss.scalar)
        return (loss, sums)
    }

    /// As the recorded sum of a sequence's log-probabilities is taken.
    private static func sum(_ values: [Float]) -> Float {
        Float(values.reduce(0.0) { $0 + Double($1) })
    }

    /// The clipped surrogate over tokens or sequences, and what its ratios look like.
    ///
    /// - Parameter meanWeights: What each of them counts in the statistics.
    private func clipped(
        _ new: Tensor, old: [Float], advantages: [Float], weights: [Float],
        meanWeights: [Float], into sums: inout MinibatchSums
    ) -> Tensor {
        measure(new, old: old, advantages: advantages, weights: meanWeights, into: &sums)
        return clippedPolicyLoss(
            new: new, old: old, advantages: advantages, clipRange: group.clipRange,
            upperClipRange: group.upperClipRange, weights: weights)
    }

    /// How far the policy has moved since it sampled. Methods that clip nothing measure it over tokens.
    private func measure(
        _ new: Tensor, old: [Float], advantages: [Float], weights: [Float],
        into sums: inout MinibatchSums
    ) {
        let values = new.array
        for i in old.indices {
            sums.addToken(
                new: values[i], old: old[i], advantage: advantages[i],
                clipRange: group.clipRange, upperClipRange: group.upperClipRange,
                weight: Double(weights[i]))
        }
    }
}
