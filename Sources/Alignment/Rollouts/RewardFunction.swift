/// A completion to be scored.
public struct RewardQuery: Sendable, Equatable {
    public let prompt: String
    public let completion: String
    /// The completion's tokens, the end token among them.
    public let tokens: [Int]
    /// Prompt and completion as tokens, for scorers that are models.
    public let sequence: [Int]

    public init(prompt: String, completion: String, tokens: [Int], sequence: [Int] = []) {
        self.prompt = prompt
        self.completion = completion
        self.tokens = tokens
        self.sequence = sequence
    }
}

/// What a completion is given: as a whole, or token by token.
public enum RewardScore: Sendable, Equatable {
    case sequence(Float)
    /// One number for each token of the completion.
    case tokens([Float])

    public var total: Float {
        switch self {
        case .sequence(let score): score
        case .tokens(let scores): scores.reduce(0, +)
        }
    }
}

/// Anything that scores completions of prompts: a rule, a model, or a program of one's own.
public protocol RewardFunction {
    /// The name of its part among the metrics: `rewards/length` for "length".
    var name: String { get }
    /// One score for each completion.
    func scores(of queries: [RewardQuery]) -> [RewardScore]
}

/// Several reward functions with weights, beside the reward model.
public struct CombinedReward {
    public struct Part {
        public let weight: Float
        public let function: any RewardFunction

        public init(weight: Float, function: any RewardFunction) {
            self.weight = weight
            self.function = function
        }
    }

    public let parts: [Part]

    public init(_ parts: [Part]) { self.parts = parts }

    /// What all parts together give to a completion.
    public struct Score: Equatable, Sendable {
        /// Σ weight · score of the parts that judge completions as wholes.
        public var whole: Float = 0
        /// The same of those that judge tokens, `[T]`; empty where there are none.
        public var tokens: [Float] = []
        /// Each part's own total, not weighted.
        public var parts: [Float] = []

        public var total: Float { tokens.reduce(whole, +) }
    }

    public func scores(of queries: [RewardQuery]) -> [Score] {
        var result = [Score](repeating: Score(), count: queries.count)
        for part in parts {
            for (place, score) in part.function.scores(of: queries).enumerated() {
                result[place].parts.append(score.total)
                switch score {
                case .sequence(let score): result[place].whole += part.weight * score
                case .tokens(let scores):
                    precondition(
                        scores.count == queries[place].tokens.count,
                        "\(part.function.name): \(scores.count) scores for "
                            + "\(queries[place].tokens.count) tokens")
                    if result[place].tokens.isEmpty {
                        result[place].tokens = [Float](repeating: 0, count: scores.count)
                    }
                    for (token, score) in scores.enumerated() {
                        result[place].tokens[token] += part.weight * score
                    }
                }
            }
        }
        return result
    }
}
