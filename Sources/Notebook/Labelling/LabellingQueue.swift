import Autograd
import HumanFeedback

/// How a person judges.
enum LabellingMode: String, CaseIterable {
    case pair, rank, thumbs, rating
}

/// Something laid before an annotator: a prompt and answers in the order in which they are shown.
struct LabellingItem: Equatable {
    let prompt: String
    let answers: [String]
    /// The comparison of each two answers `[i, j]`, i < j, and whether answer i is its left one.
    let comparisons: [(first: Int, second: Int, comparison: Comparison, order: ShownOrder)]
    var selection: String?
    var isRepeat = false

    /// A pair, with its sides as `order` says.
    init(_ comparison: Comparison, _ order: ShownOrder, selection: String?, isRepeat: Bool = false)
    {
        prompt = comparison.prompt
        let texts = [comparison.left, comparison.right]
        answers = order == .leftFirst ? texts : texts.reversed()
        comparisons = [(0, 1, comparison, order)]
        self.selection = selection
        self.isRepeat = isRepeat
    }

    /// Several answers of one prompt; each two of them are one comparison of the group.
    init(_ group: LabellingGroup, order: [Int]) {
        prompt = group.prompt
        answers = order.map { group.answers[$0] }
        var pairs: [(first: Int, second: Int, comparison: Comparison, order: ShownOrder)] = []
        for first in order.indices {
            for second in order.indices where first < second {
                let (comparison, isFlipped) = group.comparison(order[first], order[second])
                pairs.append((first, second, comparison, isFlipped ? .rightFirst : .leftFirst))
            }
        }
        comparisons = pairs
    }

    static func == (left: LabellingItem, right: LabellingItem) -> Bool {
        left.prompt == right.prompt && left.answers == right.answers
            && left.isRepeat == right.isRepeat && left.selection == right.selection
    }
}

/// The different answers to one prompt that stand in comparisons.
struct LabellingGroup {
    let prompt: String
    let promptID: String
    private(set) var answers: [String] = []
    private var known: [Comparison] = []

    /// What can be put in order by the keys 1 to 9.
    static let mostAnswers = 9

    /// The groups of a list of comparisons, in its order.
    static func groups(of comparisons: [Comparison]) -> [LabellingGroup] {
        var positions: [String: Int] = [:]
        var groups: [LabellingGroup] = []
        for comparison in comparisons {
            let position = positions[comparison.promptID] ?? groups.count
            if position == groups.count {
                positions[comparison.promptID] = position
                groups.append(
                    LabellingGroup(prompt: comparison.prompt, promptID: comparison.promptID))
            }
            groups[position].add(comparison)
        }
        return groups
    }

    private init(prompt: String, promptID: String) {
        self.prompt = prompt
        self.promptID = promptID
    }

    private mutating func add(_ comparison: Comparison) {
        known.append(comparison)
        for text in [comparison.left, comparison.right] where !answers.contains(text) {
            answers.append(text)
        }
    }

    /// The comparison of two answers: the one that is there, or a new one with the group's prompt id;
    /// `isFlipped` says that its left answer is the second.
    func comparison(_ first: Int, _ second: Int) -> (comparison: Comparison, isFlipped: Bool) {
        let (a, b) = (answers[first], answers[second])
        if let there = known.first(where: { $0.left == a && $0.right == b }) {
            return (there, false)
        }
        if let there = known.first(where: { $0.left == b && $0.right == a }) {
            return (there, true)
        }
        // The same two answers give the same comparison whatever their order on the screen.
        let (left, right) = first < second ? (a, b) : (b, a)
        return (
            Comparison(prompt: prompt, left: left, right: right, promptID: promptID), first > second
        )
    }
}

/// Which pairs an annotator gets, in which order, with which side first: all looked up from the
/// seed, so that the same session asks the same questions.
struct LabellingQueue {
    /// What an annotator is asked beside the open pairs.
    struct Mixture {
        /// The share of questions whose answer is known.
        var gold = 0.0
        /// The share of questions that the annotator has answered before, now the other way round.
        var repeats = 0.0
    }

    let items: [LabellingItem]

