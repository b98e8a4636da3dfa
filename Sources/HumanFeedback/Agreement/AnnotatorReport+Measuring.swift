/// What is measured of each annotator, from the votes and, where there are any, the texts.
struct AnnotatorMeasures {
    let table: VoteTable
    private let texts: [ExactText: Comparison]
    private let counts: [[Int]]
    /// The known answer of each unit, where there is one.
    private let answers: [Int?]

    /// The reading speed above which nobody reads.
    static let fastestReading = 900.0

    init(_ table: VoteTable, comparisons: [Comparison]) {
        self.table = table
        texts = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        counts = table.categoryCounts
        answers = Self.knownAnswers(table)
    }

    /// Units where all votes marked as ground truth agree. Where most votes are marked, as Label
    /// Studio marks what was imported, the mark says nothing.
    private static func knownAnswers(_ table: VoteTable) -> [Int?] {
        let all = table.votes.joined()
        let marked = all.count { $0.isGroundTruth }
        if 2 * marked > all.count { return table.votes.map { _ in nil } }
        return zip(table.votes, table.ratings).map { votes, ratings in
            let known = zip(votes, ratings).filter { $0.0.isGroundTruth }.map(\.1.category)
            return Set(known).count == 1 ? known[0] : nil
        }
    }

    func report(of annotator: Int) -> AnnotatorReport {
        let size = VoteTable.categories.count
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
        var own: [(vote: Vote, unit: Int)] = []
        var goldHits = 0
        var goldCount = 0
        for (unit, ratings) in table.ratings.enumerated() {
            guard let place = ratings.firstIndex(where: { $0.annotator == annotator }) else {
                continue
            }
            let category = ratings[place].category
            let vote = table.votes[unit][place]
            own.append((vote, unit))
            var others = counts[unit]
            others[category] -= 1
            if let majority = plurality(others) { confusion[category][majority] += 1 }
            if !vote.isGroundTruth, let answer = answers[unit] {
                goldCount += 1
                if answer == category { goldHits += 1 }
            }
        }
        let agreed = (0..<size).reduce(0) { $0 + confusion[$1][$1] }
        let judged = confusion.joined().reduce(0, +)
        let decided = own.map(\.vote).filter { $0.verdict.isDecided }
        let first = Share(decided.count { $0.isForFirst }, of: decided.count)
        let speeds = own.compactMap { wordsPerMinute($0.vote) }
        return AnnotatorReport(
            name: table.annotators[annotator], isSimulated: own.contains { $0.vote.isSimulated },
            votes: own.count, skips: table.skips[annotator],
            ties: Share(own.count { $0.vote.verdict == .tie }, of: own.count),
            withOthers: Share(agreed, of: judged), confusion: confusion, first: first,
            firstP: Distributions.binomialTest(hits: first.hits, trials: first.count),
            consistency: consistency(of: annotator),
            gold: goldCount == 0 ? nil : GoldAccuracy(Share(goldHits, of: goldCount)),
            seconds: Distributions.median(own.compactMap { $0.vote.seconds }),
            wordsPerMinute: Distributions.median(speeds),
            rushed: Share(speeds.count { $0 > Self.fastestReading }, of: speeds.count),
            longer: longer(decided), circles: circles(decided))
    }

    private func consistency(of annotator: Int) -> SelfConsistency {
        let own = table.repeats.filter { $0.annotator == annotator }
        let flips = own.filter {
            $0.first.verdict.flipped == $0.second.verdict
                && $0.first.verdict.isDecided
        }
        let inPlace = flips.count { $0.first.shownOrder == $0.second.shownOrder }
        return SelfConsistency(
            same: Share(own.count { $0.first.verdict == $0.second.verdict }, of: own.count),
            flipsInSameOrder: inPlace, flipsWithPlace: flips.count - inPlace)
    }

    private func wordsPerMinute(_ vote: Vote) -> Double? {
        guard let seconds = vote.seconds, seconds > 0,
            let pair = texts[ExactText(vote.comparisonID)]
        else { return nil }
        let words = [pair.prompt, pair.left, pair.right].reduce(0) { $0 + wordsIn($1) }
        return words == 0 ? nil : Double(words) * 60 / seconds
    }

    private func wordsIn(_ text: String) -> Int { wordCount(of: Array(text.utf8)[...]) }

    private func longer(_ decided: [Vote]) -> Share {
        var hits = 0
        var count = 0
        for vote in decided {
            guard let pair = texts[ExactText(vote.comparisonID)] else { continue }
            let extra = wordsIn(pair.left) - wordsIn(pair.right)
            if extra == 0 { continue }
            count += 1
            if (extra > 0) == (vote.verdict == .left) { hits += 1 }
        }
        return Share(hits, of: count)
    }

    /// Triples of answers to one prompt whose three pairs were all decided by the annotator.
    private func circles(_ decided: [Vote]) -> Share {
        var edges: [ExactText: [(winner: ExactText, loser: ExactText)]] = [:]
        var prompts: [ExactText] = []
        for vote in decided {
            guard let pair = texts[ExactText(vote.comparisonID)] else { continue }
            let isLeft = vote.verdict == .left
            let edge = (
                winner: ExactText(isLeft ? pair.left : pair.right),
                loser: ExactText(isLeft ? pair.right : pair.left)
            )
            let prompt = ExactText(pair.promptID)
            if edges[prompt] == nil { prompts.append(prompt) }
            edges[prompt, default: []].append(edge)
        }
        var circles = 0
        var triples = 0
        for prompt in prompts {
            let found = Self.triples(edges[prompt] ?? [])
            circles += found.circles
            triples += found.triples
        }
        return Share(circles, of: triples)
    }

    static func triples(
        _ edges: [(winner: ExactText, loser: ExactText)]
    ) -> (triples: Int, circles: Int) {
        var places: [ExactText: Int] = [:]
        func place(_ name: ExactText) -> Int {
            if let place = places[name] { return place }
            places[name] = places.count
            return places.count - 1
        }
        /// Of the answers after each: whether it was decided for the first, or both ways.
        var later: [[Int: Bool?]] = []
        for edge in edges {
            let (a, b) = (place(edge.winner), place(edge.loser))
            if a == b { continue }
            while later.count < places.count { later.append([:]) }
            let (first, second) = (min(a, b), max(a, b))
            if let there = later[first][second] {
                // A pair that was decided both ways tells nothing.
                if there != (a == first) { later[first][second] = .some(nil) }
            } else {
                later[first][second] = a == first
            }
        }
        var found = (triples: 0, circles: 0)
        for a in later.indices {
            let decided = later[a].compactMapValues { $0 }
            for (b, isForA) in decided {
                for (c, isForB) in later[b].compactMapValues({ $0 }) {
                    guard let isForAOverC = decided[c] else { continue }
                    found.triples += 1
                    // A circle: a over b, b over c, c over a, or the other way round.
                    if isForA == isForB, isForA != isForAOverC { found.circles += 1 }
                }
            }
        }
        return found
    }
}

extension Vote {
    /// Whether the side was preferred that stood first on the screen.
    var isForFirst: Bool { (verdict == .left) == (shownOrder == .leftFirst) }
}
