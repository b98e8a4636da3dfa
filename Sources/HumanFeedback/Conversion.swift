public import OrderedJSON

/// A form of file that can be written, with TRL's column names.
public enum ConversionTarget: String, CaseIterable, Sendable {
    /// The natural form: preferences where there are any, else what the file already says.
    case trl
    /// `{"prompt", "chosen", "rejected"[, "margin"]}`
    case preference
    /// `{"prompt", "completion"}`: demonstrations, or the preferred answers.
    case promptCompletion = "prompt-completion"
    /// `{"prompt", "completion", "label"}`
    case unpaired = "unpaired-preference"
    /// `{"prompt"}`, each prompt once.
    case promptOnly = "prompt-only"
    /// The columns of `preference`, or demonstrations, as lists of messages.
    case conversational
    /// Anthropic's `{"chosen", "rejected"}`, whole transcripts.
    case transcripts = "hh-rlhf"
    /// `{"instruction", "input", "output"}`
    case alpaca
    /// `{"instruction", "input", "chosen", "rejected"}`
    case alpacaPreference = "alpaca-preference"
    /// `{"info", "summaries", "choice", "worker"}`, one row a vote.
    case openAIComparisons = "openai-comparisons"
    /// `{"input", "preferred_output", "non_preferred_output"}`
    case openAIPreference = "openai-preference"
    /// `{"model_a", "model_b", "winner"}`, one row a vote.
    case battles = "arena-battles"
    /// Tasks with annotations, as Label Studio's raw export has them.
    case labelStudio = "label-studio"
    /// `{"prompt", "ranking"}`, our answers in order, ties in one tier.
    case ranking
    /// `{"prompt", "completion", "rating"}`, single answers with a number each.
    case ratings = "rated-completions"
    /// `{"instruction", "completions": [{"response", "overall_score"}, …]}`
    case ultraFeedback = "ultrafeedback"
    /// `{"prompt", "answer1", "answer2"}`, our pairs to compare.
    case pairList = "pair-list"
    /// `{"pair_id", "annotator", "verdict"}`, our votes.
    case votes
}

/// The rows of a file in another form, with what could not be carried over and why.
public struct Conversion: Equatable, Sendable {
    public let rows: [JSON]
    /// What the reader counted and what this conversion left out.
    public let counts: [ReasonCount]
    /// What rows held that the form has no place for, with the number of rows.
    public let lost: [ColumnCount]

    /// Texts that were written already, kept by their hashes from one part of a file to the next.
    public struct Memory: Sendable {
        fileprivate var written: Set<UInt64> = []
        /// The prompts of rated answers in earlier parts.
        fileprivate var rated: Set<UInt64> = []

        /// Creates an empty memory.
        public init() {}
    }

    /// Converts a file.
    ///
    /// Rows with an empty answer and pairs with identical answers are left out and counted: no
    /// trainer can use them. Every vote gives its own row; votes are not combined.
    ///
    /// - Throws: `FeedbackError.wrongShape` when the file cannot have that form.
    public init(of file: FeedbackFile, to target: ConversionTarget) throws(FeedbackError) {
        var memory = Memory()
        try self.init(of: file, to: target, memory: &memory)
    }

    /// Converts a part of a file.
    ///
    /// - Throws: `FeedbackError.wrongShape` when the file cannot have that form.
    public init(
        of file: FeedbackFile, to target: ConversionTarget, memory: inout Memory
    ) throws(FeedbackError) {
        var conversion = Converter(file: file, memory: memory)
        switch target {
        case .trl: try conversion.addNatural()
        case .preference: try conversion.addPreferences()
        case .promptCompletion: try conversion.addDemonstrations()
        case .unpaired: try conversion.addUnpaired()
        case .promptOnly: try conversion.addPrompts()
        case .conversational: try conversion.addConversations()
        case .transcripts: try conversion.addTranscripts()
        case .alpaca: try conversion.addInstructions()
        case .alpacaPreference, .openAIPreference: try conversion.addPlainPairs(target)
        case .openAIComparisons, .battles: try conversion.addVotedRows(target)
        case .labelStudio: try conversion.addTasks()
        case .ranking: try conversion.addRankings()
        case .ratings: try conversion.addRatings()
        case .ultraFeedback: try conversion.addRatedPrompts()
        case .pairList: try conversion.addComparisons()
        case .votes: try conversion.addVotes()
        }
        memory = conversion.memory
        rows = conversion.rows
        counts = conversion.tally.counts
        lost = conversion.lost
    }
}

/// The work of one conversion.
struct Converter {
    let file: FeedbackFile
    var rows: [JSON] = []
    var tally = ReasonTally()
    var lost: [ColumnCount] = []
    var memory: Conversion.Memory

    init(file: FeedbackFile, memory: Conversion.Memory) {
        self.file = file
        self.memory = memory
        tally.add(file.counts)
    }

