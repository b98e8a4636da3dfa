import Autograd
import HumanFeedback
import TerminalUI

/// Pairs laid before a person one at a time: blind, in random order, sides at random.
struct LabellingDesk {
    private let queue: [(comparison: Comparison, order: ShownOrder)]
    private let annotator: String
    private let criterion: String

    init(
        comparisons: [Comparison], earlier: [Vote], annotator: String, criterion: String,
        count: Int, seed: UInt64
    ) {
        let done = Set(earlier.filter { $0.annotator == annotator }.map(\.comparisonID))
        let open = comparisons.filter { !done.contains($0.id) }
        var random = RandomStream(
            seed: seed, purpose: RandomPurpose("labelling order"), step: done.count)
        let order = random.permutation(of: open.count).prefix(count)
        queue = order.map { index in
            (open[index], random.nextUniform() < 0.5 ? .leftFirst : .rightFirst)
        }
        self.annotator = annotator
        self.criterion = criterion
    }

    /// Answers written down beforehand, one word or letter a pair.
    func recorded(_ text: String) throws -> [Vote] {
        let words = text.split { $0 == "," || $0 == " " }.map(String.init)
        return try zip(queue, words).map { item, word in
            guard let verdict = Self.verdict(forKey: word) else {
                throw CommandError.usage(
                    "--answers has \"\(word)\", expected l, r, t, b or s, separated by commas")
            }
            return vote(item, verdict, seconds: nil)
        }
    }

    private static func verdict(forKey key: String) -> Verdict? {
        switch key {
        case "l", "1", "left": .left
        case "r", "2", "right": .right
        case "t", "tie": .tie
        case "b", "both_bad": .bothBad
        case "s", "skip": .skip
        default: nil
        }
    }

    /// The keys name what is on the screen; the vote names the comparison's own sides.
    private func vote(
        _ item: (comparison: Comparison, order: ShownOrder), _ shown: Verdict, seconds: Double?
    ) -> Vote {
        Vote(
            comparisonID: item.comparison.id, annotator: annotator,
            verdict: item.order == .leftFirst ? shown : shown.flipped, seconds: seconds,
            shownOrder: item.order, criterion: criterion)
    }

    /// Asks until the pairs or the person's patience end. Everything answered so far is kept.
    func judge(at editor: any LineEditor, _ console: Console) -> [Vote] {
        guard !queue.isEmpty else {
            console.remark(Paragraph("All pairs have been judged by \(annotator) already.", .dim))
            return []
        }
        console.remark(Paragraph("Which answer is more \(criterion)? \(Self.keys)", .dim))
        var votes: [Vote] = []
        var isShown = false
        while votes.count < queue.count {
            let item = queue[votes.count]
            if !isShown { show(item, number: votes.count + 1, console) }
            isShown = false
            let start = MonotonicClock.seconds()
            switch answer(from: editor) {
            case .verdict(let verdict):
                let seconds = (MonotonicClock.seconds() - start) * 10
                votes.append(vote(item, verdict, seconds: seconds.rounded() / 10))
                console.remark(StyledLine("  " + Self.words(for: verdict), .good))
            case .undo:
                isShown = votes.popLast() == nil
                console.remark(
                    StyledLine(isShown ? "  nothing to undo" : "  undone", .warning))
            case .other:
                isShown = true
                console.remark(StyledLine("  " + Self.keys, .dim))
            case .quit: return votes
            }
        }
        return votes
    }

    private static let keys = "l left, r right, t tie, b both bad, s skip, u undo, q quit"

    private static func words(for verdict: Verdict) -> String {
        switch verdict {
        case .left: "left is better"
        case .right: "right is better"
        case .tie: "a tie"
        case .bothBad: "both are bad"
        case .skip: "skipped"
        }
    }

    private enum Answer { case verdict(Verdict), undo, quit, other }

    private func answer(from editor: any LineEditor) -> Answer {
        let key = editor.readKey()
        // Ctrl-C between two readings is a signal.
        if Interrupts.isRaised { return .quit }
        switch key {
        case .cancelled, .endOfInput, .key(.escape): return .quit
        case .key(.left): return .verdict(.left)
        case .key(.right): return .verdict(.right)
        case .key(.character(let character)):
            let key = character.lowercased()
            if let verdict = Self.verdict(forKey: key) { return .verdict(verdict) }
            return key == "u" ? .undo : key == "q" ? .quit : .other
        default: return .other
        }
    }

    private func show(
        _ item: (comparison: Comparison, order: ShownOrder), number: Int, _ console: Console
    ) {
        let texts = [item.comparison.left, item.comparison.right].map(\.trimmingBlanks)
        let shown = item.order == .leftFirst ? texts : texts.reversed()
        console.remark(
            Stack([
                Paragraph("\(number)/\(queue.count)  \(item.comparison.prompt)", .strong),
                SideBySide(
                    left: TextBox(title: "left (l)", text: shown[0]),
                    right: TextBox(title: "right (r)", text: shown[1])),
            ]))
    }
}
