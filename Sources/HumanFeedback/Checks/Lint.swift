public import OrderedJSON

/// What is doubtful in a feedback file. Nothing is changed or left out by looking.
public struct Lint: Equatable, Sendable {
    public let rowCount: Int
    /// In the order of `LintReason.allCases`; none is the good case.
    public let findings: [Finding]
    /// Nil where there are no pairs.
    public let lengthBias: LengthBias?
    /// What the reader counted.
    public let counts: [ReasonCount]

    /// Checks the rows of a file.
    ///
    /// * duplicate: the texts, the annotator and the label of an earlier row again.
    /// * contradiction: a row that turns round an earlier one (A over B, then B over A for the same
    ///   prompt; one completion labelled good and bad); a pair with votes for both sides.
    /// * other rating: a completion of an earlier row, rated otherwise.
    /// * identical answers, empty texts, texts longer than `longestText` characters.
    /// * white space: around a prompt, after an answer, or more than one character before it.
    public init(of file: FeedbackFile, longestText: Int = 8_000) {
        var collector = LintCollector(longestText: longestText)
        collector.add(file)
        self = collector.finish()
    }

    init(
        rowCount: Int, findings: [Finding], lengthBias: LengthBias?, counts: [ReasonCount]
    ) {
        self.rowCount = rowCount
        self.findings = findings
        self.lengthBias = lengthBias
        self.counts = counts
    }

    /// Rows of the second file whose prompt text is in the first: a leak when one is for training
    /// and the other for evaluation. Nil when there is none; lines are those of the second file.
    public static func sharedPrompts(_ first: FeedbackFile, _ second: FeedbackFile) -> Finding? {
        func prompts(_ file: FeedbackFile) -> [String?] {
            file.textRows.map { fields in fields.first { !$0.isAnswer }?.text }
        }
        let known = Set(prompts(first).compactMap { $0.map(ExactText.init) })
        var tally = FindingTally()
        for (prompt, line) in zip(prompts(second), second.lines) {
            guard let prompt, known.contains(ExactText(prompt)) else { continue }
            tally.add(.sharedPrompt, line: line)
        }
        return tally.findings.first
    }

    /// The same as one JSON object.
    public var json: JSON {
        var object = JSONObject([("rows", .integer(rowCount))])
        object["findings"] = .object(
            JSONObject(
                findings.map { finding in
                    let lines = finding.lines.map { JSON.integer($0) }
                    var value = JSONObject([
                        ("count", .integer(finding.count)), ("lines", .array(lines)),
                    ])
                    if !finding.example.isEmpty { value["example"] = .string(finding.example) }
                    return (finding.reason.rawValue, .object(value))
                }))
        if let lengthBias {
            object["length_bias"] = [
                "chosen_longer": .integer(lengthBias.chosenLonger),
                "equal": .integer(lengthBias.equal),
                "rejected_longer": .integer(lengthBias.rejectedLonger),
                "share": .number(lengthBias.share),
            ]
        }
        object["counts"] = counts.json
        return .object(object)
    }
}
