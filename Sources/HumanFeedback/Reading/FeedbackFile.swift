/// A feedback file that was read: its rows, where they stand, and what could not be read and why.
public struct FeedbackFile: Equatable, Sendable {
    public let path: String
    public let shape: FeedbackShape
    public let data: FeedbackData
    /// The line on which each row of `data` starts (each comparison of a Label Studio export).
    public let lines: [Int]
    /// What did not become a row, or needs attention, by reason.
    public let counts: [ReasonCount]
    /// Columns that are not read, in the order in which they appear.
    public let unreadColumns: [ColumnCount]
    /// Every rating of a completion that the file has: thumbs up are 1 and thumbs down 0, and rows
    /// that rate several completions give one for each. Empty for other files.
    public var ratings: [RatedCompletion] = []

    /// Reads a file of any known shape, which is told from its first row.
    ///
    /// JSON lines and JSON arrays are read; see `FeedbackShape` for the columns. In conversational
    /// columns a prompt is one user message, or several turns that end with the user, and a completion
    /// one assistant message; other conversations are counted and left out.
    ///
    /// - Parameters:
    ///   - path: A file.
    ///   - configuration: Where a Label Studio export has its texts; nil means `.standard`.
    /// - Throws: `FeedbackError` with file and line, at the first problem.
    public static func read(
        path: String, configuration: LabelStudioConfiguration? = nil
    ) throws(FeedbackError) -> FeedbackFile {
        try read(bytes: try FileBytes.read(path: path), path: path, configuration: configuration)
    }

    /// Reads rows from bytes; `path` is for messages.
    ///
    /// - Throws: `FeedbackError`.
    public static func read(
        bytes: [UInt8], path: String, configuration: LabelStudioConfiguration? = nil
    ) throws(FeedbackError) -> FeedbackFile {
        var collector = RowCollector(path: path, configuration: configuration ?? .standard)
        try RowSource(path: path, bytes: bytes).forEach { (line, row) throws(FeedbackError) in
            try collector.add(row, line: line)
        }
        return try collector.finish()
    }

    /// Reads a file some thousand rows at a time, so that its size does not matter. Rows that
    /// belong together, votes on one pair, must not be far apart: an export of Label Studio is
    /// read as a whole.
    ///
    /// - Parameter body: Gets the rows of a part; a part may have none. The lines are the file's.
    /// - Throws: `FeedbackError`, or what `body` throws.
    public static func forEachPart(
        path: String, configuration: LabelStudioConfiguration? = nil,
        _ body: (FeedbackFile) throws(FeedbackError) -> Void
    ) throws(FeedbackError) {
        // What a pipe has given is gone, and an export must be read from its start again.
        if FileBytes.isPipe(path: path) {
            return try body(try read(path: path, configuration: configuration))
        }
        var shape: FeedbackShape?
        var isWhole = false
        try FileBatches(path: path).forEach { (batch) throws(FeedbackError) in
            if isWhole { return }
            var collector = RowCollector(path: path, configuration: configuration ?? .standard)
            collector.expected = shape
            let source = RowSource(
                path: path, bytes: batch.bytes, linesBefore: batch.linesBefore)
            try source.forEach { (line, row) throws(FeedbackError) in
                try collector.add(row, line: line)
            }
            let part = try collector.finish(mayBeEmpty: true)
            if shape == nil, part.shape.isOfLabelStudio {
                isWhole = true
                try body(try read(path: path, configuration: configuration))
                return
            }
            shape = part.shape
            try body(part)
        }
    }
}

extension FeedbackFile {
    /// A file of votes together with the pairs that they are about, as if one file held both.
    ///
    /// Votes on other pairs, and skips, are counted.
    ///
    /// - Throws: `FeedbackError.wrongShape` for a file that has no votes.
    public func judging(_ comparisons: [Comparison]) throws(FeedbackError) -> FeedbackFile {
        guard case .votes(let votes) = data else { throw wrongShape(.vote) }
        let known = Set(comparisons.map { ExactText($0.id) })
        let own = votes.filter { known.contains(ExactText($0.comparisonID)) }
        var tally = ReasonTally()
        tally.add(counts)
        tally.add(.unknownPair, votes.count - own.count)
        tally.add(.skipped, own.count { $0.verdict == .skip })
        return FeedbackFile(
            path: path, shape: shape, data: .labelled(comparisons: comparisons, votes: own),
            lines: comparisons.map { _ in 1 }, counts: tally.counts, unreadColumns: unreadColumns)
    }

    /// The votes of an export in terms of comparisons that are known: where both have a pair and its
    /// sides are exchanged, the verdicts turn with the texts.
    ///
    /// - Throws: `FeedbackError.wrongShape` for a file that has no votes.
    public func votes(on known: [Comparison]) throws(FeedbackError) -> [Vote] {
        guard case .labelled(let read, let votes) = data else { return try self.votes() }
        let swapped = Self.swapped(read, known)
        return votes.map { swapped.contains(ExactText($0.comparisonID)) ? $0.exchanged : $0 }
    }

