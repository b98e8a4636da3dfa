import Autograd
import LanguageModels

@testable import Alignment

/// A method of ``GroupTrainer`` on the task of ``ToyPPO``: the score is the share of token 3.
struct ToyGroup {
    var trainer: GroupTrainer
    var models: PolicyModels

    static let objectives: [GroupObjective] = [
        .rloo(standardizes: false), .rloo(standardizes: true),
        .grpo(scale: .group, normalizer: .sequence), .grpo(scale: .none, normalizer: .fixed),
        .grpo(scale: .batch, normalizer: .token), .reinforce, .rejection,
        .onlineDPO(loss: .sigmoid, judge: .hard), .onlineDPO(loss: .sigmoid, judge: .soft),
    ]

    init(
        updates: Int, objective: GroupObjective, threads: Int = 1, learningRate: Float = 0.01,
        change: (inout GroupOptions) -> Void = { _ in }
    ) {
        var group = GroupOptions(
            objective: objective,
            completionsPerPrompt: objective == .reinforce
                ? 1 : (objective.preferenceLoss != nil ? 2 : 4), klCoefficient: 0.05)
        group.maxNewTokens = 6
        group.evaluationInterval = 2
        group.sampleInterval = 2
        change(&group)
        let options = TrainingOptions(
            length: .steps(updates), batchSize: 16, learningRate: learningRate,
            schedule: .constant, plan: Toy.plan(threads: threads))
        trainer = GroupTrainer(options: options, group: group, endOfText: 0)
        models = PolicyModels(
            policy: .toy(), reference: .toy(),
            score: { $0.map { ToyPPO.share($0.completion) } },
            text: { PromptedCompletion(prompt: "\($0.prompt)", completion: "\($0.completion)") },
            gold: { $0.map { _ in 0.5 } }, heldOut: Array(Toy.examples(4)))
    }

    func run(_ record: RunRecord) -> TrainingOutcome {
        trainer.train(models, prompts: ToyPPO.prompts, report: record.report())
    }
}
