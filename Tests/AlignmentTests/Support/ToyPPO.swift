import Autograd
import LanguageModels

@testable import Alignment

/// PPO on a task whose truth is known: the score is the share of token 3 in the completion.
struct ToyPPO {
    static let likedToken = 3

    enum CriticKind: String, Sendable, Codable, CaseIterable { case separate, shared }

    var trainer: PPOTrainer
    var critic: CriticKind
    var models: PolicyModels

    init(
        updates: Int, critic: CriticKind = .separate, threads: Int = 1, learningRate: Float = 0.01,
        change: (inout PPOOptions) -> Void = { _ in }
    ) {
        var ppo = PPOOptions()
        ppo.maxNewTokens = 6
        ppo.minibatchSize = 8
        ppo.epochsPerRollout = 2
        ppo.evaluationInterval = 2
        ppo.sampleInterval = 2
        ppo.critic =
            critic == .shared
            ? .sharedTrunk(coefficient: 0.5) : .separate(learningRate: learningRate)
        change(&ppo)
        let options = TrainingOptions(
            length: .steps(updates), batchSize: 16, learningRate: learningRate,
            schedule: .constant, plan: Toy.plan(threads: threads))
        trainer = PPOTrainer(options: options, ppo: ppo, endOfText: 0)
        self.critic = critic
        models = PolicyModels(
            policy: .toy(heads: critic == .shared ? [.value] : []), reference: .toy(),
            critic: critic == .separate ? .toy(heads: [.value], seed: 2) : nil,
            score: { $0.map { Self.share($0.completion) } },
            text: { PromptedCompletion(prompt: "\($0.prompt)", completion: "\($0.completion)") },
            gold: { $0.map { _ in 0.5 } }, heldOut: Array(Toy.examples(4)))
    }

    static func share(_ completion: [Int]) -> Float {
        Float(completion.count { $0 == likedToken }) / Float(completion.count)
    }

    static let prompts = (1...11).map { [$0, $0 % 11 + 1] }

    /// Runs it; the record has every checkpoint when they are kept.
    func run(
        _ record: RunRecord, stopAfter stop: Int? = nil, keepingCheckpoints: Bool = false,
        resume: TrainingCheckpoint? = nil
    ) -> TrainingOutcome {
        trainer.train(
            models, prompts: Self.prompts, resume: resume,
            report: record.report(stopAfter: stop, keepingCheckpoints: keepingCheckpoints))
    }

    /// All bits that the run may change.
    var bits: [[UInt32]] {
        ([models.policy] + (models.critic.map { [$0] } ?? [])).map {
            $0.parameters.flatValues.map(\.bitPattern)
        }
    }
}
