import Alignment
import HumanFeedback
import OrderedJSON
import TerminalUI

/// What moving away from the baseline buys: models, and best-of-n of the baseline, by their KL.
///
/// Gao et al. 2022 (arXiv:2210.10760). A policy that lies under the curve of best-of-n was not worth
/// its training.
struct Frontier {
    /// A place on it.
    struct Point {
        let name: String
        /// Nats an answer; NaN where it cannot be known.
        let kl: Double
        /// What chose, or what the policy was trained on: the proxy.
        let proxy: Double
        /// What judges.
        let judged: Estimate
        let winRate: Double
    }

    let judge: String
    let proxy: String
    let models: [Point]
    /// n of each point of `bestOf`.
    private(set) var sizes: [Int] = []
    private(set) var bestOf: [Point] = []
    private(set) var promptCount = 0
    /// Best-of-n at the KL of the first model, and by how much the model is better there.
    private(set) var atEqualKL: (n: Int, point: Point, lead: Estimate)?
    /// n that the first model's KL would take, where that is more than were drawn.
    private(set) var wantsMore = false

    /// Prompts that best-of-n is measured on at least, and draws that may go into more of them.
    private static let fewestPrompts = 40
    private static let drawLimit = 2_560

    /// - Parameters:
    ///   - limit: n at most; below 2 leaves best-of-n out.
    ///   - draws: Answers of the baseline: `count` of each of these prompts, prompt by prompt.
    init(
        models: [Point], candidate: AssessedModel, baseline: AssessedModel, prompts: [Prompt],
        scorers: [AnswerScorer], limit: Int, seed: UInt64,
        draws: (_ prompts: [String], _ count: Int) throws -> [Answering.Answer]
    ) throws {
        let proxyIndex = scorers.lastIndex { $0.isLearned } ?? 0
        judge = scorers[0].name
        proxy = scorers[proxyIndex].name
        self.models = models
        guard limit >= 2, let kl = models.first?.kl else { return }
        let wanted = BestOfN.size(atKL: kl, limit: limit)
        wantsMore = wanted == nil
        let drawn = max(min(limit, 16), wanted ?? limit)
        // Spread over the prompts, as many as are answered in reasonable time.
        let count = min(prompts.count, max(Self.fewestPrompts, Self.drawLimit / drawn))
        let places = (0..<count).map { $0 * prompts.count / count }
        promptCount = count
        let answers = try draws(places.map { prompts[$0].text }, drawn)
        func byPrompt<Value>(_ values: [Value]) -> [[Value]] {
            places.indices.map { Array(values[($0 * drawn)..<(($0 + 1) * drawn)]) }
        }
        let judgedScores = byPrompt(try scorers[0].scores(answers))
        let proxyScores =
            proxyIndex == 0 ? judgedScores : byPrompt(try scorers[proxyIndex].scores(answers))
        let wins = zip(places, judgedScores).map { place, scores in
            scores.map { WinRate.outcome($0, baseline.scores[0][place]) ?? 0.5 }
        }
        func point(_ n: Int) -> Point {
            func estimate(_ values: [[Double]]) -> Estimate {
                BestOfN.estimate(of: n, scores: proxyScores, values: values, seed: seed)
            }
            return Point(
                name: "best of \(n)", kl: BestOfN.kl(n),
                proxy: estimate(proxyScores.map { $0.map(Double.init) }).value,
                judged: estimate(judgedScores.map { $0.map(Double.init) }),
                winRate: estimate(wins).value)
        }
        var n = 1
        while n < drawn {
            sizes.append(n)
            n *= 2
        }
        sizes.append(drawn)
        bestOf = sizes.map(point)
        // Where the policy went farther than any n that was drawn, the last one stands for a lower
        // bound of what best-of-n would give.
        guard kl.isFinite else { return }
        let equal = wanted ?? drawn
        let lead = zip(places, zip(proxyScores, judgedScores)).map { place, scores in
            Double(candidate.scores[0][place])
                - BestOfN.expectedValue(
                    of: equal, scores: scores.0, values: scores.1.map(Double.init))
        }
        let ids = places.map { prompts[$0].id }
        atEqualKL = (equal, point(equal), .bootstrap(lead, groups: ids, seed: seed))
    }

