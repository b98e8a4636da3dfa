import Alignment
import Autograd
import LanguageModels
import TerminalUI

/// Steps on preferences, and updates of the methods that compare a prompt's answers.
extension Bench {
    /// Steps on new pairs each: half of a sequence is the prompt, and nothing is known of it before.
    func dpoStep(_ subject: BenchSubject) -> BenchFigures {
        let policy = subject.model(heads: [], seed: seed)
        let timer = StepTimer(seconds: seconds)
        _ = DPOTrainer(options: options(.dpoStep, batchSize: BenchSubject.pairCount)).train(
            policy, reference: subject.model(heads: [], seed: seed),
            on: halvedPairs(subject, count: unseenPairs), report: timer.report)
        return BenchFigures(
            name: .dpoStep, seconds: timer.results, amount: Double(BenchSubject.pairCount),
            unit: "pairs")
    }

    /// Steps on single answers: as many sequences as ``dpoStep(_:)`` has.
    func ktoStep(_ subject: BenchSubject) -> BenchFigures {
        let policy = subject.model(heads: [], seed: seed)
        let timer = StepTimer(seconds: seconds)
        let count = 2 * BenchSubject.pairCount
        _ = KTOTrainer(options: options(.ktoStep, batchSize: count)).train(
            policy, reference: subject.model(heads: [], seed: seed),
            on: labelledAnswers(subject), report: timer.report)
        return BenchFigures(
            name: .ktoStep, seconds: timer.results, amount: Double(count), unit: "answers")
    }

    /// Updates of 16 answers of 32 tokens, 4 to each prompt of 32; scores cost nothing.
    func group(_ name: BenchJobName, _ subject: BenchSubject) -> BenchFigures {
        let models = PolicyModels(
            policy: subject.model(heads: [], seed: seed),
            reference: subject.model(heads: [], seed: seed),
            score: { $0.map { Float($0.completion[0] % 7) } },
            text: { _ in PromptedCompletion(prompt: "", completion: "") })
        let timer = StepTimer(seconds: seconds)
        // No token has the id -1, so that every answer has as many.
        _ = GroupTrainer(
            options: options(name, batchSize: BenchSubject.episodeCount),
            group: groupOptions(name), endOfText: -1
        ).train(models, prompts: groupPrompts(subject), report: timer.report)
        return BenchFigures(
            name: name, seconds: timer.results, amount: Double(BenchSubject.episodeCount),
            unit: "episodes")
    }

    func groupOptions(_ name: BenchJobName) -> GroupOptions {
        var group = GroupOptions(
            objective: name == .rloo
                ? .rloo(standardizes: false) : .grpo(scale: .group, normalizer: .token),
            completionsPerPrompt: 4, klCoefficient: 0.05)
        group.maxNewTokens = 32
        group.evaluationInterval = 0
        group.sampleInterval = 0
        return group
    }

    func groupPrompts(_ subject: BenchSubject) -> [[Int]] {
        tokens(subject, rows: BenchSubject.episodeCount, length: 32)
    }

    /// Pairs of two answers to one prompt, which is the first half of both sides.
    func halvedPairs(_ subject: BenchSubject, count: Int) -> [TokenizedPair] {
        let half = subject.pairLength / 2
        let rows = tokens(subject, rows: 2 * count, length: subject.pairLength)
        return stride(from: 0, to: rows.count, by: 2).map {
            TokenizedPair(
                chosen: rows[$0], rejected: Array(rows[$0][..<half] + rows[$0 + 1][half...]),
                promptID: "\($0)", promptCount: half)
        }
    }

    /// Answers enough that no run sees one twice, each to a prompt of its own.
    func labelledAnswers(_ subject: BenchSubject) -> [LabelledExample] {
        let half = subject.pairLength / 2
        let rows = tokens(subject, rows: 2 * unseenPairs, length: subject.pairLength)
        return rows.enumerated().map { place, row in
            LabelledExample(
                TokenizedExample(prompt: Array(row[..<half]), completion: Array(row[half...])),
                isGood: place.isMultiple(of: 2))
        }
    }

    /// Pairs enough that no run sees one twice.
    var unseenPairs: Int { BenchSubject.pairCount * (StepTimer.mostRuns + 1) }
}
