/// One sampled completion with everything PPO needs to learn from it.
///
/// The per-token arrays hold exactly the completion's tokens, `[T]`, the end-of-text token
/// included where the model produced one. There is no padding: padding exists only inside a batch.
///
/// Also known as a trajectory (torchtune) or an experience (trlX).
public struct Rollout: Equatable, Sendable {
    /// The prompt's tokens, as the policy read them.
    public let promptTokens: [Int]
    /// The sampled tokens, `[T]` with T ≥ 1.
    public let completionTokens: [Int]
    /// log π(token) under the distribution the token was sampled from, `[T]`.
    public let logProbabilities: [Float]
    /// log π_ref(token) under the frozen reference model, at the same temperature, `[T]`.
    public let referenceLogProbabilities: [Float]
    /// V(state before the token), `[T]`; empty for methods without a value function.
    public let values: [Float]
    /// The score of the whole completion: the scorers' number after any `MissingEndPenalty`.
    public let score: Float
    /// The part of the score that stands at single tokens, `[T]`; empty where all of it stands at
    /// the last one.
    public let tokenScores: [Float]
    /// What the reward model alone said.
    public let learnedScore: Float
    /// What every rule beside it said by itself.
    public let ruleScores: [Float]
    /// Whether the completion ended with the end-of-text token, rather than at the length limit.
    public let endedWithEndOfText: Bool

    /// Records one sampled completion.
    ///
    /// - Precondition: The completion is not empty, and every per-token array has its length.
    public init(
        promptTokens: [Int], completionTokens: [Int], logProbabilities: [Float],
        referenceLogProbabilities: [Float], values: [Float] = [], score: Float,
        tokenScores: [Float] = [], learnedScore: Float? = nil, ruleScores: [Float] = [],
        endedWithEndOfText: Bool
    ) {
        let count = completionTokens.count
        precondition(count > 0, "rollout: a completion has at least one token")
        precondition(
            logProbabilities.count == count && referenceLogProbabilities.count == count,
            "rollout: \(count) tokens, but \(logProbabilities.count) log-probabilities and "
                + "\(referenceLogProbabilities.count) reference log-probabilities")
        precondition(
            values.isEmpty || values.count == count,
            "rollout: \(count) tokens, but \(values.count) values")
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.logProbabilities = logProbabilities
        self.referenceLogProbabilities = referenceLogProbabilities
        self.values = values
        precondition(
            tokenScores.isEmpty || tokenScores.count == count,
            "rollout: \(count) tokens, but \(tokenScores.count) scores of tokens")
        self.score = score
        self.tokenScores = tokenScores
        self.learnedScore = learnedScore ?? score
        self.ruleScores = ruleScores
        self.endedWithEndOfText = endedWithEndOfText
    }

    /// The scores of single tokens, scaled as the whole score was when it became `scaled`.
    func tokenScores(scaledTo scaled: Float) -> [Float] {
        if scaled == score || score == 0 { return tokenScores }
        return tokenScores.map { $0 * (scaled / score) }
    }
}
