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
    /// * identical answers, empty texts, texts longer than `longestText` characters.
    /// * white space: around a prompt, after an answer, or more than one character before it.
    public init(of file: FeedbackFile, longestText: Int = 8_000) {
        var tally = FindingTally()
        for (fields, line) in zip(file.textRows, file.lines) {
            Self.checkTexts(fields, line: line, longestText: longestText, tally: &tally)
        }
        Self.checkRepetition(file, tally: &tally)
        Self.checkVotes(file, tally: &tally)
        rowCount = file.data.count
        findings = tally.findings
        counts = file.counts
        switch file.data {
        case .pairs(let pairs): lengthBias = pairs.isEmpty ? nil : LengthBias(pairs)
        case .rankings(let rankings): lengthBias = LengthBias(rankings.flatMap(\.pairs))
        case .labelled(let comparisons, let votes):
            let pairs = PreferencePairs(comparisons: comparisons, votes: votes).pairs
            lengthBias = pairs.isEmpty ? nil : LengthBias(pairs)
        default: lengthBias = nil
        }
    }

    private static func checkTexts(
        _ fields: [TextField], line: Int, longestText: Int, tally: inout FindingTally
    ) {
        if fields.contains(where: \.isBlank) { tally.add(.emptyText, line: line) }
        let answers = fields.filter(\.isAnswer).map { ExactText($0.text.trimmed) }
        if Set(answers).count < answers.count { tally.add(.identicalAnswers, line: line) }
        if fields.contains(where: hasStraySpace) { tally.add(.surroundingWhiteSpace, line: line) }
        // A character is at least one byte, so short texts need no counting.
        let isLong = { (field: TextField) in
            field.text.utf8.count > longestText && field.text.count > longestText
        }
        if fields.contains(where: isLong) { tally.add(.veryLong, line: line) }
    }

    private static func hasStraySpace(_ field: TextField) -> Bool {
        if field.isBlank { return false }
        var scalars = Substring(field.text).unicodeScalars
        if scalars.last?.properties.isWhitespace == true { return true }
        if field.isAnswer, scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        return scalars.first?.properties.isWhitespace == true
    }

    /// Rows that say again, or the opposite of, what an earlier row said.
    private static func checkRepetition(_ file: FeedbackFile, tally: inout FindingTally) {
        var seen: Set<ExactText> = []
        var said: Set<ExactText> = []
        for (row, line) in zip(file.statements, file.lines) {
            if !seen.insert(ExactText(row.whole)).inserted { tally.add(.duplicate, line: line) }
            guard let claim = row.claim, let opposite = row.opposite else { continue }
            if said.contains(ExactText(opposite)) { tally.add(.contradiction, line: line) }
            said.insert(ExactText(claim))
        }
    }

    /// Comparisons of an export whose votes, on one criterion, go both ways.
    private static func checkVotes(_ file: FeedbackFile, tally: inout FindingTally) {
        guard case .labelled(let comparisons, let votes) = file.data else { return }
        var sides: [ExactText: Set<Verdict>] = [:]
        var disputed: Set<ExactText> = []
        for vote in votes where vote.verdict.isDecided {
            let key = ExactText(key(vote.comparisonID, vote.criterion ?? ""))
            sides[key, default: []].insert(vote.verdict)
            if sides[key]?.count == 2 { disputed.insert(ExactText(vote.comparisonID)) }
        }
        for (comparison, line) in zip(comparisons, file.lines)
        where disputed.contains(ExactText(comparison.id)) {
            tally.add(.contradiction, line: line)
        }
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
                    let value: JSON = ["count": .integer(finding.count), "lines": .array(lines)]
                    return (finding.reason.rawValue, value)
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

/// Joins texts so that different lists give different keys.
private func key(_ parts: String...) -> String {
    JSON.array(parts.map { .string($0) }).text
}

extension FeedbackFile {
    /// What a row says, as keys to compare.
    fileprivate struct Statement {
        /// The whole row.
        let whole: String
        /// The preference in it, and the reverse of it.
        var claim: String?
        var opposite: String?
    }

    fileprivate var statements: [Statement] {
        switch data {
        case .prompts(let rows): rows.map { Statement(whole: key($0.text)) }
        case .demonstrations(let rows):
            rows.map { Statement(whole: key($0.prompt, $0.completion)) }
        case .pairs(let rows):
            rows.map { row in
                Statement(
                    whole: key(row.prompt, row.chosen, row.rejected, row.annotator ?? ""),
                    claim: key(row.prompt, row.chosen, row.rejected),
                    opposite: row.chosen == row.rejected
                        ? nil : key(row.prompt, row.rejected, row.chosen))
            }
        case .labelledCompletions(let rows):
            rows.map { row in
                let label = row.isGood ? "good" : "bad"
                let other = row.isGood ? "bad" : "good"
                let claim = key(row.prompt, row.completion, label)
                return Statement(
                    whole: claim, claim: claim, opposite: key(row.prompt, row.completion, other))
            }
        case .comparisons(let rows):
            rows.map { Statement(whole: key($0.prompt, $0.left, $0.right)) }
        case .rankings(let rows): rows.map { Statement(whole: $0.json.text) }
        case .votes(let rows):
            rows.map { row in
                let criterion = row.criterion ?? ""
                let isDecided = row.verdict.isDecided
                return Statement(
                    whole: row.json.text,
                    claim: isDecided
                        ? key(row.comparisonID, criterion, row.verdict.rawValue) : nil,
                    opposite: isDecided
                        ? key(row.comparisonID, criterion, row.verdict.flipped.rawValue) : nil)
            }
        case .labelled: []  // The reader has joined repeated tasks and counted them.
        }
    }
}
