import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

/// Every method on a task whose best policy is known: answers of one token, a score for each.
///
/// With the KL penalty of PPO, RLOO and REINFORCE, and with DPO on pairs judged by Bradley and Terry at
/// the scores over β, the best policy is π*(y) ∝ π_ref(y) exp(r(y) / β), and its value β log Z. GRPO's
/// KL term has the gradient of KL(π_ref ‖ π), for which π*(y) = β π_ref(y) / (λ − r(y)).
@Suite("The best policy at a KL coefficient")
struct KnownOptimumTests {
    enum Method: String, CaseIterable { case ppo, rloo, grpo, reinforce, dpo, onlineDPO }

    static let beta = 0.5
    static let prompts = [[1], [2], [3]]
    static let share = 0.9

    /// Token 0 is the end; the score of a token depends on the prompt.
    static func score(prompt: Int, token: Int) -> Double {
        Double((7 * token + 5 * prompt) % 12) / 6 - 1
    }

    @Test("each method gains nine tenths of what can be gained", arguments: Method.allCases)
    func gain(method: Method) {
        for seed in 1...5 as ClosedRange<UInt64> {
            let reference = LanguageModel.toy(layers: 1, seed: seed)
            let policy = LanguageModel(copying: reference)
            let outcome = Self.train(method, policy, reference, seed: seed)
            #expect(outcome == .finished)
            for prompt in Self.prompts {
                let scores = (0..<12).map { Self.score(prompt: prompt[0], token: $0) }
                let start = Self.distribution(reference, prompt)
                let found = Self.distribution(policy, prompt)
                let task = KnownOptimum(
                    reference: start, scores: scores, beta: Self.beta,
                    isReversed: method == .grpo)
                let gained =
                    (task.value(found) - task.value(start))
                    / (task.value(task.best) - task.value(start))
                #expect(gained <= 1 + 1e-6)
                #expect(gained > Self.share, "\(method), seed \(seed): \(gained)")
                // The best policy's KL is a budget that the value cannot hide.
                #expect(
                    KnownOptimum.kl(found, start) < 1.5 * KnownOptimum.kl(task.best, start) + 0.1)
            }
        }
    }

    static func distribution(_ model: LanguageModel, _ prompt: [Int]) -> [Double] {
        let hidden = model.hidden(PackedSequences([prompt]))
        let row = logits(hidden, table: model.tokenTable()).array.map(Double.init)
        let highest = row.max() ?? 0
        let weights = row.map { exp($0 - highest) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    private static func train(
        _ method: Method, _ policy: LanguageModel, _ reference: LanguageModel, seed: UInt64
    ) -> TrainingOutcome {
        var options = TrainingOptions(
            length: .steps(150), batchSize: 96, learningRate: 0.02, schedule: .linear, seed: seed,
            plan: Toy.plan())
        let critic = LanguageModel.toy(heads: [.value], layers: 1, seed: seed + 100)
        let models = PolicyModels(
            policy: policy, reference: reference, critic: method == .ppo ? critic : nil,
            score: {
                $0.map { Float(score(prompt: $0.prompt[0], token: $0.completion[0])) }
            }, text: { _ in PromptedCompletion(prompt: "", completion: "") })
        func group(_ objective: GroupObjective, size: Int) -> TrainingOutcome {
            var group = GroupOptions(
                objective: objective, completionsPerPrompt: size, klCoefficient: Float(beta))
            group.maxNewTokens = 1
            return GroupTrainer(options: options, group: group, endOfText: 0)
                .train(models, prompts: prompts) { _ in .continue }
        }
        switch method {
        case .ppo:
            var ppo = PPOOptions()
            ppo.maxNewTokens = 1
            ppo.minibatchSize = 96
            ppo.epochsPerRollout = 2
            ppo.klController = KLController(coefficient: Float(beta))
            ppo.critic = .separate(learningRate: 0.02)
            return PPOTrainer(options: options, ppo: ppo, endOfText: 0)
                .train(models, prompts: prompts) { _ in .continue }
        case .rloo: return group(.rloo(standardizes: false), size: 16)
        case .grpo: return group(.grpo(scale: .none, normalizer: .token), size: 16)
        case .reinforce: return group(.reinforce, size: 1)
        case .onlineDPO: return group(.onlineDPO(loss: .sigmoid, judge: .soft), size: 2)
        case .dpo:
            // Every pair of answers, as often as the reference gives them and people choose them:
            // no sampling noise is left.
            var pairs: [TokenizedPair] = []
            for prompt in prompts {
                let start = distribution(reference, prompt)
                for chosen in 0..<12 {
                    for rejected in 0..<12 where rejected != chosen {
                        let lead =
                            score(prompt: prompt[0], token: chosen)
                            - score(prompt: prompt[0], token: rejected)
                        let preferred = 1 / (1 + exp(-lead))
                        let weight = start[chosen] * start[rejected] * preferred
                        pairs.append(
                            TokenizedPair(
                                chosen: prompt + [chosen], rejected: prompt + [rejected],
                                weight: Float(weight), promptID: "\(prompt)", promptCount: 1))
                    }
                }
            }
            options.batchSize = pairs.count
            return DPOTrainer(
                options: options, beta: Float(beta)
            ).train(policy, reference: reference, on: pairs) { _ in .continue }
        }
    }
}

/// The best policy over a handful of answers, in closed form.
struct KnownOptimum {
    let reference, scores: [Double]
    let beta: Double
    /// Whether the penalty is KL(π_ref ‖ π) rather than KL(π ‖ π_ref).
    let isReversed: Bool

    var best: [Double] {
        if isReversed { return reversedBest }
        let weights = zip(reference, scores).map { $0 * exp($1 / beta) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// λ by bisection, so that β π_ref / (λ − r) sums to 1.
    private var reversedBest: [Double] {
        let highest = scores.max() ?? 0
        var (low, high) = (highest + 1e-9, highest + beta + 1e-9)
        func candidate(_ lambda: Double) -> [Double] {
            zip(reference, scores).map { beta * $0 / (lambda - $1) }
        }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if candidate(middle).reduce(0, +) > 1 { low = middle } else { high = middle }
        }
        return candidate(high)
    }

    /// E[r] − β KL.
    func value(_ policy: [Double]) -> Double {
        let reward = zip(policy, scores).reduce(0) { $0 + $1.0 * $1.1 }
        let kl =
            isReversed ? Self.kl(reference, policy) : Self.kl(policy, reference)
        return reward - beta * kl
    }

    static func kl(_ p: [Double], _ q: [Double]) -> Double {
        zip(p, q).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) }
    }
}
