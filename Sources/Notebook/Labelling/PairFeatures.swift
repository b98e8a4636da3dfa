import Alignment
import Autograd
import HumanFeedback
import LanguageModels

/// What a model makes of pairs of answers: the difference of their features, left less right.
struct PairFeatures {
    private let loaded: LoadedModel
    private let plan: ParallelPlan

    init(_ loaded: LoadedModel, plan: ParallelPlan) {
        self.loaded = loaded
        self.plan = plan
    }

    /// - Throws: `CommandError` for a prompt that is longer than the model's context.
    func differences(of comparisons: [Comparison]) throws -> [[Float]] {
        let encoder = ExampleEncoder(loaded)
        let sequences = try comparisons.flatMap { row in
            try [row.left, row.right].map { answer in
                let example = try encoder.example(prompt: row.prompt, completion: answer)
                return example.prompt + example.completion
            }
        }
        let features = sequenceFeatures(of: loaded.model, on: sequences, plan: plan)
        return comparisons.indices.map { index in
            zip(features[2 * index], features[2 * index + 1]).map { $0 - $1 }
        }
    }
}

extension CommandContext {
    /// Decided votes that heads need at least to say anything.
    static let votesForHeads = 10

    /// Comparisons in the order in which a rule asks them.
    ///
    /// `uncertain` takes the reward model's own margins where there is one. The other rules need several
    /// opinions: heads on the model's features that learn from the votes so far.
    ///
    /// - Parameter criterion: Only votes on it teach the heads.
    func choose(
        _ rule: PairSelection, from open: [Comparison], comparisons: [Comparison], votes: [Vote],
        criterion: String, model: String?, randomShare: Double
    ) throws -> [(comparison: Comparison, reason: String)] {
        var worth: [Double] = []
        if rule != .random, !open.isEmpty {
            worth = rule.worth(
                try margins(
                    rule, of: open, comparisons: comparisons,
                    votes: votes.filter { $0.criterion == nil || $0.criterion == criterion },
                    model: model))
        }
        // Another choice when some are answered, so that a queue does not begin as the last one did.
        let answered = UInt64(comparisons.count - open.count)
        return rule.order(
            promptIDs: open.map(\.promptID), worth: worth, randomShare: randomShare,
            seed: settings.seed &+ answered
        ).map { (open[$0.index], $0.reason) }
    }

    /// Member by comparison.
    private func margins(
        _ rule: PairSelection, of open: [Comparison], comparisons: [Comparison], votes: [Vote],
        model: String?
    ) throws -> [[Double]] {
        let loaded = try self.model(model, slots: ["reward", "sft"])
        if rule == .uncertain, loaded.model.heads.contains(.score) {
            return [try RewardMargins(loaded, plan: settings.plan).margins(of: open)]
        }
        let judged = PreferencePairs(comparisons: comparisons, votes: votes).pairs
        guard judged.count >= Self.votesForHeads else {
            throw CommandError(
                "--select \(rule.rawValue) learns from earlier votes on this criterion: "
                    + "\(SentenceParts.count(judged.count, "decided vote")) found, expected at least "
                    + "\(Self.votesForHeads); label some with --select random first")
        }
        let features = PairFeatures(loaded, plan: settings.plan)
        let heads = PreferenceHeads(
            differences: try features.differences(
                of: judged.map {
                    Comparison(prompt: $0.prompt, left: $0.chosen, right: $0.rejected)
                }), groups: judged.map(\.promptID), seed: settings.seed)
        return heads.margins(try features.differences(of: open))
    }
}
