/// Joins the tasks of an export into comparisons and votes.
struct LabelStudioTasks {
    private var joined = JoinedComparisons()
    private var pending: [Pending] = []
    /// Where the votes of records stand, by pair, annotator and control.
    private var recorded: [RecordKey: Int] = [:]

    var comparisons: [Comparison] { joined.comparisons }
    /// The line of each comparison.
    var lines: [Int] { joined.lines }

    private struct Pending {
        let vote: Vote
        let controlName: String
        let updated: String
    }

    private struct RecordKey: Hashable {
        let position: Int
        let annotator, control: ExactText
    }

    /// Adds a task; `tally` receives what the task counted and what joining it found.
    ///
    /// A task that shows its sides exchanged says so in `swapped`: the comparison is then the one that
    /// was pushed, and the votes turn with it.
    ///
    /// - Parameter isRecord: Whether it is one annotation of a task whose others come by themselves, as
    ///   in JSON_MIN and tables: of one annotator's the newest stays.
    mutating func add(
        _ task: LabelStudioTask, line: Int, isRecord: Bool = false, tally: inout ReasonTally
    ) {
        tally.add(task.tally.counts)
        var places: [(position: Int, isSwapped: Bool)] = []
        for (index, comparison) in task.comparisons.enumerated() {
            let isRepeated = task.comparisons[..<index].contains { $0.id == comparison.id }
            let (position, isFlipped) = joined.place(
                task.isSwapped ? comparison.exchanged : comparison, line: line,
                repeated: isRepeated || isRecord ? nil : .duplicateTask, tally: &tally)
            places.append((position, isFlipped != task.isSwapped))
        }
        for judgement in task.judgements {
            let (position, isSwapped) = places[judgement.control]
            let verdict = isSwapped ? judgement.verdict.flipped : judgement.verdict
            let vote = Vote(
                comparisonID: comparisons[position].id,
                annotator: judgement.annotator ?? Vote.unknownAnnotator, verdict: verdict,
                strength: judgement.strength, seconds: judgement.seconds,
                shownOrder: isSwapped ? .rightFirst : .leftFirst,
                isGroundTruth: judgement.isGroundTruth)
            let new = Pending(
                vote: vote, controlName: judgement.controlName, updated: judgement.updated)
            guard isRecord, let annotator = judgement.annotator, verdict != .skip else {
                pending.append(new)
                continue
            }
            let key = RecordKey(
                position: position, annotator: ExactText(annotator),
                control: ExactText(judgement.controlName))
            if let earlier = recorded[key] {
                tally.add(.superseded)
                if new.updated >= pending[earlier].updated { pending[earlier] = new }
            } else {
                recorded[key] = pending.count
                pending.append(new)
            }
        }
    }

    /// The votes; the control's name is the criterion when there are several controls.
    var votes: [Vote] {
        let names = pending.filter { $0.vote.verdict != .skip && !$0.controlName.isEmpty }
            .map(\.controlName)
        guard let first = names.first, names.contains(where: { $0 != first }) else {
            return pending.map(\.vote)
        }
        return pending.map { each in
            let vote = each.vote
            return Vote(
                comparisonID: vote.comparisonID, annotator: vote.annotator, verdict: vote.verdict,
                strength: vote.strength, seconds: vote.seconds, shownOrder: vote.shownOrder,
                criterion: vote.verdict == .skip ? nil : each.controlName,
                isGroundTruth: vote.isGroundTruth)
        }
    }
}
