import Glibc

/// Crowd-BT: Bradley and Terry's model of answers, with annotators who are right with probability η.
///
///     P(annotator k prefers i to j) = η_k σ(s_i − s_j) + (1 − η_k) σ(s_j − s_i)
///
/// X. Chen, P. N. Bennett, K. Collins-Thompson, E. Horvitz 2013. η is 1 for a perfect annotator,
/// ½ for a coin, below ½ for one who answers the other way round. Every answer has λ wins and λ
/// losses against a virtual answer of strength 0, and η the prior Beta(10, 1), which says that
/// annotators are more likely to be right than not. Expectation maximization: the hidden variable
/// is whether a vote was meant as it was given. A tie is half a vote for either side.
struct CrowdBradleyTerry {
    /// One annotator's preference.
    struct Judgement {
        let annotator: Int
        let winner: Int
        let loser: Int
        let weight: Double
    }

    /// s of each answer.
    let strengths: [Double]
    /// η of each annotator.
    let reliability: [Double]
    let iterations: Int

    static let priorSuccesses = 9.0

    init(
        _ judgements: [Judgement], answers: Int, annotators: Int, prior: Double = 0.5,
        iterations limit: Int = 500, tolerance: Double = 1e-7
    ) {
        var s = [Double](repeating: 0, count: answers)
        var eta = [Double](repeating: 0.9, count: annotators)
        var count = 0
        while count < limit {
            count += 1
            var hits = [Double](repeating: Self.priorSuccesses, count: annotators)
            var totals = hits
            var games: [BradleyTerry.Games] = []
            for each in judgements {
                let right = eta[each.annotator] * logistic(s[each.winner] - s[each.loser])
                let wrong =
                    (1 - eta[each.annotator]) * logistic(s[each.loser] - s[each.winner])
                let meant = right / (right + wrong)
                hits[each.annotator] += each.weight * meant
                totals[each.annotator] += each.weight
                games.append(
                    BradleyTerry.Games(
                        each.winner, each.loser, firstWins: each.weight * meant,
                        secondWins: each.weight * (1 - meant)))
            }
            let fit = BradleyTerry(
                games, players: answers, prior: prior, start: s, tolerance: tolerance / 10,
                iterations: 50)
            let nextEta = zip(hits, totals).map { $0 / $1 }
            let change = max(
                zip(s, fit.strengths).reduce(0) { max($0, abs($1.0 - $1.1)) },
                zip(eta, nextEta).reduce(0) { max($0, abs($1.0 - $1.1)) })
            s = fit.strengths
            eta = nextEta
            if change < tolerance { break }
        }
        strengths = s
        reliability = eta
        iterations = count
    }
}
