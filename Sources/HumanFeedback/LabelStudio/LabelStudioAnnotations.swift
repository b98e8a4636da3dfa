/// Annotations that a server gave without their tasks: votes on texts that are not known here.
///
/// Drafts and predictions have the same form and are no votes; they are counted.
struct LabelStudioAnnotations {
    private var tasks: [(id: String, task: LabelStudioTask)] = []
    private var places: [ExactText: Int] = [:]
    private var tally = ReasonTally()

    mutating func add(
        _ row: RowReader, configuration: LabelStudioConfiguration
    ) throws(RowProblem) {
        if row["was_postponed"] != nil || row["user"] != nil {
            tally.add(.draft)
            return
        }
        if row["model_version"] != nil || row["mislabeling"] != nil {
            tally.add(.prediction)
            return
        }
        guard let id = try row.optionalID("task") else {
            throw row.missing("task", expected: "a string or an integer")
        }
        let place = places[ExactText(id)] ?? tasks.count
        if place == tasks.count {
            places[ExactText(id)] = place
            tasks.append((id, LabelStudioTask(configuration: configuration)))
        }
        try tasks[place].task.read(row)
    }

    /// The votes, on pairs that are named after the numbers of their tasks.
    func votes(_ sum: inout ReasonTally) -> [Vote] {
        sum.add(tally.counts)
        return tasks.flatMap { id, task -> [Vote] in
            var task = task
            task.keepNewest()
            sum.add(task.tally.counts)
            return task.judgements.map { judgement in
                Vote(
                    comparisonID: "task-\(id)",
                    annotator: judgement.annotator ?? Vote.unknownAnnotator,
                    verdict: judgement.verdict, strength: judgement.strength,
                    seconds: judgement.seconds, isGroundTruth: judgement.isGroundTruth)
            }
        }
    }
}
