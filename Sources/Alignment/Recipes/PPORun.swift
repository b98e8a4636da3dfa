import Autograd
import LanguageModels

/// The changing part of a PPO run: policy, critic and their optimizers.
final class PPORun {
    private let trainer: PPOTrainer
    private let models: PolicyModels
    private let policy: ModelOptimizer
    private let critic: ModelOptimizer?
    private let gradients: ShardedGradients
    /// The frozen layers, compared once the parameters are those the run goes on with.
    let trunks: PolicyTrunks

    private var options: TrainingOptions { trainer.options }
    private var ppo: PPOOptions { trainer.ppo }

    init(
        _ trainer: PPOTrainer, _ models: PolicyModels, resume: TrainingCheckpoint?
    ) throws(CheckpointMismatch) {
        self.trainer = trainer
        self.models = models
        policy = ModelOptimizer(
            models.policy, name: "policy", options: trainer.options, usesTokenHead: true)
        critic = models.critic.map {
            ModelOptimizer($0, name: "critic", options: trainer.options, usesTokenHead: false)
        }
        let trained = [policy] + (critic.map { [$0] } ?? [])
        gradients = ShardedGradients(
            trained.map(\.model.parameters), firstTrainable: trained.map(\.firstTrainable),
            packed: trained.map(\.panels), plan: trainer.options.plan)
        try policy.restore(resume)
        try critic?.restore(resume)
        trunks = PolicyTrunks(models, layers: trainer.options.frozenLayers)
    }

    /// Epochs of minibatches over the rollouts of an update.
    func optimize(
        _ rollouts: [Rollout], advantages: [[Float]], returns: [[Float]], update: Int,
        learningRates: (policy: Float, critic: Float)
    ) -> PPOStatistics {
        var statistics = PPOStatistics()
        policy.remember()
        critic?.remember()
        for epoch in 0..<ppo.epochsPerRollout {
            let minibatches = Minibatches(
                count: rollouts.count, size: ppo.minibatchSize, seed: options.seed,
                update: update, epoch: epoch)
            for chosen in minibatches {
                let minibatch = chosen.map {
                    Episode(
                        key: $0, rollout: rollouts[$0], advantages: advantages[$0],
                        returns: returns[$0])
                }
                let sums = gradients(of: minibatch)
                statistics.add(sums)
                guard sums.isFinite else { return statistics }
                let norm = policy.step(
                    gradients, learningRate: learningRates.policy,
                    maximumNorm: options.maxGradientNorm)
                statistics.gradientNorms.append(Double(norm))
                let criticNorm = critic?.step(
                    gradients, index: 1, learningRate: learningRates.critic,
                    maximumNorm: options.maxGradientNorm)
                if let criticNorm, !criticNorm.isFinite {
                    statistics.gradientNorms.append(Double(criticNorm))
                    return statistics
                }
                guard norm.isFinite else { return statistics }
                if let target = ppo.targetKL, sums.approximateKL > 1.5 * Double(target) {
                    return statistics
                }
            }
        }
        return statistics
    }

    /// Puts policy and critic back to where they were before the last ``optimize``.
    func undoUpdate() {
        policy.goBack()
        critic?.goBack()
    }

    private struct Episode {
        /// The rollout's place in the update.
        let key: Int
        let rollout: Rollout
        let advantages: [Float]
        let returns: [Float]
    }

    private func gradients(of minibatch: [Episode]) -> MinibatchSums {
        let tokenCount = minibatch.reduce(0) { $0 + $1.advantages.count }
        let shares = options.plan.shares(of: minibatch.map { [$0.rollout.example] })
        let parts = gradients.accumulate { shard, weights -> (Tensor?, MinibatchSums) in
            let part = shares[shard].map { minibatch[$0] }
            if part.isEmpty { return (nil, MinibatchSums()) }
            return loss(of: part, tokenCount: tokenCount, weights: weights)
        }
        var sums = MinibatchSums()
        for part in parts { sums.add(part) }
        return sums
    }

    /// The three losses of a shard's episodes, each a mean over the minibatch's tokens.
    private func loss(
        of part: [Episode], tokenCount: Int, weights: [Weights]
    ) -> (Tensor?, MinibatchSums) {
        let packed = PackedCompletions(part.map(\.rollout.example))
        let forward = PolicyForward(
            packed, models: models,
            streams: trunks.streams(of: packed.sequences, keys: part.map(\.key)),
            temperature: ppo.temperature, weights: weights[0],
            criticWeights: weights.count > 1 ? weights[1] : nil)
        guard let predicted = forward.values else {
            preconditionFailure("PPO: neither a critic nor a value head")
        }
        let old = part.flatMap(\.rollout.logProbabilities)
        let oldValues = part.flatMap(\.rollout.values)
        let advantages = part.flatMap(\.advantages)
        let returns = part.flatMap(\.returns)
        let tokenWeights = [Float](repeating: 1 / Float(tokenCount), count: old.count)
        let policyLoss = clippedPolicyLoss(
            new: forward.logProbabilities, old: old, advantages: advantages,
            clipRange: ppo.clipRange, weights: tokenWeights)
        let valueLoss = clippedValueLoss(
            values: predicted, old: oldValues, returns: returns,
            clipRange: ppo.valueClipRange, weights: tokenWeights)
        let entropy = forward.entropies.sum(weights: tokenWeights)

        var loss = policyLoss
        switch ppo.critic {
        case .sharedTrunk(let coefficient): loss = loss + coefficient * valueLoss
        case .separate: loss = loss + valueLoss
        }
        if ppo.entropyCoefficient != 0 { loss = loss - ppo.entropyCoefficient * entropy }

        var sums = MinibatchSums()
        sums.policyLoss = Double(policyLoss.scalar)
        sums.valueLoss = Double(valueLoss.scalar)
        sums.entropy = Double(entropy.scalar)
        let weight = 1 / Double(tokenCount)
        let new = forward.logProbabilities.array
        let values = predicted.array
        for i in old.indices {
            sums.addToken(
                new: new[i], old: old[i], advantage: advantages[i], clipRange: ppo.clipRange,
                weight: weight)
            sums.addValue(
                values[i], old: oldValues[i], target: returns[i], clipRange: ppo.valueClipRange,
                weight: weight)
        }
        return (loss, sums)
    }

    func checkpoint(step: Int, numbers: [(String, Double)]) -> TrainingCheckpoint {
        var checkpoint = TrainingCheckpoint(step: step)
        policy.add(to: &checkpoint)
        critic?.add(to: &checkpoint)
        checkpoint.numbers += numbers.map { .init(name: $0.0, value: $0.1) }
        return checkpoint
    }
}
