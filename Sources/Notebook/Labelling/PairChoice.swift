import HumanFeedback
import TerminalUI

/// One of the answers to a pair, and the keys that give it.
struct PairChoice {
    let verdict: Verdict
    /// 1/3 for a little better, 1 for better, 3 for much better; nil where nobody said how much.
    let strength: Double?
    let words: String

    /// The scale under the answers, from left to right: the keys 1 to 7.
    static let scale: [PairChoice] = [
        PairChoice(.left, 3, "left is much better"), PairChoice(.left, 1, "left is better"),
        PairChoice(.left, 1.0 / 3, "left is a little better"), PairChoice(.tie, nil, "a tie"),
        PairChoice(.right, 1.0 / 3, "right is a little better"),
        PairChoice(.right, 1, "right is better"), PairChoice(.right, 3, "right is much better"),
    ]

    private init(_ verdict: Verdict, _ strength: Double?, _ words: String) {
        self.verdict = verdict
        self.strength = strength
        self.words = words
    }

    /// The choice that a vote was, in terms of the screen.
    init?(_ verdict: Verdict, _ strength: Double?) {
        let graded = strength.flatMap { strength in
            Self.scale.first {
                $0.verdict == verdict && $0.strength.map { abs($0 - strength) < 0.01 } == true
            }
        }
        guard let choice = graded ?? PairChoice(word: verdict.rawValue) else { return nil }
        self = choice
    }

    init?(_ key: Key) {
        switch key {
        case .left: self.init(word: "left")
        case .right: self.init(word: "right")
        case .character(let character):
            if let place = character.wholeNumberValue, (1...Self.scale.count).contains(place) {
                self = Self.scale[place - 1]
                return
            }
            self.init(word: character.lowercased())
        default: return nil
        }
    }

    /// A letter or a word of a script.
    init?(word: String) {
        switch word {
        case "l", "left": self.init(.left, nil, "left is better")
        case "r", "right": self.init(.right, nil, "right is better")
        case "t", "tie": self.init(.tie, nil, "a tie")
        case "b", "both_bad": self.init(.bothBad, nil, "both are bad")
        default: return nil
        }
    }
}
