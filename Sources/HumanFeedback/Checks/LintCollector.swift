import OrderedJSON

/// Lints a file part by part, keeping no more of it than 64-bit hashes of its rows.
///
/// Texts are the same when their hashes are (FNV-1a): among ten million rows the chance that two
/// different ones meet is below one in a hundred thousand.
public struct LintCollector {
    /// How texts become tokens, for what `--max-length` does to them.
    public struct Cutting {
        let maxLength: Int
        let tokens: (String) -> [Int]

        /// Creates a cutting; `tokens` encodes a text.
        public init(maxLength: Int, tokens: @escaping (String) -> [Int]) {
            self.maxLength = maxLength
            self.tokens = tokens
        }
    }

    private let longestText: Int
    private let cutting: Cutting?
    private var tally = FindingTally()
    private var counts = ReasonTally()
    private var rowCount = 0
    private var lengthBias: LengthBias?
    private var seen: Set<UInt64> = []
    private var said: Set<UInt64> = []
    private var answers = 0
    private var annotators: [(name: String, votes: Int)] = []
    private var annotatorPlaces: [ExactText: Int] = [:]
    /// The hash of each row's prompt with the row's line.
    private(set) var prompts: [(hash: UInt64, line: Int)] = []

    /// Creates a collector; see `Lint` for what it looks for.
    public init(longestText: Int = 8_000, cutting: Cutting? = nil) {
        self.longestText = longestText
        self.cutting = cutting
    }

    /// Adds the rows of a file or of a part of one.
    public mutating func add(_ file: FeedbackFile) {
        for (fields, line) in zip(file.textRows, file.lines) {
            checkTexts(fields, line: line)
            if let prompt = fields.first(where: { !$0.isAnswer }) {
                prompts.append((Fingerprint.hash(prompt.text), line))
            }
        }
        for (statement, line) in zip(file.statements, file.lines) {
            let isNew = seen.insert(statement.whole).inserted
            if !isNew { tally.add(.duplicate, line: line) }
            if let subject = statement.subject, !said.insert(subject).inserted, isNew {
                tally.add(.otherRating, line: line)
            }
            guard let claim = statement.claim, let opposite = statement.opposite else { continue }
            if said.contains(opposite) { tally.add(.contradiction, line: line) }
            said.insert(claim)
        }
        checkVotes(file)
        for name in file.annotatorNames { count(name) }
        rowCount += file.data.count
        counts.add(file.counts)
        let pairs: [PreferencePair]
        switch file.data {
        case .pairs(let rows): pairs = rows
        case .rankings(let rankings): pairs = rankings.flatMap(\.pairs)
        case .labelled(let comparisons, let votes):
            pairs = PreferencePairs(comparisons: comparisons, votes: votes).pairs
        case .ratings, .labelledCompletions:
            // A prompt with thousands of answers would have millions of pairs.
            pairs = RatedCompletion.pairs(of: file.ratings, following: 8)
        default: pairs = []
        }
        if !pairs.isEmpty {
            lengthBias = lengthBias.map { $0 + LengthBias(pairs) } ?? LengthBias(pairs)
        }
    }

    /// What was found.
    public consuming func finish() -> Lint {
        // Where most answers end so, that is their manner.
        if 2 * tally.count(of: .unfinishedAnswer) > answers { tally.remove(.unfinishedAnswer) }
        let total = annotators.reduce(0) { $0 + $1.votes }
        if annotators.count > 2, let most = annotators.max(by: { $0.votes < $1.votes }),
            2 * most.votes > total
        {
            tally.set(
                .unbalancedAnnotators, count: most.votes,
                example: "\(most.name): \(most.votes) of \(total)")
        }
        return Lint(
            rowCount: rowCount, findings: tally.findings, lengthBias: lengthBias,
            counts: counts.counts)
    }

    /// Rows of the other file whose prompt is in this one.
    public func sharedPrompts(with other: LintCollector) -> Finding? {
        let known = Set(prompts.map(\.hash))
        var tally = FindingTally()
        for (hash, line) in other.prompts where known.contains(hash) {
            tally.add(.sharedPrompt, line: line)
        }
        return tally.findings.first
    }

    private mutating func count(_ name: String) {
        if let place = annotatorPlaces[ExactText(name)] {
            annotators[place].votes += 1
        } else {
            annotatorPlaces[ExactText(name)] = annotators.count
            annotators.append((name, 1))
        }
    }

