import HumanFeedback
import TerminalUI

/// What is shown when all questions have an answer, before the page is left.
struct LabellingEnd: Renderable {
    let desk: LabellingDesk

    /// What may still be done.
    static let keys = "Enter finishes, u takes the last answer back, p shows it again"

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let all = SentenceParts.count(desk.items.count, "question")
        return StyledLine("All done: \(all) by \(desk.annotator)", .title).wrapped(to: width)
            + [StyledLine()]
            + Self.counts(of: desk.votes).flatMap { StyledLine($0).wrapped(to: width) }
    }

    /// `12 decided`, `3 tied`: without what there is none of. Sides are shown at random, so which of
    /// them won says nothing here.
    static func counts(of votes: [Vote]) -> [String] {
        [
            (votes.count { $0.verdict.isDecided }, "decided"),
            (votes.count { $0.verdict == .tie }, "tied"),
            (votes.count { $0.verdict == .bothBad }, "both bad"),
            (votes.count { $0.verdict == .skip }, "skipped"),
            (votes.count { $0.isFlagged }, "flagged"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }
}
