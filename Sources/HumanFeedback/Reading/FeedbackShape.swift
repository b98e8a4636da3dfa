import OrderedJSON

/// What the rows of a file look like, told from their keys.
public enum FeedbackShape: String, CaseIterable, Sendable {
    /// `{"text"}`
    case text
    /// `{"messages": [{"role", "content"}, …]}`
    case messages
    /// `{"prompt"}`
    case promptOnly = "prompt-only"
    /// `{"prompt", "completion"}`
    case promptCompletion = "prompt-completion"
    /// `{"prompt", "chosen", "rejected"}`
    case preference
    /// `{"chosen", "rejected"}`, each with the prompt in front
    case implicitPreference = "implicit-prompt-preference"
    /// `{"prompt", "completion", "label"}`
    case unpaired = "unpaired-preference"
    /// `{"prompt", "completion", "rating"}`
    case rating = "rated-completions"
    /// `{"prompt", "answer1", "answer2"}`
    case pairList = "pair-list"
    /// `{"prompt", "ranking"}`
    case ranking
    /// `{"pair_id", "annotator", "verdict"}`
    case vote = "votes"
    /// Label Studio's raw JSON: `{"data", "annotations", …}`
    case labelStudio = "label-studio"
    /// A record of Label Studio's JSON_MIN, CSV or TSV: `{"annotation_id", "annotator", …}`
    case labelStudioTable = "label-studio-min"
    /// `{"task", "result", "completed_by"}`, an answer of Label Studio's server: annotations without
    /// the texts of their task; drafts and predictions by themselves look the same
    case labelStudioAnnotation = "label-studio-annotations"
    /// `{"instruction", "input", "output"}`
    case alpaca
    /// `{"instruction", "input", "chosen", "rejected"}`
    case alpacaPreference = "alpaca-preference"
    /// `{"info", "summaries", "choice"}`
    case openAIComparison = "openai-comparisons"
    /// `{"input": {"messages"}, "preferred_output", "non_preferred_output"}`
    case openAIPreference = "openai-preference"
    /// `{"model_a", "model_b", "winner"}`
    case battles = "arena-battles"
    /// `{"instruction", "completions": [{"response", "overall_score"}, …]}`
    case rated = "ultrafeedback"

    /// The shape of a row, or nil when its keys fit none.
    ///
    /// One telling key is enough, so that a row that lacks another is reported as incomplete
    /// rather than taken for something smaller.
    init?(of row: JSONObject) {
        func has(_ keys: String...) -> Bool { keys.contains { row[$0] != nil } }
        if row["data"]?.objectValue != nil {
            self = .labelStudio
        } else if has("annotation_id"), has("annotator") {
            self = .labelStudioTable
        } else if has("task"), row["result"]?.arrayValue != nil {
            self = .labelStudioAnnotation
        } else if has("model_a", "model_b") {
            self = .battles
        } else if has("preferred_output", "non_preferred_output") {
            self = .openAIPreference
        } else if has("summaries") {
            self = .openAIComparison
        } else if row["completions"]?[0]?.objectValue != nil {
            self = .rated
        } else if has("instruction") {
            self = has("chosen", "rejected") ? .alpacaPreference : .alpaca
        } else if has("verdict") {
            self = .vote
        } else if has("chosen", "rejected") {
            self = has("prompt") ? .preference : .implicitPreference
        } else if has("answer1", "answer2") {
            self = .pairList
        } else if has("ranking") {
            self = .ranking
        } else if has("completions", "labels") {
            return nil  // Stepwise supervision and groups of samples are not feedback we read.
        } else if has("completion") {
            self = has("label") ? .unpaired : has("rating") ? .rating : .promptCompletion
        } else if has("messages") {
            self = .messages
        } else if has("prompt") {
            self = .promptOnly
        } else if has("text") {
            self = .text
        } else {
            return nil
        }
    }

    /// Whether rows of one pair may stand anywhere in the file.
    var isOfLabelStudio: Bool {
        self == .labelStudio || self == .labelStudioTable || self == .labelStudioAnnotation
    }

    /// The keys that are read from a row of this shape.
    var readKeys: [String] {
        switch self {
        case .text: ["text"]
        case .messages: ["messages"]
        case .promptOnly: ["prompt", "prompt_id", "id"]
        case .promptCompletion: ["prompt", "completion", "prompt_id"]
        case .preference, .implicitPreference:
            [
                "prompt", "chosen", "rejected", "margin", "weight", "confidence", "prompt_id",
                "annotator", "simulated",
            ]
        case .unpaired: ["prompt", "completion", "label", "rating", "prompt_id"]
        case .rating: ["prompt", "completion", "rating", "prompt_id"]
        case .pairList:
            [
                "prompt", "answer1", "answer2", "pair_id", "id", "prompt_id", "model1", "model2",
            ]
        case .ranking: ["prompt", "ranking", "prompt_id", "annotator", "simulated"]
        case .vote:
            [
                "pair_id", "annotator", "verdict", "strength", "seconds", "shown_order",
                "criterion", "simulated", "ground_truth", "left_rating", "right_rating", "note",
                "flagged", "repeat", "selection",
            ]
        case .labelStudio, .labelStudioTable, .labelStudioAnnotation: []
        case .alpaca: ["instruction", "input", "output"]
        case .alpacaPreference: ["instruction", "input", "chosen", "rejected"]
        case .openAIComparison: ["info", "summaries", "choice", "worker", "extra"]
        case .openAIPreference: ["input", "preferred_output", "non_preferred_output"]
        case .battles:
            [
                "model_a", "model_b", "winner", "judge", "judge_hash", "conversation_a",
                "conversation_b", "question_id",
            ]
        case .rated: ["instruction", "prompt", "completions"]
        }
    }
}

/// The rows of a file.
public enum FeedbackData: Equatable, Sendable {
    case prompts([Prompt])
    case demonstrations([Demonstration])
    case pairs([PreferencePair])
    case labelledCompletions([LabelledCompletion])
    case ratings([RatedCompletion])
    case comparisons([Comparison])
    case rankings([Ranking])
    case votes([Vote])
    /// Comparisons with the votes on them, from a Label Studio export.
    case labelled(comparisons: [Comparison], votes: [Vote])

    /// The number of rows; comparisons where there are votes too.
    public var count: Int {
        switch self {
        case .prompts(let rows): rows.count
        case .demonstrations(let rows): rows.count
        case .pairs(let rows): rows.count
        case .labelledCompletions(let rows): rows.count
        case .ratings(let rows): rows.count
        case .comparisons(let rows), .labelled(let rows, _): rows.count
        case .rankings(let rows): rows.count
        case .votes(let rows): rows.count
        }
    }
}