    private mutating func checkTexts(_ fields: [TextField], line: Int) {
        let example = { (fields.first { $0.isAnswer } ?? fields.first)?.text ?? "" }
        if fields.contains(where: \.isBlank) {
            tally.add(.emptyText, line: line, example: fields.first?.text ?? "")
        }
        let answers = fields.filter(\.isAnswer)
        let trimmed = answers.map { ExactText($0.text.trimmed) }
        if Set(trimmed).count < trimmed.count {
            tally.add(.identicalAnswers, line: line, example: example())
        }
        if fields.contains(where: \.hasStraySpace) {
            tally.add(.surroundingWhiteSpace, line: line, example: example())
        }
        // A character is at least one byte, so short texts need no counting.
        let isLong = { [longestText] (field: TextField) in
            field.text.utf8.count > longestText && characters(in: field.text) > longestText
        }
        if fields.contains(where: isLong) { tally.add(.veryLong, line: line, example: example()) }
        if let garbled = fields.first(where: { Garbled.isIn($0.text) }) {
            tally.add(.garbledText, line: line, example: garbled.text)
        }
        if let hidden = fields.first(where: { HiddenCharacters.isIn($0.text) }) {
            tally.add(
                .hiddenCharacters, line: line, example: HiddenCharacters.named(hidden.text))
        }
        self.answers += 1
        if let unfinished = trimmed.first(where: { Self.isUnfinished($0.text) }) {
            tally.add(
                .unfinishedAnswer, line: line, example: "…" + unfinished.text.suffix(60))
        }
        if let cutting { checkCut(fields, answers, cutting, line: line) }
    }

    private mutating func checkCut(
        _ fields: [TextField], _ answers: [TextField], _ cutting: Cutting, line: Int
    ) {
        guard let prompt = fields.first(where: { !$0.isAnswer }) else { return }
        let room = cutting.maxLength - cutting.tokens(prompt.text).count
        if room <= 0 {
            tally.add(.promptOverContext, line: line, example: prompt.text)
            return
        }
        let tokens = answers.map { cutting.tokens($0.text) }
        for (index, a) in tokens.enumerated() {
            for b in tokens[(index + 1)...]
            where a != b && a.count >= room && b.count >= room && a.prefix(room) == b.prefix(room) {
                tally.add(.cutToSame, line: line, example: answers[index].text)
                return
            }
        }
    }

    /// Ends in a letter, a comma or the like: no mark of an end, no bracket, no digit.
    private static func isUnfinished(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last else { return false }
        return last.properties.isAlphabetic || ",;:-–".unicodeScalars.contains(last)
    }

    /// Comparisons whose votes, on one criterion, go both ways.
    private mutating func checkVotes(_ file: FeedbackFile) {
        guard case .labelled(let comparisons, let votes) = file.data else { return }
        var sides: [UInt64: Verdict] = [:]
        var disputed: Set<ExactText> = []
        for vote in votes where vote.verdict.isDecided {
            let key = Fingerprint.hash(vote.comparisonID, vote.criterion ?? "")
            if let side = sides[key], side != vote.verdict {
                disputed.insert(ExactText(vote.comparisonID))
            }
            sides[key] = vote.verdict
        }
        for (comparison, line) in zip(comparisons, file.lines)
        where disputed.contains(ExactText(comparison.id)) {
            tally.add(.contradiction, line: line, example: comparison.prompt)
        }
    }
}

/// Texts whose UTF-8 was read as Latin-1 or Windows-1252, or that hold replacement characters.
enum Garbled {
    private static let marks = [
        "Ã©", "Ã¨", "Ã¤", "Ã¶", "Ã¼", "ÃŸ", "Ã±", "â€™", "â€œ", "â€", "Â ", "Â°", "\u{FFFD}",
    ]

    static func isIn(_ text: String) -> Bool {
        // All marks begin beyond ASCII, which most texts never leave.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return false }
        return marks.contains { text.contains($0) }
    }
}

extension TextField {
    /// White space around a prompt, after an answer, or more than one character before it.
    fileprivate var hasStraySpace: Bool {
        if isBlank { return false }
        var scalars = Substring(text).unicodeScalars
        if scalars.last?.properties.isWhitespace == true { return true }
        if isAnswer, scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        return scalars.first?.properties.isWhitespace == true
    }
}
