import HumanFeedback
import TerminalUI

/// What an annotator says where most of the others agree on something.
///
/// Which answer is a pair's left one says nothing, so the sides are told as the others': the one they
/// prefer and the one they do not.
struct ConfusionView {
    let table: Table

    init(_ annotator: AnnotatorReport) {
        // By own verdict, then by the others': left, right, tie, both bad.
        let counts = annotator.confusion
        let sides = [
            counts[0][0] + counts[1][1], counts[0][1] + counts[1][0], counts[2][0] + counts[2][1],
            counts[3][0] + counts[3][1],
        ]
        let others = [(2, "a tie"), (3, "both bad")].map { column, words in
            [words, "", Self.text(counts[0][column] + counts[1][column])]
                + [2, 3].map { Self.text(counts[$0][column]) }
        }
        table = Table(
            headers: [
                "where the others say", "\(annotator.name): the same side", "another side", "a tie",
                "both bad",
            ],
            rows: [["one side"] + sides.map(Self.text)]
                + others.filter { $0.dropFirst(2).contains { $0 != "0" } })
    }

    private static func text(_ count: Int) -> String { formatted(count: count) }
}

extension AnnotatorReport {
    /// Whether a remark says that this annotator and the others do not agree.
    var disagrees: Bool {
        remarks.contains {
            switch $0 {
            case .reversed, .agreesLess: true
            default: false
            }
        }
    }
}