    /// The ids of comparisons whose left is on the right of the known comparison with that id.
    static func swapped(_ read: [Comparison], _ known: [Comparison]) -> Set<ExactText> {
        let byID = Dictionary(
            known.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        let exchanged = read.filter { comparison in
            guard let ours = byID[ExactText(comparison.id)] else { return false }
            return ExactText(ours.left) == ExactText(comparison.right)
                && ExactText(ours.right) == ExactText(comparison.left)
                && ExactText(ours.left) != ExactText(ours.right)
        }
        return Set(exchanged.map { ExactText($0.id) })
    }
}

/// A column and the number of rows that have it.
public struct ColumnCount: Equatable, Sendable {
    public let name: String
    public let rows: Int

    /// The counts of two parts together, in the order in which names appear.
    public static func sum(_ a: [ColumnCount], _ b: [ColumnCount]) -> [ColumnCount] {
        var sums = a
        for each in b {
            if let index = sums.firstIndex(where: { $0.name == each.name }) {
                sums[index] = ColumnCount(name: each.name, rows: sums[index].rows + each.rows)
            } else {
                sums.append(each)
            }
        }
        return sums
    }
}

extension FeedbackFile {
    /// The prompts: all rows of a prompt file, the distinct prompts of any other.
    ///
    /// - Throws: `FeedbackError.wrongShape` for votes and plain text.
    public func prompts() throws(FeedbackError) -> [Prompt] {
        switch data {
        case .prompts(let rows): return rows
        case .demonstrations(let rows) where shape != .text:
            return Self.distinct(rows.map { Prompt(text: $0.prompt, id: $0.promptID) })
        case .pairs(let rows):
            return Self.distinct(rows.map { Prompt(text: $0.prompt, id: $0.promptID) })
        case .labelledCompletions(let rows):
            return Self.distinct(rows.map { Prompt(text: $0.prompt, id: $0.promptID) })
        case .ratings(let rows):
            return Self.distinct(rows.map { Prompt(text: $0.prompt, id: $0.promptID) })
        case .comparisons(let rows), .labelled(let rows, _):
            return Self.distinct(rows.map { Prompt(text: $0.prompt, id: $0.promptID) })
        case .rankings(let rows):
            return Self.distinct(rows.map { Prompt(text: $0.prompt, id: $0.promptID) })
        case .votes, .demonstrations:
            throw wrongShape(.promptOnly, .promptCompletion, .preference, .pairList)
        }
    }

    /// The demonstrations of text, messages and prompt-completion files.
    ///
    /// - Throws: `FeedbackError.wrongShape`.
    public func demonstrations() throws(FeedbackError) -> [Demonstration] {
        if case .demonstrations(let rows) = data { return rows }
        throw wrongShape(.promptCompletion, .text, .messages)
    }

    /// The pairs of preference files, rankings and ratings, and of the votes of a Label Studio export.
    ///
    /// - Throws: `FeedbackError.wrongShape`.
    public func preferencePairs() throws(FeedbackError) -> PreferencePairs {
        switch data {
        case .pairs(let rows): return PreferencePairs(pairs: rows, counts: [])
        case .rankings(let rows): return PreferencePairs(pairs: rows.flatMap(\.pairs), counts: [])
        case .ratings(let rows):
            var tally = ReasonTally()
            let pairs = RatedCompletion.pairs(of: rows, &tally)
            return PreferencePairs(pairs: pairs, counts: tally.counts)
        case .labelled(let comparisons, let votes):
            return PreferencePairs(comparisons: comparisons, votes: votes)
        default: throw wrongShape(.preference, .implicitPreference, .ranking, .labelStudio)
        }
    }

    /// Completions with their ratings, of files of ratings and of thumbs.
    ///
    /// - Throws: `FeedbackError.wrongShape`.
    public func ratedCompletions() throws(FeedbackError) -> [RatedCompletion] {
        switch shape {
        case .rating, .unpaired, .rated: return ratings
        default: throw wrongShape(.rating, .unpaired, .rated)
        }
    }

    /// The comparisons of a pair list or a Label Studio export, and judged pairs as questions.
    ///
    /// - Throws: `FeedbackError.wrongShape`.
    public func comparisons() throws(FeedbackError) -> [Comparison] {
        switch data {
        case .comparisons(let rows), .labelled(let rows, _): return rows
        case .pairs(let rows): return Comparison.asked(again: rows)
        default: throw wrongShape(.pairList, .preference, .labelStudio)
        }
    }

    /// The votes of a vote file or a Label Studio export.
    ///
    /// - Throws: `FeedbackError.wrongShape`.
    public func votes() throws(FeedbackError) -> [Vote] {
        switch data {
        case .votes(let rows), .labelled(_, let rows): return rows
        default: throw wrongShape(.vote, .labelStudio)
        }
    }

    func wrongShape(_ expected: FeedbackShape...) -> FeedbackError {
        .wrongShape(path: path, expected: expected, found: shape)
    }

    private static func distinct(_ prompts: [Prompt]) -> [Prompt] {
        var seen: Set<ExactText> = []
        return prompts.filter { seen.insert(ExactText($0.id)).inserted }
    }
}
