import OrderedJSON

/// Scores of single completions with their lengths, as a cell keeps them: what histograms and
/// clouds of points are made of. `train reward` keeps those of its held-out pairs, `evaluate` those
/// of both models' answers.
///
///     "scores": [{"name": "chosen", "scores": [1.25, …], "tokens": [17, …]}, …]
struct ScoreSample: Equatable {
    /// What the completions have in common: `chosen`, `rejected`, `policy`.
    let name: String
    let scores: [Double]
    /// The tokens of each completion.
    let tokens: [Int]

    /// Keeps samples with the running cell.
    static func keep(_ samples: [ScoreSample], in cell: RunningCell?) {
        cell?.details["scores"] = .array(
            samples.map { sample in
                [
                    "name": .string(sample.name),
                    "scores": .array(sample.scores.map { $0.isFinite ? .number($0) : .null }),
                    "tokens": .array(sample.tokens.map { .integer($0) }),
                ]
            })
    }

    /// The samples of a cell; empty when it kept none.
    static func samples(of cell: Cell) -> [ScoreSample] {
        (cell.details["scores"]?.arrayValue ?? []).map { json in
            ScoreSample(
                name: json["name"]?.stringValue ?? "",
                scores: (json["scores"]?.arrayValue ?? []).map { $0.doubleValue ?? .nan },
                tokens: (json["tokens"]?.arrayValue ?? []).compactMap(\.intValue))
        }
    }
}
