import OrderedJSON

/// What a row says, as hashes to compare.
struct Statement {
    /// The whole row.
    let whole: UInt64
    /// The preference in it, and the reverse of it.
    var claim: UInt64?
    var opposite: UInt64?
    /// What the row rates; a second row about it says something else, or the same again.
    var subject: UInt64?
}

extension FeedbackFile {
    var statements: [Statement] {
        switch data {
        case .prompts(let rows): rows.map { Statement(whole: Fingerprint.hash($0.text)) }
        case .demonstrations(let rows):
            rows.map { Statement(whole: Fingerprint.hash($0.prompt, $0.completion)) }
        case .pairs(let rows):
            rows.map { row in
                Statement(
                    whole: Fingerprint.hash(
                        row.prompt, row.chosen, row.rejected, row.annotator ?? ""),
                    claim: Fingerprint.hash(row.prompt, row.chosen, row.rejected),
                    opposite: row.chosen == row.rejected
                        ? nil : Fingerprint.hash(row.prompt, row.rejected, row.chosen))
            }
        case .labelledCompletions(let rows):
            rows.map { row in
                let label = row.isGood ? "good" : "bad"
                let other = row.isGood ? "bad" : "good"
                let claim = Fingerprint.hash(row.prompt, row.completion, label)
                return Statement(
                    whole: claim, claim: claim,
                    opposite: Fingerprint.hash(row.prompt, row.completion, other))
            }
        case .ratings(let rows):
            rows.map { row in
                Statement(
                    whole: Fingerprint.hash(row.prompt, row.completion, "\(row.rating)"),
                    subject: Fingerprint.hash(row.prompt, row.completion))
            }
        case .comparisons(let rows):
            rows.map { Statement(whole: Fingerprint.hash($0.prompt, $0.left, $0.right)) }
        case .rankings(let rows): rows.map { Statement(whole: Fingerprint.hash($0.json.text)) }
        case .votes(let rows):
            rows.map { row in
                let criterion = row.criterion ?? ""
                func claim(_ verdict: Verdict) -> UInt64? {
                    row.verdict.isDecided
                        ? Fingerprint.hash(row.comparisonID, criterion, verdict.rawValue) : nil
                }
                return Statement(
                    whole: Fingerprint.hash(row.json.text), claim: claim(row.verdict),
                    opposite: claim(row.verdict.flipped))
            }
        case .labelled: []  // The reader has joined repeated tasks and counted them.
        }
    }

    /// The annotator of each row or vote that names one.
    var annotatorNames: [String] {
        switch data {
        case .pairs(let rows): rows.compactMap(\.annotator)
        case .rankings(let rows): rows.compactMap(\.annotator)
        case .votes(let votes), .labelled(_, let votes): votes.map(\.annotator)
        default: []
        }
    }
}
