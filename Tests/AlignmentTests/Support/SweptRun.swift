import Autograd
import LanguageModels
import Testing

@testable import Alignment

/// A short run of one of the recipes that can be made on any number of threads, stopped and resumed.
struct SweptRun: Sendable, CustomTestStringConvertible {
    enum Recipe: String, Sendable, CaseIterable {
        case supervised, reward, dpo, kto, orpo
        case separateCritic = "PPO with a critic of its own"
        case sharedTrunk = "PPO on a shared trunk"
        case rloo, grpo, reinforce, rejection
        case onlineDPO = "online DPO"
    }

    let recipe: Recipe
    let frozenLayers: Int
    /// Whether an adapter is trained in place of the model.
    var isAdapted = false

    var testDescription: String {
        isAdapted
            ? "\(recipe.rawValue), an adapter" : "\(recipe.rawValue), \(frozenLayers) layers frozen"
    }

    static let all = Recipe.allCases.flatMap { recipe in
        [0, 1].map { SweptRun(recipe: recipe, frozenLayers: $0) }
            + [SweptRun(recipe: recipe, frozenLayers: 0, isAdapted: true)]
    }

    /// Optimizer steps, or updates of PPO.
    var steps: Int {
        switch recipe {
        case .supervised, .reward, .dpo, .kto, .orpo: return 6
        case .separateCritic, .sharedTrunk, .rloo, .grpo, .reinforce, .rejection, .onlineDPO:
            return 4
        }
    }

    /// What a run leaves behind.
    struct Trace {
        let outcome: TrainingOutcome
        /// The parameters of every model that the run may change.
        let bits: [[UInt32]]
        let record: RunRecord
    }

    /// Makes the run, or the rest of it after a checkpoint.
    ///
    /// Models of a resumed run start with other values: all that counts comes from the checkpoint.
    func trace(
        threads: Int, stopAfter stop: Int? = nil, resume: TrainingCheckpoint? = nil
    ) -> Trace {
        let plan = Toy.plan(threads: threads, shards: 8)
        let record = RunRecord()
        let report = record.report(stopAfter: stop, keepingCheckpoints: true)
        let seed: UInt64 = resume == nil ? 1 : 99
        let outcome: TrainingOutcome
        let models: [LanguageModel]
        switch recipe {
        case .supervised:
            let trained = model(seed: seed)
            models = [trained]
            outcome = SupervisedTrainer(options: options(plan), evaluationInterval: 2).train(
                trained, on: Toy.examples(20), heldOut: Toy.examples(7), resume: resume,
                report: report)
        case .reward:
            let trained = model([.score], seed: seed)
            models = [trained]
            outcome = RewardTrainer(
                options: options(plan), centeringCoefficient: 0.01, evaluationInterval: 2
            ).train(
                trained, on: Toy.pairs(prompts: 6), heldOut: Toy.pairs(prompts: 2), resume: resume,
                report: report)
        case .dpo:
            let policy = model(seed: seed)
            models = [policy]
            // The reference is no part of a checkpoint: a resumed run is given the same one.
            outcome = DPOTrainer(
                options: options(plan), loss: .robust(noise: 0.1), sftCoefficient: 0.5,
                evaluationInterval: 2
            ).train(
                policy, reference: .toy(), on: Toy.pairs(prompts: 6),
                heldOut: Toy.pairs(prompts: 2), resume: resume, report: report)
        case .kto:
            let policy = model(seed: seed)
            models = [policy]
            outcome = KTOTrainer(
                options: options(plan), desirableWeight: 1.5, evaluationInterval: 2
            ).train(
                policy, reference: .toy(), on: Toy.labelled(prompts: 6),
                heldOut: Toy.labelled(prompts: 2), resume: resume, report: report)
        case .orpo:
            let policy = model(seed: seed)
            models = [policy]
            outcome = ORPOTrainer(options: options(plan), evaluationInterval: 2).train(
                policy, on: Toy.pairs(prompts: 6), heldOut: Toy.pairs(prompts: 2),
                resume: resume, report: report)
        case .rloo, .grpo, .reinforce, .rejection, .onlineDPO:
            var toy = ToyGroup(updates: steps, objective: objective) {
                $0.epochsPerRollout = 2
                $0.minibatchSize = 8
                $0.upperClipRange = 0.28
            }
            toy.trainer.options.frozenLayers = frozenLayers
            toy.trainer.options.plan = plan
            if isAdapted {
                toy.models.policy = adapted(toy.models.reference, [], seed: seed)
            } else if seed != 1 {
                toy.models.policy.initialize(seed: seed)
            }
            models = [toy.models.policy]
            outcome = toy.trainer.train(
                toy.models, prompts: ToyPPO.prompts, resume: resume, report: report)
        case .separateCritic, .sharedTrunk:
            let toy = toyPPO(plan, seed: seed)
            models = [toy.models.policy] + (toy.models.critic.map { [$0] } ?? [])
            outcome = toy.trainer.train(
                toy.models, prompts: ToyPPO.prompts, resume: resume, report: report)
        }
        let bits = models.map { $0.parameters.flatValues.map(\.bitPattern) }
        return Trace(outcome: outcome, bits: bits, record: record)
    }

    /// What is trained. The base of an adapter is no part of a checkpoint, and a resumed run is given the
    /// same one.
    private func model(_ heads: [ScalarHead] = [], seed: UInt64) -> LanguageModel {
        isAdapted
            ? adapted(.toy(heads: heads), heads, seed: seed) : .toy(heads: heads, seed: seed)
    }

    private func adapted(
        _ base: LanguageModel, _ heads: [ScalarHead], seed: UInt64
    ) -> LanguageModel {
        LanguageModel(adapting: base, with: LoRAConfiguration(rank: 2), heads: heads, seed: seed)
    }

    private var objective: GroupObjective {
        switch recipe {
        case .rloo: .rloo(standardizes: true)
        case .grpo: .grpo(scale: .group, normalizer: .token)
        case .rejection: .rejection
        case .onlineDPO: .onlineDPO(loss: .sigmoid, judge: .hard)
        default: .reinforce
        }
    }

    private func options(_ plan: ParallelPlan) -> TrainingOptions {
        TrainingOptions(
            length: .steps(steps), batchSize: 9, learningRate: 0.01, schedule: .cosine,
            warmupSteps: 2, adam: AdamW.Configuration(weightDecay: 0.1),
            frozenLayers: frozenLayers, plan: plan)
    }

    private func toyPPO(_ plan: ParallelPlan, seed: UInt64) -> ToyPPO {
        var toy = ToyPPO(
            updates: steps, critic: recipe == .sharedTrunk ? .shared : .separate
        ) {
            $0.klController = KLController(
                coefficient: 0.1, rule: .adaptive(target: 0.5, horizon: 100))
        }
        toy.trainer.options.frozenLayers = frozenLayers
        toy.trainer.options.plan = plan
        if isAdapted {
            toy.models.policy = adapted(
                toy.models.reference, toy.models.policy.heads, seed: seed)
            toy.models.critic = toy.models.critic.map { adapted($0, $0.heads, seed: seed) }
        } else if seed != 1 {
            // The reference is no part of a checkpoint: a resumed run is given the same one. Nor are
            // the frozen parameters of another start, which the checkpoint replaces.
            toy.models.policy.initialize(seed: seed)
            toy.models.critic?.initialize(seed: seed)
        }
        return toy
    }
}
