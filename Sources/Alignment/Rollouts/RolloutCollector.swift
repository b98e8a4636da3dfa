import Autograd
import LanguageModels

/// How answers are sampled in training.
struct RolloutSampling {
    /// Divides the logits in sampling and in every log-probability.
    let temperature: Float
    let maxNewTokens: Int
    let missingEndPenalty: MissingEndPenalty?
}

/// Samples completions from the policy and records everything PPO and its relatives need to know about
/// them.
struct RolloutCollector {
    let models: PolicyModels
    let trunks: PolicyTrunks
    let sampling: RolloutSampling
    let plan: ParallelPlan
    let precision: Precision
    let seed: UInt64
    let endOfText: Int

    /// One rollout for each prompt; a prompt that comes several times is read once.
    func collect(prompts: [[Int]], update: Int) -> [Rollout] {
        let generator = Generator(
            model: models.policy, sampling: SamplingParameters(temperature: sampling.temperature),
            maxNewTokens: sampling.maxNewTokens, endOfText: endOfText, seed: seed, step: update + 1,
            plan: plan, precision: precision)
        return record(generator.completions(of: prompts), of: prompts)
    }

    /// Scores completions and measures them under policy, reference and value function.
    ///
    /// Log-probabilities are those of the distribution that was sampled from, computed by the same
    /// full forward pass that the optimizer steps use.
    func record(_ completions: [GeneratedCompletion], of prompts: [[Int]]) -> [Rollout] {
        let examples = zip(prompts, completions).map {
            TokenizedExample(prompt: $0, completion: $1.tokens)
        }
        let learned = models.score(examples)
        let rules = models.ruleScores(of: examples)
        trunks.beginUpdate()
        let measured = plan.mapRows(of: examples.map(\.inputTokens)) { part in
            measure(part.map { examples[$0] }, keys: part)
        }
        return examples.indices.map { i in
            let ended = completions[i].stopReason == .endOfText
            let all = rules[i].parts.isEmpty ? learned[i] : learned[i] + rules[i].total
            let score =
                sampling.missingEndPenalty?.applied(to: all, endedWithEndOfText: ended) ?? all
            return Rollout(
                promptTokens: examples[i].prompt, completionTokens: examples[i].completion,
                logProbabilities: measured[i].policy,
                referenceLogProbabilities: measured[i].reference, values: measured[i].values,
                score: score, tokenScores: score == all ? rules[i].tokens : [],
                learnedScore: learned[i], ruleScores: rules[i].parts, endedWithEndOfText: ended)
        }
    }

    private struct Measured {
        let policy: [Float]
        let reference: [Float]
        let values: [Float]
    }

    private func measure(_ examples: [TokenizedExample], keys: [Int]) -> [Measured] {
        let batch = PackedCompletions(examples)
        let streams = trunks.streams(of: batch.sequences, keys: keys)
        let forward = PolicyForward(
            batch, models: models, streams: streams, temperature: sampling.temperature,
            weights: Weights(models.policy.parameters, precision: precision),
            criticWeights: models.critic.map { Weights($0.parameters, precision: precision) })
        let reference = models.reference.logProbabilities(
            of: batch, temperature: sampling.temperature,
            weights: Weights(models.reference.parameters, precision: precision),
            from: streams.reference)
        let policy = forward.logProbabilities.array
        let frozen = reference.logProbabilities.array
        let values = forward.values?.array
        var start = 0
        return batch.counts.map { count in
            let range = start..<(start + count)
            start += count
            return Measured(
                policy: Array(policy[range]), reference: Array(frozen[range]),
                values: values.map { Array($0[range]) } ?? [])
        }
    }
}

/// One forward pass of policy and value function over completions, with or without a tape.
struct PolicyForward {
    /// log π of each completion token, `[tokens]`.
    let logProbabilities: Tensor
    /// Entropy of each distribution, `[tokens]`.
    let entropies: Tensor
    /// V before each completion token, `[tokens]`; nil without a value function.
    let values: Tensor?

    init(
        _ batch: PackedCompletions, models: PolicyModels, streams: PolicyTrunks.Streams,
        temperature: Float, weights: Weights? = nil, criticWeights: Weights? = nil
    ) {
        let policy = models.policy
        let hidden = policy.hidden(
            batch.sequences, at: batch.predictingRows, weights: weights, from: streams.policy)
        (logProbabilities, entropies) = tokenLogProbabilities(
            hidden, table: policy.tokenTable(weights), targets: batch.targets,
            temperature: temperature)
        if let critic = models.critic {
            let states = critic.hidden(
                batch.sequences, at: batch.predictingRows, weights: criticWeights,
                from: streams.critic)
            values = critic.values(ofHidden: states, weights: criticWeights)
        } else if policy.heads.contains(.value) {
            values = policy.values(ofHidden: hidden, weights: weights)
        } else {
            values = nil
        }
    }
}
