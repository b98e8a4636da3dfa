import LanguageModels

/// The pairs of a step, the chosen answers with every token but their first to be predicted.
struct OddsBatch {
    struct Member {
        /// The whole chosen sequence after its first token.
        let chosen: TokenizedExample
        let rejected: TokenizedExample
        /// Predicted tokens of the chosen sequence that belong to the prompt.
        let leadCount: Int
        let key: Int
        /// Its share of the batch's weights.
        let weight: Float

        var count: Int { chosen.count + rejected.count }
    }

    let members: [Member]
    /// What a token counts in the supervised loss.
    let tokenWeight: Float

    init(_ all: [TokenizedPair], rows: [Int], firstKey: Int = 0) {
        let total = rows.reduce(0) { $0 + all[$1].weight }
        members = rows.map { row in
            let pair = all[row]
            let lead = max(1, pair.promptCount)
            return Member(
                chosen: TokenizedExample(
                    prompt: Array(pair.chosen.prefix(1)),
                    completion: Array(pair.chosen.dropFirst())),
                rejected: TokenizedExample(
                    prompt: Array(pair.rejected.prefix(lead)),
                    completion: Array(pair.rejected.dropFirst(lead))),
                leadCount: lead - 1, key: firstKey + 2 * row,
                weight: total > 0 ? pair.weight / total : 0)
        }
        tokenWeight = 1 / Float(max(1, members.reduce(0) { $0 + $1.chosen.completion.count }))
    }
}

/// What a model says of pairs, and the losses that follow.
struct OddsResult {
    var loss = 0.0
    var supervisedLoss = 0.0
    /// The odds-ratio term, not weighted.
    var oddsLoss = 0.0
    var logRatio = 0.0
    /// log π of both answers: a mean over tokens, and a sum.
    var pairs: [(mean: PairScore, sum: PairScore)] = []

    init() {}

    init(_ parts: [OddsResult]) {
        for part in parts {
            loss += part.loss
            supervisedLoss += part.supervisedLoss
            oddsLoss += part.oddsLoss
            logRatio += part.logRatio
            pairs += part.pairs
        }
    }

    /// β times the mean log-probability of a token: TRL's rewards of ORPO.
    func scores(beta: Float) -> PairScores {
        PairScores(
            pairs.map {
                PairScore(chosen: beta * $0.mean.chosen, rejected: beta * $0.mean.rejected)
            })
    }

    func figures(beta: Float) -> [(key: String, value: Double)] {
        let scores = scores(beta: beta)
        let sums = PairScores(pairs.map(\.sum))
        return [
            ("nll_loss", supervisedLoss), ("log_odds_ratio", -oddsLoss),
            ("log_odds_chosen", logRatio), ("rewards/accuracies", scores.accuracy),
            ("rewards/chosen", scores.meanChosen), ("rewards/rejected", scores.meanRejected),
            ("rewards/margins", scores.meanMargin), ("logps/chosen", sums.meanChosen),
            ("logps/rejected", sums.meanRejected),
        ]
    }
}
