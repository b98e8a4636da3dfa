import OrderedJSON

/// The forms of other programs.
extension Converter {
    /// Counts a value that the form has no place for.
    mutating func lose(_ name: String, when isLost: Bool = true) {
        guard isLost else { return }
        if let index = lost.firstIndex(where: { $0.name == name }) {
            lost[index] = ColumnCount(name: name, rows: lost[index].rows + 1)
        } else {
            lost.append(ColumnCount(name: name, rows: 1))
        }
    }

    mutating func loseExtras(of pair: PreferencePair, keepsPromptID: Bool = false) {
        lose("margin", when: pair.margin != nil)
        lose("weight", when: pair.weight != 1)
        lose("confidence", when: pair.confidence != 1)
        lose("annotator", when: pair.annotator != nil)
        lose("simulated", when: pair.isSimulated)
        lose(
            "prompt_id",
            when: !keepsPromptID && pair.promptID != Prompt.derivedID(of: pair.prompt))
    }

    mutating func addConversations() throws(FeedbackError) {
        if case .demonstrations(let demonstrations) = file.data, file.shape != .text {
            for row in demonstrations where !isEmpty(row.completion) {
                let answer = Transcript.plain(row.completion, after: row.prompt)
                rows.append([
                    "messages": .array(
                        Transcript.messages(row.prompt) + [Self.message("assistant", answer)])
                ])
            }
            return
        }
        for pair in try usablePairs() {
            var object = pair.json.objectValue ?? JSONObject()
            func answer(_ text: String) -> JSON {
                [Self.message("assistant", Transcript.plain(text, after: pair.prompt))]
            }
            object["prompt"] = .array(Transcript.messages(pair.prompt))
            object["chosen"] = answer(pair.chosen)
            object["rejected"] = answer(pair.rejected)
            rows.append(.object(object))
        }
    }

    private static func message(_ role: String, _ text: String) -> JSON {
        ["role": .string(role), "content": .string(text)]
    }

    mutating func addTranscripts() throws(FeedbackError) {
        for pair in try usablePairs() {
            guard let prompt = Transcript.prompt(pair.prompt),
                let chosen = Transcript.answer(pair.chosen, after: pair.prompt),
                let rejected = Transcript.answer(pair.rejected, after: pair.prompt)
            else {
                tally.add(.marksOfTurns)
                continue
            }
            rows.append([
                "chosen": .string(prompt + chosen), "rejected": .string(prompt + rejected),
            ])
            loseExtras(of: pair)
        }
    }

    mutating func addInstructions() throws(FeedbackError) {
        var plain = Converter(file: file, memory: memory)
        try plain.addDemonstrations()
        (tally, memory, lost) = (plain.tally, plain.memory, plain.lost)
        for row in plain.rows {
            rows.append([
                "instruction": row["prompt"] ?? "", "input": "", "output": row["completion"] ?? "",
            ])
            lose("prompt_id", when: row["prompt_id"] != nil)
        }
    }

    mutating func addPlainPairs(_ target: ConversionTarget) throws(FeedbackError) {
        for pair in try usablePairs() {
            loseExtras(of: pair)
            if target == .openAIPreference {
                rows.append(OpenAIPreference.row(pair))
            } else {
                rows.append([
                    "instruction": .string(pair.prompt), "input": "",
                    "chosen": .string(pair.chosen), "rejected": .string(pair.rejected),
                ])
            }
        }
    }

    // MARK: - Comparisons with votes

