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
        case undone, nothingToUndo, wentBack, wentOn
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

    /// The answer that this question has already, in words, where the person has gone back to it.
    var given: String? {
        guard let vote = answers[position].first else { return nil }
        if vote.verdict == .skip { return "skipped" }
        let pair = items[position].comparisons[0]
        switch mode {
        case .pair:
            let shown = pair.order == .leftFirst ? vote.verdict : vote.verdict.flipped
            return PairChoice(shown, vote.strength)?.words
        case .rank: return "ranked"
        case .thumbs, .rating:
            let ratings = [vote.leftRating ?? 0, vote.rightRating ?? 0]
            let shown = pair.order == .leftFirst ? ratings : ratings.reversed()
            let words = mode == .rating ? shown.map(String.init) : shown.map { $0 == 1 ? "+" : "-" }
            return "rated " + words.joined(separator: " and ")
        }
    }

    /// The answers of this item that are to be seen now: all, or the one to be rated.
    var shownAnswers: [Int] {
        let all = Array(items[position].answers.indices)
        switch mode {
        case .pair, .rank: return all
        case .thumbs, .rating: return [all[min(entered.count, all.count - 1)]]
        }
    }

    /// Takes votes that were given before an interruption, with their notes and flags. They stand in the
    /// order of the items; one that was taken back leaves a gap. Votes on other items are not taken.
    mutating func restore(_ kept: [Vote]) {
        var rest = kept[...]
        var restored = answers
        for (place, item) in items.enumerated() {
            let next = rest.prefix(item.comparisons.count)
            guard next.map(\.comparisonID) == item.comparisons.map(\.comparison.id),
                next.allSatisfy({ $0.isRepeat == item.isRepeat })
            else { continue }
            restored[place] = Array(next)
            rest = rest.dropFirst(next.count)
        }
        guard rest.isEmpty else { return }
        answers = restored
        for (place, votes) in answers.enumerated() {
            notes[place] = votes.first?.note
            if votes.first?.isFlagged == true { flags.insert(place) }
        }
        position = firstOpen(from: 0)
    }

    /// The first item from here on without an answer, else the first at all.
    private func firstOpen(from start: Int) -> Int {
        answers[start...].firstIndex(where: \.isEmpty) ?? answers.firstIndex(where: \.isEmpty)
            ?? items.count
    }

    /// Acts on a key.
    ///
    /// - Parameter seconds: How long the question has been looked at.
    mutating func take(_ key: Key, seconds: Double?) -> Effect {
        if case .character(let character) = key, let effect = command(character) { return effect }
        switch key {
        case .escape: return .quit
        case .backspace: return undo()
        case .enter: return goOn()
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
            mark()
            return .flagged(flags.contains(position))
        case "s", " ": return skip()
        default: return nil
        }
    }

    mutating func add(note: String) {
        notes[position] = note.isEmpty ? nil : note
        mark()
    }

    /// An answer that is there already carries the note and the flag too.
    private mutating func mark() {
        answers[position] = answers[position].map {
            $0.marked(note: notes[position], isFlagged: flags.contains(position))
        }
    }

    private mutating func undo() -> Effect {
        if isTying || !entered.isEmpty {
            if isTying { isTying = false } else { entered.removeLast() }
            return .undone
        }
        // After going back: the answer that is seen.
        if position == items.count || answers[position].isEmpty {
            guard position > 0 else { return .nothingToUndo }
            position -= 1
        }
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

    /// Leaves the answer of a question as it is and goes to the first that has none.
    private mutating func goOn() -> Effect {
        guard !answers[position].isEmpty else { return .unknown }
        entered = []
        isTying = false
        position = firstOpen(from: position)
        return .wentOn
    }

    private mutating func skip() -> Effect {
        finish(items[position].comparisons.map { pair in vote(pair, .skip, nil, seconds: nil) })
        return .answered("skipped")
    }

    private mutating func finish(_ votes: [Vote]) {
        answers[position] = votes
        entered = []
        isTying = false
        // After going back: on to the first question without an answer.
        position = firstOpen(from: position)
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
