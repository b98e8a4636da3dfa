/// What a reward model knows and does not: its verdicts on held-out pairs, seen from several sides.
public struct RewardAssessment {
    /// A held-out pair with its scores and what is known about it.
    public struct Judged: Sendable {
        public let score: PairScore
        /// Characters of the two answers.
        public let lengths: (chosen: Int, rejected: Int)
        /// How much better the chosen answer was called.
        public let margin: Double?
        /// The share of annotators who preferred the chosen answer.
        public let agreement: Double?
        public let promptID: String

        public init(
            score: PairScore, lengths: (chosen: Int, rejected: Int), margin: Double? = nil,
            agreement: Double? = nil, promptID: String
        ) {
            self.score = score
            self.lengths = lengths
            self.margin = margin
            self.agreement = agreement
            self.promptID = promptID
        }
    }

    /// The accuracy on a part of the pairs.
    public struct Part: Equatable, Sendable {
        public let name: String
        public let accuracy: Estimate
    }

    /// Ties as half; the interval is by prompt, since pairs of a prompt stand or fall together.
    public let accuracy: Estimate
    public let lengthBaseline: Estimate
    /// Thirds by the margin that people gave; empty where they gave none.
    public let byMargin: [Part]
    /// By whether the chosen answer is the longer one.
    public let byLength: [Part]
    /// By how many annotators agreed; empty where that is not known.
    public let byAgreement: [Part]
    public let calibration: Calibration

    public var worth: RewardWorth {
        RewardWorth(accuracy: accuracy, lengthBaseline: lengthBaseline)
    }

    /// - Parameter seed: For the intervals.
    public init(_ pairs: [Judged], seed: UInt64) {
        accuracy = Self.accuracy(of: pairs, seed)
        lengthBaseline = Alignment.lengthBaseline(
            chosenLengths: pairs.map(\.lengths.chosen),
            rejectedLengths: pairs.map(\.lengths.rejected))
        calibration = Calibration(margins: pairs.map { $0.score.chosen - $0.score.rejected })
        byMargin = Self.byMargin(pairs, seed)
        byLength = Self.parts(pairs, seed) { pair in
            let (chosen, rejected) = pair.lengths
            if 5 * chosen > 6 * rejected { return (0, "chosen is longer by more than a fifth") }
            if 5 * rejected > 6 * chosen { return (2, "chosen is shorter by more than a fifth") }
            return (1, "about as long")
        }
        byAgreement = Self.parts(pairs.filter { $0.agreement != nil }, seed) { pair in
            let share = pair.agreement ?? 0
            if share >= 1 { return (0, "all annotators agree") }
            return share >= 0.75 ? (1, "three of four agree") : (2, "annotators are divided")
        }
    }

    private static func accuracy(of pairs: [Judged], _ seed: UInt64) -> Estimate {
        WinRate(
            scores: pairs.map(\.score.chosen), baselineScores: pairs.map(\.score.rejected),
            promptIDs: pairs.map(\.promptID), seed: seed
        ).rate
    }

    /// The parts that hold pairs, in the order of their numbers.
    private static func parts(
        _ pairs: [Judged], _ seed: UInt64, _ place: (Judged) -> (number: Int, name: String)
    ) -> [Part] {
        let places = pairs.map(place)
        let numbers = Set(places.map(\.number)).sorted()
        return numbers.map { number in
            let own = pairs.indices.filter { places[$0].number == number }
            return Part(
                name: places[own[0]].name, accuracy: accuracy(of: own.map { pairs[$0] }, seed))
        }
    }

    private static func byMargin(_ pairs: [Judged], _ seed: UInt64) -> [Part] {
        let known = pairs.filter { $0.margin != nil }
        let sorted = known.compactMap(\.margin).sorted()
        guard let least = sorted.first, let most = sorted.last, least < most else { return [] }
        let bounds = [sorted[sorted.count / 3], sorted[2 * sorted.count / 3]]
        return parts(known, seed) { pair in
            let margin = pair.margin ?? 0
            // Equal margins stand together, the least of them always small and the most large.
            if margin < bounds[0] || margin == least { return (0, "small margin") }
            return margin < bounds[1] && margin < most
                ? (1, "middling margin") : (2, "large margin")
        }
    }
}
