public import OrderedJSON

/// Completions of a prompt from best to worst; equally good ones share a tier.
public struct Ranking: FeedbackRow, PromptGrouped {
    public let prompt: String
    /// Best tier first.
    public let tiers: [[String]]
    public let promptID: String
    public let annotator: String?
    /// Whether the annotator was a program.
    public let isSimulated: Bool

    /// Creates a ranking; without an id the prompt gets `Prompt.derivedID(of:)`.
    public init(
        prompt: String, tiers: [[String]], promptID: String? = nil, annotator: String? = nil,
        isSimulated: Bool = false
    ) {
        self.prompt = prompt
        self.tiers = tiers
        self.promptID = promptID ?? Prompt.derivedID(of: prompt)
        self.annotator = annotator
        self.isSimulated = isSimulated
    }

    /// Every better completion with every worse one. `K` completions without ties give
    /// `K (K − 1) / 2` pairs, all with the same prompt id; ties give none.
    public var pairs: [PreferencePair] {
        var pairs: [PreferencePair] = []
        for (index, tier) in tiers.enumerated() {
            for chosen in tier {
                for rejected in tiers[(index + 1)...].joined() {
                    pairs.append(
                        PreferencePair(
                            prompt: prompt, chosen: chosen, rejected: rejected,
                            promptID: promptID, annotator: annotator, isSimulated: isSimulated))
                }
            }
        }
        return pairs
    }

    /// Reads `prompt`, `ranking` (a list of texts or of lists of texts) and, if there,
    /// `prompt_id`, `annotator`, `simulated`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        let expected = "a list of texts, or of lists of texts, best first"
        guard let value = row["ranking"] else { throw row.missing("ranking", expected: expected) }
        guard let elements = value.arrayValue else {
            throw row.problem("ranking", expected: expected, found: value)
        }
        var tiers: [[String]] = []
        for element in elements {
            var tier: [String] = []
            for text in element.arrayValue ?? [element] {
                guard let string = text.stringValue else {
                    throw RowProblem(key: "ranking", expected: expected, found: text.kind)
                }
                tier.append(string)
            }
            tiers.append(tier)
        }
        self.init(
            prompt: try row.string("prompt"), tiers: tiers,
            promptID: try row.optionalID("prompt_id"),
            annotator: try row.optionalID("annotator"), isSimulated: try row.flag("simulated"))
    }

    public var json: JSON {
        let tiers = tiers.map { JSON.array($0.map { .string($0) }) }
        var object = JSONObject([("prompt", .string(prompt)), ("ranking", .array(tiers))])
        object.addPromptID(promptID, of: prompt)
        if let annotator { object["annotator"] = .string(annotator) }
        if isSimulated { object["simulated"] = true }
        return .object(object)
    }
}