    mutating func addNatural() throws(FeedbackError) {
        switch file.data {
        case .prompts: try addPrompts()
        case .demonstrations(let texts) where file.shape == .text:
            for row in texts where !isEmpty(row.completion) {
                rows.append(["text": .string(row.completion)])
            }
        case .demonstrations: try addDemonstrations()
        case .labelledCompletions: try addUnpaired()
        case .pairs, .rankings, .ratings, .labelled: try addPreferences()
        case .comparisons, .votes:
            throw file.wrongShape(.preference, .ranking, .labelStudio, .promptCompletion)
        }
    }

    mutating func addPrompts() throws(FeedbackError) {
        for prompt in try file.prompts() where !isEmpty(prompt.text) { addOnce(prompt.json) }
    }

    mutating func addPreferences() throws(FeedbackError) {
        for pair in try usablePairs() { rows.append(pair.json) }
        guard case .labelled(let comparisons, let votes) = file.data else { return }
        let known = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        for vote in votes where vote.verdict.isDecided {
            guard let pair = known[ExactText(vote.comparisonID)] else { continue }
            // A pair says whether a program made it, and the strength is its margin.
            loseExtras(of: vote, keepsSimulated: true)
            lose("ground_truth", when: vote.isGroundTruth)
            lose("pair_id", when: pair.id != pair.derivedID)
            lose("models", when: pair.leftModel != nil || pair.rightModel != nil)
        }
    }

    mutating func addDemonstrations() throws(FeedbackError) {
        switch file.data {
        case .demonstrations(let demonstrations):
            for row in demonstrations where !isEmpty(row.completion) { rows.append(row.json) }
        case .labelledCompletions(let completions):
            for row in completions {
                if !row.isGood {
                    tally.add(.notPreferred)
                } else {
                    addAnswer(row.prompt, row.completion, promptID: row.promptID)
                }
            }
        default:
            for pair in try usablePairs() {
                addAnswer(pair.prompt, pair.chosen, promptID: pair.promptID)
                tally.add(.notPreferred)
                loseExtras(of: pair, keepsPromptID: true)
            }
        }
    }

    mutating func addUnpaired() throws(FeedbackError) {
        if case .labelledCompletions(let completions) = file.data {
            for row in completions { addLabelled(row) }
            return
        }
        for pair in try usablePairs() {
            addLabelled(pair.prompt, pair.chosen, isGood: true, promptID: pair.promptID)
            addLabelled(pair.prompt, pair.rejected, isGood: false, promptID: pair.promptID)
            loseExtras(of: pair, keepsPromptID: true)
        }
        guard case .labelled(let comparisons, let votes) = file.data else { return }
        // Two bad answers make no pair, but each of them is a judgement.
        let byID = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        for vote in votes where vote.verdict == .bothBad {
            guard let both = byID[ExactText(vote.comparisonID)] else { continue }
            tally.add(.bothBad, -1)
            addLabelled(both.prompt, both.left, isGood: false, promptID: both.promptID)
            addLabelled(both.prompt, both.right, isGood: false, promptID: both.promptID)
        }
    }

    /// Counts rated answers whose prompt was in an earlier part of the file: answers are set beside
    /// those of their part.
    mutating func countApart() {
        guard case .ratings(let ratings) = file.data else { return }
        let prompts = ratings.map { Fingerprint.hash($0.promptID) }
        tally.add(.apart, prompts.count { memory.rated.contains($0) })
        memory.rated.formUnion(prompts)
    }

    /// The pairs a trainer can use; the others are counted.
    mutating func usablePairs() throws(FeedbackError) -> [PreferencePair] {
        countApart()
        let made = try file.preferencePairs()
        // The reader of an export has counted its skips.
        tally.add(made.counts.filter { $0.reason != .skipped })
        return made.pairs.filter { pair in
            let (chosen, rejected) = (pair.chosen.trimmed, pair.rejected.trimmed)
            if chosen.isEmpty || rejected.isEmpty {
                tally.add(.emptyText)
            } else if ExactText(chosen) == ExactText(rejected) {
                tally.add(.identicalAnswers)
            } else {
                return true
            }
            return false
        }
    }

    private mutating func addAnswer(_ prompt: String, _ completion: String, promptID: String) {
        let row = Demonstration(prompt: prompt, completion: completion, promptID: promptID)
        if !isEmpty(completion) { addOnce(row.json) }
    }

    private mutating func addLabelled(
        _ prompt: String, _ completion: String, isGood: Bool, promptID: String
    ) {
        addLabelled(
            LabelledCompletion(
                prompt: prompt, completion: completion, isGood: isGood, promptID: promptID))
    }

    private mutating func addLabelled(_ row: LabelledCompletion) {
        if !isEmpty(row.completion) { rows.append(row.json) }
    }

    /// Whether a text is empty, which is counted.
    mutating func isEmpty(_ text: String) -> Bool {
        if !text.trimmed.isEmpty { return false }
        tally.add(.emptyText)
        return true
    }

    mutating func addOnce(_ row: JSON) {
        if memory.written.insert(Fingerprint.hash(row.text)).inserted {
            rows.append(row)
        } else {
            tally.add(.duplicate)
        }
    }
}
