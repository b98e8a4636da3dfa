import Glibc
public import OrderedJSON

/// The answers to each prompt ranked by votes on pairs of them.
///
/// Each prompt is ranked by itself, for answers to different prompts never met. An answer has few
/// votes, so a virtual half win and half loss, λ = 0.5, hold its strength (Bradley and Terry 1952,
/// with the virtual node of Chen et al. 2013):
///
///     ℓ(θ) = Σ w_ij log σ(θ_i − θ_j) + λ Σ_i (log σ(θ_i) + log σ(−θ_i))
///
/// Strengths are taken from their mean, with intervals of ± 1.96 s from the inverse of −ℓ″. They do not
/// come from drawing votes again: three equal votes are equal however they are drawn, and nothing would
/// seem uncertain.
public struct AnswerRanking: Equatable, Sendable {
    /// One answer.
    public struct Place: Equatable, Sendable {
        public let answer: String
        /// Votes on pairs with this answer.
        public let votes: Int
        /// θ less the mean of the prompt's answers.
        public let strength: Double
        /// The same on Elo's scale.
        public let rating: Double
        /// Of 95 %, on that scale; nil where there are too many answers to compute it.
        public let interval: Interval?
    }

    /// The answers to one prompt, best first.
    public struct Group: Equatable, Sendable, PromptGrouped {
        public let prompt: String
        public let promptID: String
        public let places: [Place]
        public let votes: Int
        /// Whether every answer was compared with every other, over others at least. Where not, only
        /// the prior says how answers of different islands stand to each other.
        public let isConnected: Bool
        let isSimulated: Bool

        /// The answers in order; equally strong ones share a tier.
        public var ranking: Ranking {
            var tiers: [[String]] = []
            var last = Double.infinity
            for place in places {
                if last - place.strength > 1e-6 {
                    tiers.append([])
                    last = place.strength
                }
                tiers[tiers.count - 1].append(place.answer)
            }
            return Ranking(
                prompt: prompt, tiers: tiers, promptID: promptID, isSimulated: isSimulated)
        }
    }

    /// In the order in which the votes name them.
    public let groups: [Group]
    public let votes: Int
    public let counts: [ReasonCount]

    /// Virtual wins, and losses, of each answer.
    static let prior = 0.5
    /// Intervals take the cube of the number of answers.
    static let mostWithIntervals = 500

    /// Ranks the answers of the comparisons that were voted on.
    ///
    /// A tie and both bad count as half a win for each; of several votes of one annotator on a pair the
    /// last counts. Skips, votes on unknown pairs and on two answers that are the same are left out
    /// and counted.
    public init(_ votes: [Vote], comparisons: [Comparison]) {
        let known = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        var tally = ReasonTally()
        var rounds: [Rounds] = []
        var places: [ExactText: Int] = [:]
        for vote in votes.lastOfEach {
            guard let pair = known[ExactText(vote.comparisonID)] else {
                tally.add(.unknownPair)
                continue
            }
            if vote.verdict == .skip {
                tally.add(.skipped)
            } else if ExactText(pair.left) == ExactText(pair.right) {
                tally.add(.identicalAnswers)
            } else {
                let id = ExactText(pair.promptID)
                let place = places[id] ?? rounds.count
                if place == rounds.count {
                    places[id] = place
                    rounds.append(Rounds(of: pair))
                }
                rounds[place].add(vote, on: pair)
            }
        }
        groups = rounds.map(\.group)
        self.votes = groups.reduce(0) { $0 + $1.votes }
        counts = tally.counts
    }

    /// The same as one JSON object.
    public var json: JSON {
        [
            "prompts": .integer(groups.count), "votes": .integer(votes),
            "not_connected": .integer(groups.count { !$0.isConnected }),
            "rankings": .array(
                groups.map { group in
                    [
                        "prompt": .string(group.prompt), "prompt_id": .string(group.promptID),
                        "connected": .bool(group.isConnected),
                        "answers": .array(group.places.map(\.json)),
                    ]
                }),
            "counts": counts.json,
        ]
    }
}

extension AnswerRanking.Place {
    fileprivate var json: JSON {
        [
            "answer": .string(answer), "votes": .integer(votes), "strength": .number(strength),
            "rating": .number(rating), "rating_interval": interval?.json ?? .null,
        ]
    }
}

/// The votes on the answers to one prompt.
private struct Rounds {
    let prompt: String
    let promptID: String
    private var answers: [String] = []
    private var places: [ExactText: Int] = [:]
    private var games: [BradleyTerry.Games] = []
    private var isSimulated = true

    init(of pair: Comparison) {
        prompt = pair.prompt
        promptID = pair.promptID
    }

    mutating func add(_ vote: Vote, on pair: Comparison) {
        let (left, right) = (place(pair.left), place(pair.right))
        isSimulated = isSimulated && vote.isSimulated
        games.append(
            BradleyTerry.Games(
                left, right, firstWins: vote.verdict == .left ? 1 : 0,
                secondWins: vote.verdict == .right ? 1 : 0,
                ties: vote.verdict.isDecided ? 0 : 1))
    }

    private mutating func place(_ answer: String) -> Int {
        if let place = places[ExactText(answer)] { return place }
        places[ExactText(answer)] = answers.count
        answers.append(answer)
        return answers.count - 1
    }

    var group: AnswerRanking.Group {
        let count = answers.count
        let fit = BradleyTerry(games, players: count, prior: AnswerRanking.prior)
        let mean = fit.strengths.reduce(0, +) / Double(count)
        let strengths = fit.strengths.map { $0 - mean }
        let errors =
            count > AnswerRanking.mostWithIntervals
            ? nil : fit.centredErrors(games, prior: AnswerRanking.prior)
        var votes = [Int](repeating: 0, count: count)
        for game in games {
            votes[game.first] += 1
            votes[game.second] += 1
        }
        let order = answers.indices.sorted { a, b in
            let (one, other) = (strengths[a], strengths[b])
            return abs(one - other) > 1e-6 ? one > other : a < b
        }
        return AnswerRanking.Group(
            prompt: prompt, promptID: promptID,
            places: order.map { player in
                let strength = strengths[player]
                return AnswerRanking.Place(
                    answer: answers[player], votes: votes[player], strength: strength,
                    rating: Elo.scale(strength),
                    interval: errors.map {
                        Interval(
                            lower: Elo.scale(strength - 1.96 * $0[player]),
                            upper: Elo.scale(strength + 1.96 * $0[player]))
                    })
            }, votes: games.count, isConnected: isConnected, isSimulated: isSimulated)
    }

    /// Whether the comparisons hang together, whoever won.
    private var isConnected: Bool {
        let met = games.map { BradleyTerry.Games($0.first, $0.second, ties: 1) }
        return BradleyTerry.isComparable(met, players: answers.count)
    }
}
