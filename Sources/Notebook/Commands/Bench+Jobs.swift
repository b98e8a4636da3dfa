import Alignment
import Autograd
import LanguageModels
import TerminalUI

extension Bench {
    /// Optimizer steps on rows of random tokens.
    ///
    /// - Parameter turns: Parts that the time is cut into, of which this is one.
    func trainingStep(
        _ name: BenchJobName, _ subject: BenchSubject, turns: Int = 1
    ) -> BenchFigures {
        let batch = subject.trainingBatch
        let examples = examples(subject)
        var model = subject.model(heads: [], seed: seed)
        if name == .loraTraining { model = adapted(model) }
        let timer = StepTimer(
            seconds: seconds / Double(turns), fewestRuns: turns > 1 ? 1 : StepTimer.fewestRuns)
        _ = SupervisedTrainer(options: options(name, batchSize: batch.rows)).train(
            model, on: examples, report: timer.report)
        let tokenCount = Double(batch.rows * batch.length)
        return BenchFigures(
            name: name, seconds: timer.results, amount: tokenCount, unit: "tokens",
            // An adapter leaves out the gradients of the weights, and costs about a hundredth itself.
            operations: (name == .loraTraining ? 4 : 6) * Double(subject.parameterCount)
                * tokenCount)
    }

    /// The model with an adapter of rank 8 on every map.
    private func adapted(_ model: LanguageModel) -> LanguageModel {
        LanguageModel(adapting: model, with: LoRAConfiguration(rank: 8), seed: seed)
    }

    func rewardStep(_ subject: BenchSubject) -> BenchFigures {
        let model = subject.model(heads: [.score], seed: seed)
        let pairs = halvedPairs(subject, count: BenchSubject.pairCount)
        let timer = StepTimer(seconds: seconds)
        _ = RewardTrainer(options: options(.rewardStep, batchSize: pairs.count)).train(
            model, on: pairs, report: timer.report)
        let tokenCount = pairs.count * subject.pairRows
        return BenchFigures(
            name: .rewardStep, seconds: timer.results, amount: Double(pairs.count), unit: "pairs",
            operations: 6 * Double(subject.blockParameterCount) * Double(tokenCount))
    }

    func generation(_ name: BenchJobName, _ subject: BenchSubject, batch: Int) -> BenchFigures {
        let newTokens = 32
        let model = subject.model(heads: [], seed: seed)
        let prompts = tokens(subject, rows: batch, length: 32)
        // Making random weights takes more memory for a moment than decoding with them.
        PeakMemory.reset()
        func results(newTokens: Int, seconds: Double) -> [Double] {
            // No token ends a completion, so that every run makes as many.
            let generator = Generator(
                model: model, maxNewTokens: newTokens, endOfText: nil, seed: seed, plan: plan,
                precision: name.isBF16 ? .bf16 : .f32)
            let timer = StepTimer(seconds: seconds)
            timer.start()
            while true {
                _ = generator.completions(of: prompts)
                if timer.lap() == .stop { return timer.results }
            }
        }
        var figures = BenchFigures(
            name: name, seconds: results(newTokens: newTokens, seconds: seconds),
            amount: Double(batch * newTokens), unit: "tokens")
        figures.firstTokenSeconds = results(newTokens: 1, seconds: seconds / 4)
        return figures
    }

    func ppo(_ name: BenchJobName, _ subject: BenchSubject, sharesTrunk: Bool) -> BenchFigures {
        let reward = subject.model(heads: [.score], seed: seed &+ 1)
        let plan = plan
        let models = PolicyModels(
            policy: subject.model(heads: sharesTrunk ? [.value] : [], seed: seed),
            reference: subject.model(heads: [], seed: seed),
            critic: sharesTrunk ? nil : LanguageModel(copying: reward),
            score: {
                sequenceScores(of: reward, on: $0.map { $0.prompt + $0.completion }, plan: plan)
            },
            text: { _ in PromptedCompletion(prompt: "", completion: "") })
        let timer = StepTimer(seconds: seconds)
        let prompts = prompts(subject)
        // No token has the id -1, so that every episode has as many.
        _ = PPOTrainer(
            options: options(name, batchSize: prompts.count), ppo: ppoOptions(name), endOfText: -1
        ).train(models, prompts: prompts, report: timer.report)
        return BenchFigures(
            name: name, seconds: timer.results, amount: Double(prompts.count), unit: "episodes")
    }

