import HumanFeedback
import TerminalUI

/// Questions laid before a person one at a time: blind, in random order, sides at random.
///
/// Holds what has been answered and understands keys; it neither reads keys nor draws.
struct LabellingDesk {
    let items: [LabellingItem]
    let annotator: String
    let criterion: LabellingCriteria.Criterion
    let mode: LabellingMode
    /// The votes on each item, empty where there is no answer yet.
    private(set) var answers: [[Vote]]
    /// The item that is asked; `items.count` when all are answered.
    private(set) var position = 0
    /// Ratings of the first answers of this item, or places in a ranking so far, best first.
    private(set) var entered: [Entry] = []
    /// Whether the next answer of a ranking is as good as the last.
    private(set) var isTying = false
    private var notes: [Int: String] = [:]
    private var flags: Set<Int> = []

    /// A rating of the next answer, or an answer's number in a ranking.
    struct Entry: Equatable {
        let number: Int
        let tiesWithLast: Bool
    }

    /// What a key did.
    enum Effect: Equatable {
        /// An answer was given; in words.
        case answered(String)
        /// A part of an answer was given.
        case entered
        case undone, nothingToUndo, wentBack
        case flagged(Bool)
        case wantsNote, wantsHelp, quit, unknown
    }

    init(
        items: [LabellingItem], annotator: String, criterion: LabellingCriteria.Criterion,
        mode: LabellingMode = .pair
    ) {
        self.items = items
        self.annotator = annotator
        self.criterion = criterion
        self.mode = mode
        answers = Array(repeating: [], count: items.count)
    }

    var isDone: Bool { position >= items.count }
    var votes: [Vote] { answers.flatMap { $0 } }
    var answeredCount: Int { answers.count { !$0.isEmpty } }
    var isFlagged: Bool { flags.contains(position) }
    var note: String? { notes[position] }

    /// The answers of this item that are to be seen now: all, or the one to be rated.
    var shownAnswers: [Int] {
        let all = Array(items[position].answers.indices)
        switch mode {
        case .pair, .rank: return all
        case .thumbs, .rating: return [all[min(entered.count, all.count - 1)]]
        }
    }

    /// Takes votes that were given before an interruption: items answered one after the other.
    mutating func restore(_ kept: [Vote]) {
        var rest = kept[...]
        while position < items.count, !rest.isEmpty {
            let count = items[position].comparisons.count
            let ids = items[position].comparisons.map(\.comparison.id)
            guard rest.prefix(count).map(\.comparisonID) == ids else { return }
            answers[position] = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            position += 1
        }
    }

    /// Acts on a key.
    ///
    /// - Parameter seconds: How long the question has been looked at.
    mutating func take(_ key: Key, seconds: Double?) -> Effect {
        if case .character(let character) = key, let effect = command(character) { return effect }
        switch key {
        case .escape: return .quit
        case .backspace: return undo()
        default: break
        }
        return switch mode {
        case .pair: pairKey(key, seconds)
        case .rank: rankKey(key, seconds)
        case .thumbs, .rating: ratingKey(key, seconds)
        }
    }

    private mutating func command(_ character: Character) -> Effect? {
        switch character.lowercased() {
        case "u": return undo()
        case "p": return back()
        case "q": return .quit
        case "n": return .wantsNote
        case "?": return .wantsHelp
        case "f":
            if flags.remove(position) == nil { flags.insert(position) }
            return .flagged(flags.contains(position))
        case "s", " ": return skip()
        default: return nil
        }
    }

    mutating func add(note: String) { notes[position] = note.isEmpty ? nil : note }

    private mutating func undo() -> Effect {
        if isTying || !entered.isEmpty {
            if isTying { isTying = false } else { entered.removeLast() }
            return .undone
        }
        guard position > 0 else { return .nothingToUndo }
        position -= 1
        answers[position] = []
        return .undone
    }

    /// Goes to the question before; its answer stays until another is given.
    private mutating func back() -> Effect {
        guard position > 0 else { return .nothingToUndo }
        entered = []
        isTying = false
        position -= 1
        return .wentBack
    }

    private mutating func skip() -> Effect {
        finish(items[position].comparisons.map { pair in vote(pair, .skip, nil, seconds: nil) })
        return .answered("skipped")
    }

