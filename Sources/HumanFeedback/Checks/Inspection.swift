public import OrderedJSON

/// What a feedback file holds, at a glance.
public struct Inspection: Equatable, Sendable {
    public let path: String
    public let shape: FeedbackShape
    public let rowCount: Int
    /// The number of votes, or nil where there can be none.
    public let voteCount: Int?
    /// Lengths by column.
    public let columns: [ColumnSummary]
    /// Nil where rows have no prompts.
    public let distinctPrompts: Int?
    /// In the order in which they appear.
    public let annotators: [AnnotatorSummary]
    /// Verdicts that occur, in the order of `Verdict.allCases`.
    public let verdicts: [VerdictCount]
    /// Nil where rows do not say whether their completion is good or bad.
    public let labels: LabelCount?
    /// Nil where completions are not rated.
    public let ratings: RatingSummary?
    public let counts: [ReasonCount]
    public let unreadColumns: [ColumnCount]
    /// The texts of the first rows.
    public let samples: [[TextField]]

    /// Looks at a file; `sampleCount` rows are kept as samples.
    public init(of file: FeedbackFile, sampleCount: Int = 3) {
        let rows = file.textRows
        path = file.path
        shape = file.shape
        rowCount = file.data.count
        columns = Self.columns(of: rows)
        distinctPrompts = file.promptIDs.map { ids in Set(ids.map(ExactText.init)).count }
        counts = file.counts
        unreadColumns = file.unreadColumns
        samples = Array(rows.prefix(max(sampleCount, 0)))
        if case .labelledCompletions(let completions) = file.data {
            labels = LabelCount(completions)
            ratings = nil
        } else {
            labels = nil
            ratings = RatingSummary(file.ratings.map(\.rating))
        }

        switch file.data {
        case .votes(let votes), .labelled(_, let votes):
            voteCount = votes.count
            verdicts = Verdict.allCases.compactMap { verdict in
                let count = votes.count { $0.verdict == verdict }
                return count == 0 ? nil : VerdictCount(verdict: verdict, count: count)
            }
            annotators = Self.annotators(votes.map { ($0.annotator, $0.isSimulated) })
        case .pairs(let pairs):
            voteCount = nil
            verdicts = []
            annotators = Self.annotators(pairs.map { ($0.annotator, $0.isSimulated) })
        case .rankings(let rankings):
            voteCount = nil
            verdicts = []
            annotators = Self.annotators(rankings.map { ($0.annotator, $0.isSimulated) })
        default:
            voteCount = nil
            verdicts = []
            annotators = []
        }
    }

    private static func columns(of rows: [[TextField]]) -> [ColumnSummary] {
        var names: [String] = []
        var lengths: [[Int]] = []
        for field in rows.joined() {
            if let index = names.firstIndex(of: field.name) {
                lengths[index].append(field.text.count)
            } else {
                names.append(field.name)
                lengths.append([field.text.count])
            }
        }
        return zip(names, lengths).map { ColumnSummary(name: $0, lengths: $1) }
    }

    private static func annotators(
        _ names: [(name: String?, isSimulated: Bool)]
    ) -> [AnnotatorSummary] {
        var summaries: [AnnotatorSummary] = []
        var positions: [ExactText: Int] = [:]
        for (name, isSimulated) in names {
            guard let name else { continue }
            let position = positions[ExactText(name)] ?? summaries.count
            positions[ExactText(name)] = position
            let earlier = position < summaries.count ? summaries[position] : nil
            let summary = AnnotatorSummary(
                name: name, votes: (earlier?.votes ?? 0) + 1,
                isSimulated: isSimulated || earlier?.isSimulated == true)
            if earlier == nil { summaries.append(summary) } else { summaries[position] = summary }
        }
        return summaries
    }
}

/// Lengths of the texts of one column, in characters.
public struct ColumnSummary: Equatable, Sendable {
    public let name: String
    public let minimum: Int
    /// The mean of the middle two when there is an even number.
    public let median: Double
    public let maximum: Int

