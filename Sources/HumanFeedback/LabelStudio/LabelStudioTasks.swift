/// Joins the tasks of an export into comparisons and votes.
struct LabelStudioTasks {
    private(set) var comparisons: [Comparison] = []
    /// The line of each comparison.
    private(set) var lines: [Int] = []
    private var pending: [(vote: Vote, controlName: String)] = []
    private var positions: [ExactText: Int] = [:]

    /// Adds a task; `tally` receives what the task counted and what joining it found.
    mutating func add(_ task: LabelStudioTask, line: Int, tally: inout ReasonTally) {
        tally.add(task.tally.counts)
        var places: [(position: Int, isSwapped: Bool)] = []
        for (index, comparison) in task.comparisons.enumerated() {
            let isRepeated = task.comparisons[..<index].contains { $0.id == comparison.id }
            var ignored = ReasonTally()
            places.append(
                isRepeated
                    ? place(comparison, line: line, tally: &ignored)
                    : place(comparison, line: line, tally: &tally))
        }
        for judgement in task.judgements {
            let (position, isSwapped) = places[judgement.control]
            let verdict = isSwapped ? judgement.verdict.flipped : judgement.verdict
            let vote = Vote(
                comparisonID: comparisons[position].id,
                annotator: judgement.annotator ?? "unknown", verdict: verdict,
                strength: judgement.strength, seconds: judgement.seconds,
                shownOrder: isSwapped ? .rightFirst : .leftFirst,
                isGroundTruth: judgement.isGroundTruth)
            pending.append((vote, judgement.controlName))
        }
    }

    /// The votes; the control's name is the criterion when there are several controls.
    var votes: [Vote] {
        let names = pending.filter { $0.vote.verdict != .skip && !$0.controlName.isEmpty }
            .map(\.controlName)
        guard let first = names.first, names.contains(where: { $0 != first }) else {
            return pending.map(\.vote)
        }
        return pending.map { vote, name in
            Vote(
                comparisonID: vote.comparisonID, annotator: vote.annotator, verdict: vote.verdict,
                strength: vote.strength, seconds: vote.seconds, shownOrder: vote.shownOrder,
                criterion: vote.verdict == .skip ? nil : name, isGroundTruth: vote.isGroundTruth)
        }
    }

    /// Where the comparison is kept. A pair that is there already, in either order, is joined;
    /// `isSwapped` says that its left is our right.
    private mutating func place(
        _ comparison: Comparison, line: Int, tally: inout ReasonTally
    ) -> (position: Int, isSwapped: Bool) {
        guard let position = positions[ExactText(comparison.id)] else {
            positions[ExactText(comparison.id)] = comparisons.count
            comparisons.append(comparison)
            lines.append(line)
            return (comparisons.count - 1, false)
        }
        let other = comparisons[position]
        let isSamePrompt = ExactText(other.prompt) == ExactText(comparison.prompt)
        let sides = (ExactText(comparison.left), ExactText(comparison.right))
        if isSamePrompt, sides == (ExactText(other.left), ExactText(other.right)) {
            tally.add(.duplicateTask)
            return (position, false)
        }
        if isSamePrompt, sides == (ExactText(other.right), ExactText(other.left)) {
            tally.add(.duplicateTask)
            return (position, true)
        }
        tally.add(.reusedPairID)
        let renamed = Comparison(
            prompt: comparison.prompt, left: comparison.left, right: comparison.right,
            promptID: comparison.promptID)
        // Ends here: two comparisons with one derived id have the same texts.
        return place(renamed, line: line, tally: &tally)
    }
}