    private mutating func finish(_ votes: [Vote]) {
        answers[position] = votes
        entered = []
        isTying = false
        position += 1
        // After going back: on to the first question without an answer.
        while position < items.count, !answers[position].isEmpty { position += 1 }
    }

    // MARK: Pairs

    private mutating func pairKey(_ key: Key, _ seconds: Double?) -> Effect {
        guard let choice = PairChoice(key) else { return .unknown }
        finish([
            vote(items[position].comparisons[0], choice.verdict, choice.strength, seconds: seconds)
        ])
        return .answered(choice.words)
    }

    // MARK: Ratings

    /// The points a key gives: 1 to the length of the scale, or a thumb.
    private func points(_ key: Key) -> Int? {
        guard case .character(let character) = key else {
            return mode == .thumbs ? (key == .up ? 1 : key == .down ? 0 : nil) : nil
        }
        if mode == .thumbs {
            switch character {
            case "+", "=", "y", "1": return 1
            case "-", "x", "0": return 0
            default: return nil
            }
        }
        guard let number = character.wholeNumberValue, (1...criterion.scale.count).contains(number)
        else { return nil }
        return number
    }

    private mutating func ratingKey(_ key: Key, _ seconds: Double?) -> Effect {
        guard let points = points(key) else { return .unknown }
        entered.append(Entry(number: points, tiesWithLast: false))
        guard entered.count == items[position].answers.count else { return .entered }
        let (first, second) = (entered[0].number, entered[1].number)
        let verdict: Verdict =
            first > second ? .left : second > first ? .right : isBad(first) ? .bothBad : .tie
        let difference = Double(abs(first - second))
        finish([
            vote(
                items[position].comparisons[0], verdict,
                mode == .rating && difference > 0 ? difference : nil, seconds: seconds,
                ratings: (first, second))
        ])
        return .answered(mode == .thumbs ? "judged" : "rated \(first) and \(second)")
    }

    /// Two thumbs down, or both at the bottom of the scale.
    private func isBad(_ points: Int) -> Bool { mode == .thumbs ? points == 0 : points == 1 }

    // MARK: Rankings

    private mutating func rankKey(_ key: Key, _ seconds: Double?) -> Effect {
        let count = items[position].answers.count
        guard case .character(let character) = key else { return .unknown }
        if character == "=", !entered.isEmpty {
            isTying.toggle()
            return .entered
        }
        guard let number = character.wholeNumberValue, (1...count).contains(number),
            !entered.contains(where: { $0.number == number })
        else { return .unknown }
        entered.append(Entry(number: number, tiesWithLast: isTying))
        isTying = false
        // The last one has one place left only, but it may tie with the one before.
        guard entered.count == count else { return .entered }
        var tiers = [Int](repeating: 0, count: count)
        var tier = 0
        for (place, entry) in entered.enumerated() {
            if place > 0, !entry.tiesWithLast { tier += 1 }
            tiers[entry.number - 1] = tier
        }
        finish(
            items[position].comparisons.map { pair in
                let (a, b) = (tiers[pair.first], tiers[pair.second])
                return vote(pair, a < b ? .left : b < a ? .right : .tie, nil, seconds: seconds)
            })
        return .answered("ranked")
    }

    /// The keys name what is on the screen; the vote names the comparison's own sides.
    private func vote(
        _ pair: (first: Int, second: Int, comparison: Comparison, order: ShownOrder),
        _ shown: Verdict, _ strength: Double?, seconds: Double?, ratings: (Int, Int)? = nil
    ) -> Vote {
        let isStraight = pair.order == .leftFirst
        return Vote(
            comparisonID: pair.comparison.id, annotator: annotator,
            verdict: isStraight ? shown : shown.flipped, strength: strength,
            seconds: seconds.map { ($0 * 10).rounded() / 10 }, shownOrder: pair.order,
            criterion: criterion.name, leftRating: ratings.map { isStraight ? $0.0 : $0.1 },
            rightRating: ratings.map { isStraight ? $0.1 : $0.0 }, note: notes[position],
            isFlagged: flags.contains(position), isRepeat: items[position].isRepeat,
            selection: items[position].selection)
    }
}

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