    /// What a job that trains will need; nil for the others.
    func memory(_ name: BenchJobName, _ subject: BenchSubject) -> MemoryEstimate? {
        func sizes(_ heads: [ScalarHead]) -> ModelSizes {
            ModelSizes(subject.configuration, heads: heads)
        }
        switch name {
        case .trainingStep, .trainingStepBF16, .tutorialStep, .loraTraining:
            let subject = name == .tutorialStep ? .tutorial : subject
            return .supervised(
                name == .loraTraining
                    ? ModelSizes(adapted(LanguageModel(subject.configuration)))
                    : ModelSizes(subject.configuration),
                options: options(name, batchSize: subject.trainingBatch.rows),
                examples: examples(subject))
        case .rewardStep:
            let pairs = halvedPairs(subject, count: BenchSubject.pairCount)
            return .reward(
                sizes([.score]), options: options(name, batchSize: pairs.count), pairs: pairs)
        case .ppoSeparate, .ppoShared:
            let prompts = prompts(subject)
            let isShared = name == .ppoShared
            return .ppo(
                policy: sizes(isShared ? [.value] : []), reference: sizes([]),
                critic: isShared ? nil : sizes([.score]), reward: sizes([.score]),
                options: options(name, batchSize: prompts.count), ppo: ppoOptions(name),
                prompts: prompts)
        case .dpoStep:
            let pairs = halvedPairs(subject, count: unseenPairs)
            return .dpo(
                policy: sizes([]), reference: sizes([]),
                options: options(name, batchSize: BenchSubject.pairCount), pairs: pairs)
        case .ktoStep:
            let rows = labelledAnswers(subject)
            return .kto(
                policy: sizes([]), reference: sizes([]),
                options: options(name, batchSize: 2 * BenchSubject.pairCount), rows: rows)
        case .rloo, .grpo:
            let prompts = groupPrompts(subject)
            return .group(
                policy: sizes([]), reference: sizes([]), reward: nil,
                options: options(name, batchSize: BenchSubject.episodeCount),
                group: groupOptions(name), prompts: prompts)
        case .generate1, .generate16, .generate64, .generate1BF16, .start: return nil
        }
    }

    // MARK: - Parts

    func options(_ name: BenchJobName, batchSize: Int) -> TrainingOptions {
        TrainingOptions(
            length: .steps(StepTimer.mostRuns + 1), batchSize: batchSize, learningRate: 1e-6,
            schedule: .constant, seed: seed, plan: plan, precision: name.isBF16 ? .bf16 : .f32)
    }

    private func ppoOptions(_ name: BenchJobName) -> PPOOptions {
        var ppo = PPOOptions()
        ppo.minibatchSize = BenchSubject.episodeCount
        ppo.maxNewTokens = 32
        ppo.critic =
            name == .ppoShared
            ? .sharedTrunk(coefficient: 0.1) : .separate(learningRate: 1e-6)
        ppo.evaluationInterval = 0
        ppo.sampleInterval = 0
        return ppo
    }

    private func examples(_ subject: BenchSubject) -> [TokenizedExample] {
        let batch = subject.trainingBatch
        return tokens(subject, rows: batch.rows, length: batch.length).map {
            TokenizedExample(prompt: [], completion: $0)
        }
    }

    private func prompts(_ subject: BenchSubject) -> [[Int]] {
        tokens(subject, rows: BenchSubject.episodeCount, length: 32)
    }

    func tokens(_ subject: BenchSubject, rows: Int, length: Int) -> [[Int]] {
        (0..<rows).map { row in
            var random = RandomStream(seed: seed, purpose: RandomPurpose("bench"), sample: row)
            return (0..<length).map { _ in
                random.nextIndex(below: subject.configuration.vocabularySize)
            }
        }
    }
}
