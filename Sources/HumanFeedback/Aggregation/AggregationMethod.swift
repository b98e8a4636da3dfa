/// How the votes of several annotators become one.
public enum AggregationMethod: String, CaseIterable, Sendable {
    case majority
    case wawa
    case dawidSkene = "dawid-skene"
    case glad
    case crowdBT = "crowd-bt"

    /// One sentence, for help and tables.
    public var meaning: String {
        switch self {
        case .majority: "every vote counts the same"
        case .wawa: "votes count as much as their annotator agrees with the majority"
        case .dawidSkene: "annotators have confusions of their own (Dawid, Skene 1979)"
        case .glad: "annotators differ in ability, pairs in difficulty (Whitehill et al. 2009)"
        case .crowdBT: "answers have strengths, annotators reliabilities (Chen et al. 2013)"
        }
    }
}

/// What becomes of a pair whose votes are tied.
public enum TiedVotes: String, CaseIterable, Sendable {
    /// It is left out and counted.
    case drop
    /// It is written in both directions, each with half a weight.
    case half
}

/// What an annotator is worth to a method.
public struct AnnotatorWeight: Equatable, Sendable {
    public let name: String
    /// The method's own number, nil where there is none to say: agreement with the majority
    /// (wawa), probability of the right verdict (dawid-skene), ability α (glad), reliability η
    /// (crowd-bt).
    public let value: Double?
    public let votes: Int
}
