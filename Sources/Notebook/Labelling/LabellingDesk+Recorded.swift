import HumanFeedback
import TerminalUI

extension LabellingDesk {
    /// Answers written down beforehand: one word or letter a pair, or the keys of a ranking or of two
    /// ratings, with commas between the questions.
    mutating func recorded(_ text: String) throws -> [Vote] {
        for word in text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) {
            if isDone { break }
            let place = position
            for key in Self.keys(of: word, mode) {
                if isDone || position != place { break }
                _ = take(key, seconds: nil)
            }
            guard position != place else {
                throw CommandError.usage(
                    "--answers has \"\(word)\", expected \(Self.grammar(mode)), separated by commas"
                )
            }
        }
        return votes
    }

    private static func keys(of word: String, _ mode: LabellingMode) -> [Key] {
        let names = ["left": "l", "right": "r", "tie": "t", "both_bad": "b", "skip": "s"]
        if let letter = names[word] { return [.character(Character(letter))] }
        if mode == .pair, word.count > 1 { return [] }
        return word.filter { !">/".contains($0) && !"upqnf?".contains($0) }.map { .character($0) }
    }

    private static func grammar(_ mode: LabellingMode) -> String {
        switch mode {
        case .pair: "l, r, t, b, s or 1 to 7"
        case .rank: "the answers' numbers best first, as in 2>1=3, or s"
        case .thumbs: "two of + and -, as in +-, or s"
        case .rating: "two numbers of the scale, as in 4/2, or s"
        }
    }
}
