/// Votes as numbers: for every unit, which annotator said what.
///
/// A unit is a pair judged by one criterion. A vote is a category: left, right, tie or both bad, in
/// terms of the pair's own left and right, so that the order on the screen does not matter. Skips
/// are missing. Of several votes of one annotator on one unit the last counts here; the others are
/// repeats, which tell how well the annotator agrees with themself.
public struct VoteTable: Equatable, Sendable {
    /// One annotator's category on a unit.
    public struct Rating: Equatable, Sendable {
        /// Index into `annotators`.
        public let annotator: Int
        /// Index into `categories`.
        public let category: Int
    }

    /// Two votes of one annotator on one unit, the earlier one first.
    struct Repeat: Equatable, Sendable {
        let annotator: Int
        let first: Vote
        let second: Vote
    }

    /// The categories; their indices are used wherever ratings are numbers.
    public static let categories: [Verdict] = [.left, .right, .tie, .bothBad]

    /// The pair of each unit, in the order of the first vote.
    public let units: [String]
    /// In the order in which they first vote.
    public let annotators: [String]
    /// The ratings of each unit, in the order of its votes.
    public let ratings: [[Rating]]
    /// The vote behind each rating.
    let votes: [[Vote]]
    let repeats: [Repeat]
    /// Units that were looked at and skipped, by annotator.
    let skips: [Int]
    /// The criteria that occur; nil for votes that name none.
    public let criteria: [String?]

    /// Makes the table of some votes.
    ///
    /// - Parameter criterion: Only votes on this criterion, or nil for all votes.
    public init(_ votes: [Vote], criterion: String? = nil) {
        var units: [String] = []
        var unitPositions: [UnitKey: Int] = [:]
        var annotators: [String] = []
        var annotatorPositions: [ExactText: Int] = [:]
        var ratings: [[Rating]] = []
        var kept: [[Vote]] = []
        var repeats: [Repeat] = []
        var skips: [Int] = []
        var criteria: [String?] = []
        for vote in votes where criterion == nil || vote.criterion == criterion {
            let name = ExactText(vote.annotator)
            let annotator = annotatorPositions[name] ?? annotators.count
            if annotator == annotators.count {
                annotatorPositions[name] = annotator
                annotators.append(vote.annotator)
                skips.append(0)
            }
            if !criteria.contains(vote.criterion) { criteria.append(vote.criterion) }
            guard let category = Self.categories.firstIndex(of: vote.verdict) else {
                skips[annotator] += 1
                continue
            }
            let key = UnitKey(
                pair: ExactText(vote.comparisonID), criterion: ExactText(vote.criterion ?? ""))
            let unit = unitPositions[key] ?? units.count
            if unit == units.count {
                unitPositions[key] = unit
                units.append(vote.comparisonID)
                ratings.append([])
                kept.append([])
            }
            let rating = Rating(annotator: annotator, category: category)
            if let earlier = ratings[unit].firstIndex(where: { $0.annotator == annotator }) {
                repeats.append(
                    Repeat(annotator: annotator, first: kept[unit][earlier], second: vote))
                ratings[unit][earlier] = rating
                kept[unit][earlier] = vote
            } else {
                ratings[unit].append(rating)
                kept[unit].append(vote)
            }
        }
        self.units = units
        self.annotators = annotators
        self.ratings = ratings
        self.votes = kept
        self.repeats = repeats
        self.skips = skips
        self.criteria = criteria
    }

    /// The category of an annotator on a unit, or nil when there is none.
    func category(of annotator: Int, on unit: Int) -> Int? {
        ratings[unit].first { $0.annotator == annotator }?.category
    }

    /// How many annotators gave each category on each unit.
    var categoryCounts: [[Int]] {
        ratings.map { unit in
            var counts = [Int](repeating: 0, count: Self.categories.count)
            for rating in unit { counts[rating.category] += 1 }
            return counts
        }
    }
}

private struct UnitKey: Hashable {
    let pair: ExactText
    let criterion: ExactText
}

/// The category with most votes, or nil where several have as many or there is none.
func plurality(_ counts: [Int]) -> Int? {
    guard let most = counts.max(), most > 0 else { return nil }
    let best = counts.indices.filter { counts[$0] == most }
    return best.count == 1 ? best[0] : nil
}