    /// The line of the page.
    var summary: String? {
        guard let equal = atEqualKL, let model = models.first else { return nil }
        guard equal.n > 1 else {
            return "best of n is not compared: \(model.name) shows no KL from the baseline"
        }
        let lead = equal.lead
        let verdict =
            lead.lower > 0
            ? "\(model.name) is ahead by"
            : lead.upper < 0
                ? "\(model.name) is behind by" : "no difference shown,"
        let value = lead.upper < 0 ? -lead.value : lead.value
        let interval =
            lead.upper < 0
            ? Estimate(value: value, lower: -lead.upper, upper: -lead.lower, count: lead.count)
            : lead
        return "\(equal.point.name)\(wantsMore ? ", its KL still below" : ", at the same KL"): "
            + "\(judge) \(formatted(equal.point.judged.value, significantDigits: 3)), win rate "
            + "\(formatted(equal.point.winRate, decimals: 2)); \(verdict) "
            + EstimateText.short(interval)
    }

    var facts: JSONObject {
        var facts = JSONObject()
        if let equal = atEqualKL {
            facts["best_of_n/n"] = .integer(equal.n)
            facts["best_of_n/kl"] = .number(equal.point.kl)
            facts["best_of_n/win_rate"] = .number(equal.point.winRate)
            facts.add("best_of_n/score", equal.point.judged)
            facts.add("best_of_n/lead", equal.lead)
        }
        return facts
    }

    var table: Table {
        let rows = (models.sorted { $0.kl < $1.kl } + bestOf).map { point in
            [
                point.name, point.kl.isNaN ? "–" : formatted(point.kl, significantDigits: 3),
                formatted(point.proxy, significantDigits: 3), EstimateText.short(point.judged),
                formatted(point.winRate, decimals: 3),
            ]
        }
        return Table(
            headers: [
                "", "KL, nats", "mean by \(proxy)" + (proxy == judge ? " " : ""),
                "mean by \(judge) [95 %]", "win rate",
            ], rows: rows)
    }

    var plot: PlotData {
        var series = [
            Series(
                name: "best of n", points: bestOf.map { PlotPoint(x: $0.kl, y: $0.judged.value) })
        ]
        // Models in the order of their KL are one path: checkpoints of a run.
        let path = models.filter { $0.kl.isFinite }.sorted { $0.kl < $1.kl }
        series.append(
            Series(
                name: path.count == 1 ? path[0].name : "models",
                points: path.map { PlotPoint(x: $0.kl, y: $0.judged.value) },
                mark: path.count == 1 ? .points : .line))
        return PlotData(
            title: "\(judge) by KL", x: "KL, nats an answer", y: "score",
            series: series.filter { !$0.points.isEmpty })
    }
}

/// Estimates in words.
enum EstimateText {
    /// `3.31 [2.98, 3.63]`
    static func short(_ estimate: Estimate) -> String {
        func text(_ value: Double) -> String {
            value.isFinite ? formatted(value, decimals: 2) : "–"
        }
        return "\(text(estimate.value)) [\(text(estimate.lower)), \(text(estimate.upper))]"
    }

    /// A share: `0.925 [0.880, 0.954]`
    static func share(_ estimate: Estimate) -> String {
        func text(_ value: Double) -> String { formatted(value, decimals: 3) }
        return "\(text(estimate.value)) [\(text(estimate.lower)), \(text(estimate.upper))]"
    }

    /// `+3.31 [2.98, 3.63]`
    static func difference(_ estimate: Estimate) -> String {
        (estimate.value > 0 ? "+" : "") + short(estimate)
    }
}

extension JSONObject {
    /// An estimate with the ends of its interval: `name`, `name_lower`, `name_upper`.
    mutating func add(_ name: String, _ estimate: Estimate) {
        self[name] = .number(estimate.value)
        self[name + "_lower"] = .number(estimate.lower)
        self[name + "_upper"] = .number(estimate.upper)
    }
}