    /// Every comparison with its votes. Preference pairs become comparisons with one vote; which
    /// answer is left is decided by a hash of the texts, so that the better one is not always left.
    private mutating func judged() throws(FeedbackError) -> [(Comparison, [Vote])] {
        switch file.data {
        case .comparisons(let comparisons):
            return comparisons.map { ($0, []) }
        case .labelled(let comparisons, let votes):
            let byPair = Dictionary(grouping: votes) { ExactText($0.comparisonID) }
            return comparisons.map { ($0, byPair[ExactText($0.id)] ?? []) }
        default:
            return try usablePairs().map { pair in
                lose("weight", when: pair.weight != 1)
                lose("confidence", when: pair.confidence != 1)
                let isLeft =
                    Fingerprint.mixed(Fingerprint.hash(pair.prompt, pair.chosen, pair.rejected))
                    & 1 == 0
                let comparison = Comparison(
                    prompt: pair.prompt, left: isLeft ? pair.chosen : pair.rejected,
                    right: isLeft ? pair.rejected : pair.chosen, promptID: pair.promptID)
                let vote = Vote(
                    comparisonID: comparison.id, annotator: pair.annotator ?? Vote.unknownAnnotator,
                    verdict: isLeft ? .left : .right, strength: pair.margin,
                    isSimulated: pair.isSimulated)
                return (comparison, [vote])
            }
        }
    }

    /// Counts what a form without our further columns loses of a vote.
    mutating func loseExtras(
        of vote: Vote, keepsTime: Bool = false, keepsSimulated: Bool = false
    ) {
        lose("seconds", when: vote.seconds != nil && !keepsTime)
        lose("shown_order", when: vote.shownOrder == .rightFirst)
        lose("criterion", when: vote.criterion != nil)
        lose("simulated", when: vote.isSimulated && !keepsSimulated)
        lose("ratings", when: vote.leftRating != nil || vote.rightRating != nil)
        lose("note", when: vote.note != nil)
        lose("flag", when: vote.isFlagged)
        lose("repeat", when: vote.isRepeat)
        lose("selection", when: vote.selection != nil)
    }

    /// Whether forms with so many steps hold the strength as it is.
    private static func isKept(_ vote: Vote, steps: [Double] = [1, 3]) -> Bool {
        guard let strength = vote.strength else { return true }
        return vote.verdict.isDecided && steps.contains(strength)
    }

    mutating func addVotedRows(_ target: ConversionTarget) throws(FeedbackError) {
        for (comparison, votes) in try judged() {
            countUnlabelled(votes)
            for vote in votes {
                let isBattle = target == .battles
                if vote.verdict == .skip { continue }  // The reader has counted it.
                let row =
                    isBattle
                    ? ArenaBattle.row(comparison, vote) : OpenAIComparison.row(comparison, vote)
                guard let row else {
                    let hasNoModels = isBattle && comparison.leftModel == nil
                    tally.add(
                        hasNoModels ? .noModelNames : vote.verdict == .tie ? .tie : .bothBad)
                    continue
                }
                rows.append(row)
                loseExtras(of: vote)
                lose(
                    "strength",
                    when: isBattle
                        ? vote.strength != nil
                        : !Self.isKept(vote, steps: OpenAIComparison.strengths))
                lose("ground_truth", when: vote.isGroundTruth)
                lose(
                    isBattle ? "prompt_id" : "pair_id",
                    when: isBattle
                        ? comparison.promptID != Prompt.derivedID(of: comparison.prompt)
                        : comparison.id != comparison.derivedID)
            }
        }
    }

    mutating func addTasks() throws(FeedbackError) {
        for (comparison, votes) in try judged() {
            rows.append(LabelStudioTaskWriter.task(comparison, votes))
            for vote in votes {
                loseExtras(of: vote, keepsTime: true)
                lose("strength", when: !Self.isKept(vote))
            }
        }
    }

    mutating func addComparisons() throws(FeedbackError) {
        for (comparison, votes) in try judged() {
            addOnce(comparison.json)
            for _ in votes { lose("vote") }
        }
    }

    mutating func addVotes() throws(FeedbackError) {
        if case .votes(let votes) = file.data {
            rows += votes.map(\.json)
            return
        }
        for (_, votes) in try judged() {
            rows += votes.map(\.json)
            countUnlabelled(votes)
            for _ in votes { lose("texts") }
        }
    }

    /// Counts a comparison without votes; the reader of an export has counted its own.
    mutating func countUnlabelled(_ votes: [Vote]) {
        if votes.isEmpty, !file.shape.isOfLabelStudio { tally.add(.unlabelled) }
    }
}
