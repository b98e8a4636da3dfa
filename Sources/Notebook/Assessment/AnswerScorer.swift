import Alignment
import HumanFeedback
import LanguageModels

/// What gives answers a number: published rules, or a reward model.
struct AnswerScorer {
    /// The slot or the last part of the path.
    let name: String
    /// Whether it was learned, so that a policy may have been trained to please it.
    let isLearned: Bool
    let scores: ([Answering.Answer]) throws -> [Float]

    /// The scorers of an assessment; the first one judges.
    ///
    /// - Parameter sources: Slots, rules files or reward model folders; none takes the slots gold and
    ///   reward.
    static func scorers(_ sources: [String], _ context: CommandContext) throws -> [AnswerScorer] {
        if !sources.isEmpty {
            return try sources.map {
                try scorer($0, try context.artifact($0, slots: [], option: "--scorer"), context)
            }
        }
        let filled = ["gold", "reward"].filter { context.cell != nil && context.has($0) }
        guard !filled.isEmpty else {
            let artifact = try context.artifact(nil, slots: ["gold", "reward"], option: "--scorer")
            return [try scorer("gold", artifact, context)]
        }
        return try filled.map {
            try scorer($0, try context.artifact($0, slots: [], option: "--scorer"), context)
        }
    }

    private static func scorer(
        _ source: String, _ artifact: Artifact, _ context: CommandContext
    ) throws -> AnswerScorer {
        let name = source.split(separator: "/").last.map(String.init) ?? source
        switch artifact {
        case .rules(let rules, _):
            return AnswerScorer(name: name, isLearned: false) { answers in
                answers.map { Float(rules.score(prompt: $0.prompt, completion: $0.completion)) }
            }
        case .model(let loaded) where loaded.model.heads.contains(.score):
            let encoder = ExampleEncoder(loaded)
            let plan = context.settings.plan
            return AnswerScorer(name: name, isLearned: true) { answers in
                let examples = try answers.map {
                    try encoder.example(prompt: $0.prompt, completion: $0.completion)
                }
                return sequenceScores(
                    of: loaded.model, on: examples.map { $0.prompt + $0.completion }, plan: plan)
            }
        default:
            throw CommandError(
                "\(source) holds \(artifact.kind), expected scoring rules or a reward model")
        }
    }
}
