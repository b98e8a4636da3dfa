import Alignment
import Autograd
import HumanFeedback
import LanguageModels

/// What a reward model thinks of comparisons: the score of the left answer less that of the right.
struct RewardMargins {
    private let loaded: LoadedModel
    private let plan: ParallelPlan

    init(_ loaded: LoadedModel, plan: ParallelPlan) {
        self.loaded = loaded
        self.plan = plan
    }

    /// The margins, in the order of the comparisons.
    ///
    /// - Throws: `CommandError` for a prompt that is longer than the model's context.
    func margins(of comparisons: [Comparison]) throws -> [Double] {
        if comparisons.isEmpty { return [] }
        let encoder = ExampleEncoder(loaded)
        let pairs = try comparisons.map { row in
            let left = try encoder.example(prompt: row.prompt, completion: row.left)
            let right = try encoder.example(prompt: row.prompt, completion: row.right)
            return TokenizedPair(
                chosen: left.prompt + left.completion, rejected: right.prompt + right.completion,
                promptID: row.promptID)
        }
        return pairScores(of: loaded.model, on: pairs, plan: plan).map {
            Double($0.chosen) - Double($0.rejected)
        }
    }

    /// A name for the model in other programs: the slot with its digest, or the folder's name.
    static func version(of source: String, _ context: CommandContext) -> String {
        if let digest = context.workspace.digest(of: source) {
            return "rlhf-\(source)-\(digest.short)"
        }
        return "rlhf-" + Files.name(of: source)
    }
}
