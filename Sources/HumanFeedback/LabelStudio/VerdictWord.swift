/// The choices of the verdict control, and what they mean as a vote.
enum VerdictWord: String {
    case left
    case leftMuch = "left_much"
    case right
    case rightMuch = "right_much"
    case tie
    case bothBad = "both_bad"

    var verdict: Verdict {
        switch self {
        case .left, .leftMuch: .left
        case .right, .rightMuch: .right
        case .tie: .tie
        case .bothBad: .bothBad
        }
    }

    /// 1 for better, 3 for much better (the ends of Llama 2's wide margin scale without its
    /// finer steps); nil where nothing was preferred.
    var strength: Double? {
        switch self {
        case .left, .right: 1
        case .leftMuch, .rightMuch: 3
        case .tie, .bothBad: nil
        }
    }
}
