import LanguageModels

/// Completions of a prompt in an order of preference, as tokens.
public struct TokenizedRanking: Sendable, Equatable {
    /// Prompt and completion of each, end token included; best tier first.
    public var tiers: [[[Int]]]
    public var promptID: String

    public init(tiers: [[[Int]]], promptID: String) {
        self.tiers = tiers
        self.promptID = promptID
    }
}

/// A completion with a rating, as tokens.
public struct TokenizedRating: Sendable, Equatable {
    /// Prompt and completion, end token included.
    public var sequence: [Int]
    /// 1 or 0 for good and bad ones, or a number on any scale.
    public var rating: Float
    public var promptID: String

    public init(sequence: [Int], rating: Float, promptID: String) {
        self.sequence = sequence
        self.rating = rating
        self.promptID = promptID
    }
}

/// What a reward model is trained on; the loss follows from it.
public enum RewardJudgements: Sendable {
    /// Bradley and Terry: the chosen answer of each pair scores higher.
    case pairs([TokenizedPair])
    /// Plackett and Luce: each ranking as one element.
    case rankings([TokenizedRanking])
    /// A classifier of good (1) and bad (0) answers.
    case thumbs([TokenizedRating])
    /// A regression on ratings.
    case ratings([TokenizedRating])

    /// One judgement: what is scored together, what it counts, and the prompt it belongs to.
    struct Item {
        let sequences: [[Int]]
        let weight: Float
        let promptID: String

        var count: Int { sequences.reduce(0) { $0 + $1.count } }

        /// Its sequences, as a model reads them.
        var examples: [TokenizedExample] {
            sequences.map { TokenizedExample(prompt: [], completion: $0) }
        }
    }

    var items: [Item] {
        switch self {
        case .pairs(let pairs):
            pairs.map {
                Item(
                    sequences: [$0.chosen, $0.rejected], weight: $0.weight, promptID: $0.promptID)
            }
        case .rankings(let rankings):
            rankings.map {
                Item(sequences: $0.tiers.flatMap { $0 }, weight: 1, promptID: $0.promptID)
            }
        case .thumbs(let ratings), .ratings(let ratings):
            ratings.map { Item(sequences: [$0.sequence], weight: 1, promptID: $0.promptID) }
        }
    }

    /// How many judgements there are.
    public var count: Int {
        switch self {
        case .pairs(let pairs): pairs.count
        case .rankings(let rankings): rankings.count
        case .thumbs(let ratings), .ratings(let ratings): ratings.count
        }
    }

    /// What is scored for a ranking's completions, in the places of its tiers.
    static func places(_ tiers: [[[Int]]], of items: [Int]) -> [[Int]] {
        var next = 0
        return tiers.map { tier in
            tier.map { _ in
                defer { next += 1 }
                return items[next]
            }
        }
    }
}