    /// - Parameters:
    ///   - earlier: Votes so far; pairs that this annotator has judged by this criterion are left out.
    ///   - chosen: Open pairs in the order to ask them, with the reason; nil asks at random.
    init(
        comparisons: [Comparison], earlier: [Vote], annotator: String, criterion: String,
        count: Int, seed: UInt64, mixture: Mixture = Mixture(),
        chosen: [(comparison: Comparison, reason: String)]? = nil
    ) {
        let own = earlier.filter { Self.isOwn($0, annotator, criterion) }
        let done = Set(own.map(\.comparisonID))
        let open = comparisons.filter { !done.contains($0.id) }
        var random = RandomStream(
            seed: seed, purpose: RandomPurpose("labelling order"), step: done.count)
        let order: [(comparison: Comparison, reason: String?)] =
            chosen?.filter { !done.contains($0.comparison.id) }.map { ($0.comparison, $0.reason) }
            ?? random.permutation(of: open.count).map { (open[$0], nil) }
        let isMixed = mixture.gold > 0 || mixture.repeats > 0
        // Gold questions leave room for more ordinary ones than are asked.
        var ordinary = order.prefix(isMixed ? order.count : count).map { comparison, reason in
            LabellingItem(
                comparison, random.nextUniform() < 0.5 ? .leftFirst : .rightFirst,
                selection: reason)
        }
        if isMixed {
            let known = Set(earlier.filter(\.isGroundTruth).map(\.comparisonID))
            ordinary = Self.mixed(
                ordinary, gold: open.filter { known.contains($0.id) }, own: own,
                comparisons: comparisons, mixture, count, seed: seed, step: done.count)
        }
        items = ordinary
    }

    /// Groups of answers to rank; those whose every pair this annotator has judged are left out.
    init(
        groups: [LabellingGroup], earlier: [Vote], annotator: String, criterion: String,
        count: Int, seed: UInt64
    ) {
        let own = earlier.filter { Self.isOwn($0, annotator, criterion) }
        let done = Set(own.map(\.comparisonID))
        var random = RandomStream(
            seed: seed, purpose: RandomPurpose("ranking order"), step: done.count)
        let open = groups.compactMap { group -> LabellingItem? in
            guard group.answers.count > 1, group.answers.count <= LabellingGroup.mostAnswers
            else { return nil }
            let item = LabellingItem(group, order: random.permutation(of: group.answers.count))
            return item.comparisons.allSatisfy { done.contains($0.comparison.id) } ? nil : item
        }
        items = random.permutation(of: open.count).prefix(count).map { open[$0] }
    }

    /// The pairs that this annotator has judged by this criterion.
    static func judged(by annotator: String, _ criterion: String, _ votes: [Vote]) -> Set<String> {
        Set(votes.filter { isOwn($0, annotator, criterion) }.map(\.comparisonID))
    }

    private static func isOwn(_ vote: Vote, _ annotator: String, _ criterion: String) -> Bool {
        vote.annotator == annotator && !vote.isGroundTruth
            && (vote.criterion == nil || vote.criterion == criterion)
    }

    /// Puts gold questions and repeats among the ordinary ones, each place by a throw of its own.
    private static func mixed(
        _ ordinary: [LabellingItem], gold: [Comparison], own: [Vote], comparisons: [Comparison],
        _ mixture: Mixture, _ count: Int, seed: UInt64, step: Int
    ) -> [LabellingItem] {
        let goldIDs = Set(gold.map(\.id))
        var ordinary = ordinary.filter { !goldIDs.contains($0.comparisons[0].comparison.id) }[...]
        var random = RandomStream(
            seed: seed, purpose: RandomPurpose("labelling mixture"), step: step)
        var gold = random.permutation(of: gold.count).map { gold[$0] }[...]
        let judged = own.filter { $0.verdict != .skip && !$0.isRepeat }
        var repeats: [(comparison: Comparison, order: ShownOrder)] = judged.compactMap { vote in
            comparisons.first { $0.id == vote.comparisonID }.map { ($0, vote.shownOrder) }
        }
        var items: [LabellingItem] = []
        while items.count < count {
            let toss = Double(random.nextUniform())
            let side = random.nextUniform() < 0.5 ? ShownOrder.leftFirst : .rightFirst
            if toss < mixture.gold, let known = gold.popFirst() {
                items.append(LabellingItem(known, side, selection: "gold"))
            } else if toss >= mixture.gold, toss < mixture.gold + mixture.repeats,
                !repeats.isEmpty
            {
                let again = repeats.remove(at: random.nextIndex(below: repeats.count))
                items.append(
                    LabellingItem(
                        again.comparison, again.order == .leftFirst ? .rightFirst : .leftFirst,
                        selection: "repeat", isRepeat: true))
            } else if let next = ordinary.popFirst() {
                items.append(next)
                // Not at once: the last few are still in mind.
                let pair = next.comparisons[0]
                if items.count > 4 { repeats.append((pair.comparison, pair.order)) }
            } else {
                break
            }
        }
        return items
    }
}
