public import OrderedJSON

/// Models ranked by votes on pairs of their answers.
public struct ModelRanking: Equatable, Sendable {
    /// One model.
    public struct Place: Equatable, Sendable {
        public let name: String
        /// Battles it took part in.
        public let battles: Int
        /// θ of Bradley and Terry's model, mean 0.
        public let strength: Double
        /// The same on Elo's scale, with its interval.
        public let rating: Double
        public let interval: Interval?
        /// Elo by the order of the votes, and by the reverse of it.
        public let elo: Double
        public let eloReversed: Double
    }

    /// Best first.
    public let places: [Place]
    public let battles: Int
    public let ties: Int
    /// Davidson's ν, 0 where ties count as half wins.
    public let tieParameter: Double
    /// Whether some models never lost to (or beat) the others, so that a weak prior had to hold
    /// the strengths.
    public let needsPrior: Bool
    public let counts: [ReasonCount]

    /// A virtual half win and half loss for each model, where the votes alone do not compare all.
    static let weakPrior = 0.5

    /// Ranks the models named in the comparisons.
    ///
    /// Intervals are percentiles over `resamples` draws of whole prompts: votes on one prompt stand
    /// or fall together. Both bad counts as a tie; of several votes of one annotator on a pair the last
    /// counts; skips and pairs without names are left out.
    public init(
        _ votes: [Vote], comparisons: [Comparison], ties: BradleyTerry.Ties = .halfWins,
        resamples: Int = 200, seed: UInt64 = 42
    ) {
        var battles = Battles()
        battles.add(votes, comparisons: comparisons)
        let players = battles.names.count
        let games = battles.games(weights: nil)
        let prior = BradleyTerry.isComparable(games, players: players) ? 0 : Self.weakPrior
        let fit = BradleyTerry(games, players: players, ties: ties, prior: prior)
        let random = KeyedRandom(seed: seed, "ranking", "bootstrap")
        var drawn = [[Double]](repeating: [], count: players)
        for resample in 0..<resamples where players > 1 {
            var weights = [Int](repeating: 0, count: battles.prompts.count)
            for draw in weights.indices {
                let place = resample &* weights.count &+ draw
                weights[random.index(below: weights.count, at: place)] += 1
            }
            let sample = battles.games(weights: weights)
            let comparable = BradleyTerry.isComparable(sample, players: players)
            let refit = BradleyTerry(
                sample, players: players, ties: ties,
                prior: comparable ? prior : Self.weakPrior, start: fit.strengths, tolerance: 1e-6)
            for player in 0..<players { drawn[player].append(Elo.scale(refit.strengths[player])) }
        }
        let inOrder = battles.rounds.map { (first: $0.first, second: $0.second, result: $0.result) }
        let elo = Elo.ratings(inOrder, players: players)
        let reversed = Elo.ratings(inOrder.reversed(), players: players)
        places = (0..<players).map { player in
            Place(
                name: battles.names[player],
                battles: battles.rounds.count { $0.first == player || $0.second == player },
                strength: fit.strengths[player], rating: Elo.scale(fit.strengths[player]),
                interval: Interval(quantilesOf: drawn[player]), elo: elo[player],
                eloReversed: reversed[player])
        }.sorted { ($0.strength, $1.name) > ($1.strength, $0.name) }
        self.battles = battles.rounds.count
        self.ties = battles.rounds.count { $0.result == 0.5 }
        tieParameter = fit.tieParameter
        needsPrior = prior > 0
        counts = battles.tally.counts
    }

    /// The same as one JSON object.
    public var json: JSON {
        [
            "battles": .integer(battles), "ties": .integer(ties),
            "davidson_nu": tieParameter > 0 ? .number(tieParameter) : .null,
            "needs_prior": .bool(needsPrior),
            "models": .array(
                places.map { place in
                    [
                        "model": .string(place.name), "battles": .integer(place.battles),
                        "strength": .number(place.strength), "rating": .number(place.rating),
                        "rating_interval": place.interval?.json ?? .null,
                        "elo": .number(place.elo), "elo_reversed": .number(place.eloReversed),
                    ]
                }),
            "counts": counts.json,
        ]
    }
}

/// Votes on named models, in order.
private struct Battles {
    struct Round {
        let first: Int
        let second: Int
        let result: Double
        let prompt: Int
    }

    var names: [String] = []
    var prompts: [ExactText] = []
    var rounds: [Round] = []
    var tally = ReasonTally()
    private var namePlaces: [ExactText: Int] = [:]
    private var promptPlaces: [ExactText: Int] = [:]

    mutating func add(_ votes: [Vote], comparisons: [Comparison]) {
        let known = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        for vote in votes.lastOfEach {
            guard let pair = known[ExactText(vote.comparisonID)] else {
                tally.add(.unknownPair)
                continue
            }
            guard let left = pair.leftModel, let right = pair.rightModel, left != right else {
                tally.add(.noModelNames)
                continue
            }
            let result: Double
            switch vote.verdict {
            case .left: result = 1
            case .right: result = 0
            case .tie, .bothBad: result = 0.5
            case .skip:
                tally.add(.skipped)
                continue
            }
            rounds.append(
                Round(
                    first: place(left), second: place(right), result: result,
                    prompt: prompt(pair.promptID)))
        }
    }

    private mutating func place(_ name: String) -> Int {
        if let place = namePlaces[ExactText(name)] { return place }
        namePlaces[ExactText(name)] = names.count
        names.append(name)
        return names.count - 1
    }

    private mutating func prompt(_ id: String) -> Int {
        if let place = promptPlaces[ExactText(id)] { return place }
        promptPlaces[ExactText(id)] = prompts.count
        prompts.append(ExactText(id))
        return prompts.count - 1
    }

    /// The rounds added up for each two models; `weights` says how often each prompt was drawn.
    func games(weights: [Int]?) -> [BradleyTerry.Games] {
        let count = names.count
        var table = [(wins: Double, losses: Double, ties: Double)](
            repeating: (0, 0, 0), count: count * count)
        for round in rounds {
            let weight = Double(weights?[round.prompt] ?? 1)
            if weight == 0 { continue }
            let isOrdered = round.first < round.second
            let (a, b) = isOrdered ? (round.first, round.second) : (round.second, round.first)
            let result = isOrdered ? round.result : 1 - round.result
            let cell = a * count + b
            if result == 0.5 {
                table[cell].ties += weight
            } else if result == 1 {
                table[cell].wins += weight
            } else {
                table[cell].losses += weight
            }
        }
        var games: [BradleyTerry.Games] = []
        for a in 0..<count {
            for b in (a + 1)..<max(count, a + 1) {
                let cell = table[a * count + b]
                if cell.wins + cell.losses + cell.ties == 0 { continue }
                games.append(
                    BradleyTerry.Games(
                        a, b, firstWins: cell.wins, secondWins: cell.losses, ties: cell.ties))
            }
        }
        return games
    }
}
