import OrderedJSON
import Testing

@testable import HumanFeedback

/// The files of the first tutorial, read without the readers under test.
struct AlignAModel {
    static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/") + "/Tutorials/01-align-a-model/"

    /// Read once for all tests.
    static let shared = Result { try AlignAModel() }

    let training: [Demonstration]
    let heldOut: [Demonstration]
    let trainingPrompts: [String]
    let heldOutPrompts: [String]
    let scorer: RuleScorer
    let rules: JSON
    /// Each two answers of a training prompt that follow each other in the file.
    let comparisons: [Comparison]
    /// For each of the comparisons, the gold points of left less those of right.
    let goldDifferences: [Double]

    private init() throws {
        training = try AlignAModel.demonstrations("demonstrations.jsonl")
        heldOut = try AlignAModel.demonstrations("held-out-demonstrations.jsonl")
        trainingPrompts = try AlignAModel.rows("prompts.jsonl").map(prompt)
        heldOutPrompts = try AlignAModel.rows("held-out-prompts.jsonl").map(prompt)
        rules = try JSON(parsing: FileBytes.read(path: AlignAModel.folder + "gold.json"))
        let scorer = try RuleScorer.read(path: AlignAModel.folder + "gold.json")
        self.scorer = scorer
        comparisons = AlignAModel.comparisons(of: training)
        goldDifferences = comparisons.map { pair in
            scorer.score(prompt: pair.prompt, completion: pair.left)
                - scorer.score(prompt: pair.prompt, completion: pair.right)
        }
    }

    static func rows(_ name: String) throws -> [JSON] {
        let bytes = try FileBytes.read(path: folder + name)
        return try JSONLines(bytes).map { try JSON(parsing: $0.bytes, firstLine: $0.line) }
    }

    private static func demonstrations(_ name: String) throws -> [Demonstration] {
        try rows(name).map { row in
            try #require(row.objectValue?.keys == ["prompt", "completion"])
            return Demonstration(
                prompt: try prompt(row), completion: try #require(row["completion"]?.stringValue))
        }
    }

    private static func comparisons(of rows: [Demonstration]) -> [Comparison] {
        var waiting: [String: String] = [:]
        var comparisons: [Comparison] = []
        for row in rows {
            if let left = waiting.removeValue(forKey: row.prompt) {
                comparisons.append(
                    Comparison(prompt: row.prompt, left: left, right: row.completion))
            } else {
                waiting[row.prompt] = row.completion
            }
        }
        return comparisons
    }

    func gold(_ row: Demonstration) -> Double {
        scorer.score(prompt: row.prompt, completion: row.completion)
    }
}

private func prompt(_ row: JSON) throws -> String { try #require(row["prompt"]?.stringValue) }
