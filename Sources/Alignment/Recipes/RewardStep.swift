import Autograd

/// What a reward model says of some judgements, and the loss of it.
struct RewardStep {
    let judgements: RewardJudgements
    let centeringCoefficient: Float

    /// The scores of one judgement, as far as metrics look at them.
    struct Result {
        /// The pairs it implies.
        var pairs: [PairScore] = []
        /// Its score beside its rating.
        var rated: [(score: Float, rating: Float)] = []
    }

    /// - Parameters:
    ///   - items: The judgements, by their numbers.
    ///   - scores: Of all their sequences.
    ///   - places: Where the scores of each judgement's sequences are.
    ///   - weights: What each judgement counts.
    func loss(
        of items: [Int], scores: Tensor, places: [[Int]], weights: [Float]
    ) -> Tensor {
        switch judgements {
        case .pairs(let pairs):
            return bradleyTerryLoss(
                chosen: scores.elements(at: places.map { $0[0] }),
                rejected: scores.elements(at: places.map { $0[1] }),
                margins: items.map { pairs[$0].margin }, weights: weights,
                confidences: items.map { pairs[$0].confidence },
                centeringCoefficient: centeringCoefficient)
        case .rankings(let rankings):
            return plackettLuceLoss(
                scores: scores,
                rankings: zip(items, places).map {
                    RewardJudgements.places(rankings[$0].tiers, of: $1)
                }, weights: weights)
        case .thumbs(let ratings):
            return classificationLoss(
                scores: scores.elements(at: places.map { $0[0] }),
                targets: items.map { ratings[$0].rating }, weights: weights)
        case .ratings(let ratings):
            return regressionLoss(
                scores: scores.elements(at: places.map { $0[0] }),
                targets: items.map { ratings[$0].rating }, weights: weights)
        }
    }

    /// What metrics look at, for each of the judgements.
    func results(of items: [Int], scores: [Float], places: [[Int]]) -> [Result] {
        zip(items, places).map { item, places in
            switch judgements {
            case .pairs:
                return Result(pairs: [
                    PairScore(chosen: scores[places[0]], rejected: scores[places[1]])
                ])
            case .rankings(let rankings):
                let tiers = RewardJudgements.places(rankings[item].tiers, of: places)
                return Result(
                    pairs: tiers.indices.flatMap { tier in
                        tiers[tier].flatMap { better in
                            tiers[(tier + 1)...].joined().map {
                                PairScore(chosen: scores[better], rejected: scores[$0])
                            }
                        }
                    })
            case .thumbs(let ratings), .ratings(let ratings):
                return Result(rated: [(scores[places[0]], ratings[item].rating)])
            }
        }
    }

    /// Adds what the results say together.
    func append(_ results: [Result], to row: inout MetricRow) {
        let rated = results.flatMap(\.rated)
        switch judgements {
        case .pairs, .rankings: PairScores(results.flatMap(\.pairs)).append(to: &row)
        case .thumbs:
            let right = rated.count { ($0.score > 0) == ($0.rating > 0.5) }
            row.append("rewards/accuracies", Double(right) / Double(max(1, rated.count)))
            let good = Summary(rated.filter { $0.rating > 0.5 }.map(\.score)).mean
            let bad = Summary(rated.filter { $0.rating <= 0.5 }.map(\.score)).mean
            for (key, value) in [
                ("rewards/chosen", good), ("rewards/rejected", bad),
                ("rewards/margins", good - bad),
            ] where value.isFinite { row.append(key, value) }
        case .ratings:
            let error = rated.reduce(0.0) { $0 + abs(Double($1.score) - Double($1.rating)) }
            row.append("rewards/error", error / Double(max(1, rated.count)))
        }
    }
}
