import Alignment
import ArgumentParser
import Autograd
import Glibc
import LanguageModels
import TerminalUI

/// Best-of-n sampling: n answers, of which the reward model's favourite is kept.
struct BestOfArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Give the best of N answers, by the reward model.", valueName: "N"))
    var bestOf: Int?

    @Option(
        help: ArgumentHelp("Reward model folder or slot, for --best-of.", valueName: "DIR"))
    var reward: String?

    func validate() throws {
        if let bestOf, bestOf < 1 { throw ValidationError("--best-of is at least 1") }
        if bestOf == nil && reward != nil {
            throw ValidationError("--reward chooses among the answers of --best-of N; add it")
        }
    }

    /// Reads the reward model; nil where nothing is chosen.
    func chooser(for policy: LoadedModel, _ context: CommandContext) throws -> BestOfSampling? {
        guard let bestOf else { return nil }
        let model = try context.rewardModel(reward)
        try context.requireSameTokens(policy, model, as: "the reward model")
        return BestOfSampling(size: bestOf, reward: model.model, plan: context.settings.plan)
    }
}

/// Keeps the best of every few answers.
///
/// Stiennon et al. 2020 (arXiv:2009.01325). The KL of what is kept to the model that sampled is at most
/// log n − (n − 1)/n nats, and just that where no two answers score the same (Beirami et al. 2024,
/// arXiv:2401.01879).
struct BestOfSampling {
    /// n.
    let size: Int
    let reward: LanguageModel
    let plan: ParallelPlan

    /// The bound on the KL, in nats an answer.
    var kl: Double { log(Double(size)) - Double(size - 1) / Double(size) }

    /// What was chosen, and what that costs.
    func sentence(_ scores: [Float]) -> String {
        let mean = scores.reduce(0) { $0 + Double($1) } / Double(max(1, scores.count))
        return "best of \(size) by the reward model: mean score "
            + "\(formatted(mean, significantDigits: 3)), KL to a single answer at most "
            + "\(formatted(kl, significantDigits: 3)) nats"
    }

    /// The best of every `size` answers, the first of equals, with its score.
    func best(
        of answers: [Answering.Answer]
    ) -> [(answer: Answering.Answer, score: Float)] {
        let scores = sequenceScores(
            of: reward, on: answers.map { $0.tokens.prompt + $0.tokens.completion }, plan: plan)
        return stride(from: 0, to: answers.count, by: size).map { start in
            let best = (start..<(start + size)).max { (scores[$0], -$0) < (scores[$1], -$1) }
            return (answers[best ?? start], scores[best ?? start])
        }
    }
}