    init(name: String, lengths: [Int]) {
        let sorted = lengths.sorted()
        self.name = name
        minimum = sorted.first ?? 0
        maximum = sorted.last ?? 0
        let middle = sorted.count / 2
        if sorted.isEmpty {
            median = 0
        } else if sorted.count.isMultiple(of: 2) {
            median = Double(sorted[middle - 1] + sorted[middle]) / 2
        } else {
            median = Double(sorted[middle])
        }
    }
}

/// How many completions were found good and how many bad.
public struct LabelCount: Equatable, Sendable {
    public let good: Int
    public let bad: Int

    init(_ rows: [LabelledCompletion]) {
        good = rows.count(where: \.isGood)
        bad = rows.count - good
    }
}

/// The ratings of a file.
public struct RatingSummary: Equatable, Sendable {
    public let count: Int
    public let minimum: Double
    public let mean: Double
    public let maximum: Double
    /// Ratings that differ: two of them are thumbs, many are a scale.
    public let distinct: Int

    /// Nil for no ratings.
    init?(_ ratings: [Double]) {
        guard let minimum = ratings.min(), let maximum = ratings.max() else { return nil }
        count = ratings.count
        self.minimum = minimum
        mean = ratings.reduce(0, +) / Double(ratings.count)
        self.maximum = maximum
        distinct = Set(ratings).count
    }
}

/// How often an annotator voted.
public struct AnnotatorSummary: Equatable, Sendable {
    public let name: String
    public let votes: Int
    public let isSimulated: Bool
}

/// How often a verdict was given.
public struct VerdictCount: Equatable, Sendable {
    public let verdict: Verdict
    public let count: Int
}

extension FeedbackFile {
    /// The prompt id of each row, or nil where rows have no prompts.
    var promptIDs: [String]? {
        switch data {
        case .prompts(let rows): rows.map(\.promptID)
        case .demonstrations(let rows): shape == .text ? nil : rows.map(\.promptID)
        case .pairs(let rows): rows.map(\.promptID)
        case .labelledCompletions(let rows): rows.map(\.promptID)
        case .ratings(let rows): rows.map(\.promptID)
        case .comparisons(let rows), .labelled(let rows, _): rows.map(\.promptID)
        case .rankings(let rows): rows.map(\.promptID)
        case .votes: nil
        }
    }
}

extension Inspection {
    /// The same as one JSON object; what does not apply is left out.
    public var json: JSON {
        var object = JSONObject([
            ("path", .string(path)), ("shape", .string(shape.rawValue)),
            ("rows", .integer(rowCount)),
        ])
        if let voteCount { object["votes"] = .integer(voteCount) }
        if let distinctPrompts { object["prompts"] = .integer(distinctPrompts) }
        object["columns"] = .object(
            JSONObject(
                columns.map { column in
                    let lengths: JSON = [
                        "min": .integer(column.minimum), "median": .number(column.median),
                        "max": .integer(column.maximum),
                    ]
                    return (column.name, lengths)
                }))
        if !annotators.isEmpty {
            object["annotators"] = .array(
                annotators.map {
                    [
                        "annotator": .string($0.name), "votes": .integer($0.votes),
                        "simulated": .bool($0.isSimulated),
                    ]
                })
        }
        if voteCount != nil {
            object["verdicts"] = .object(
                JSONObject(verdicts.map { ($0.verdict.rawValue, .integer($0.count)) }))
        }
        if let labels {
            object["labels"] = ["good": .integer(labels.good), "bad": .integer(labels.bad)]
        }
        if let ratings {
            object["ratings"] = [
                "count": .integer(ratings.count), "min": .number(ratings.minimum),
                "mean": .number(ratings.mean), "max": .number(ratings.maximum),
                "distinct": .integer(ratings.distinct),
            ]
        }
        object["counts"] = counts.json
        object["unread_columns"] = .object(
            JSONObject(unreadColumns.map { ($0.name, .integer($0.rows)) }))
        object["samples"] = .array(
            samples.map { fields in .array(fields.map { [$0.name: .string($0.text)] }) })
        return .object(object)
    }
}

extension [ReasonCount] {
    /// Counts by reason as one JSON object.
    public var json: JSON {
        .object(JSONObject(map { ($0.reason.rawValue, .integer($0.count)) }))
    }
}
