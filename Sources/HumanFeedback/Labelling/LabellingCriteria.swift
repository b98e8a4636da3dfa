public import OrderedJSON

/// What annotators are told before they judge: the task, and for each criterion the question, what
/// it means, the hard cases and the words of its scale.
///
/// It is read from a small JSON file, so that a project can write its own instructions:
///
///     {"task": "…", "criteria": [{"name": "helpful", "question": "…", "meaning": "…",
///      "edge_cases": ["…"], "scale": ["useless", "weak", "fair", "good", "excellent"]}]}
public struct LabellingCriteria: Equatable, Sendable {
    /// One thing to judge by.
    public struct Criterion: Equatable, Sendable {
        public let name: String
        /// What is asked of every pair.
        public let question: String
        public let meaning: String
        /// What to do where it is not obvious.
        public let edgeCases: [String]
        /// The words of the rating scale, worst first.
        public let scale: [String]
    }

    /// What the labels are for, and how to go about it.
    public let task: String
    public let criteria: [Criterion]

    /// Reads criteria from JSON.
    ///
    /// - Throws: `RowProblem` for a missing key, a value of the wrong kind, a repeated name, or a
    ///   scale that has not 2 to 9 words.
    public init(json: JSON) throws(RowProblem) {
        let file = try RowReader(json)
        guard let list = file["criteria"]?.arrayValue, !list.isEmpty else {
            throw file.missing("criteria", expected: "a list of criteria")
        }
        var criteria: [Criterion] = []
        for (index, each) in list.enumerated() {
            let path = "criteria[\(index)]."
            let row = try RowReader(each, path: path)
            let scale = try Self.texts("scale", of: row)
            guard scale.isEmpty || (2...9).contains(scale.count) else {
                throw RowProblem(
                    key: path + "scale", expected: "2 to 9 words, worst first",
                    found: "\(scale.count)")
            }
            let criterion = Criterion(
                name: try row.string("name"), question: try row.string("question"),
                meaning: try row.optionalString("meaning") ?? "",
                edgeCases: try Self.texts("edge_cases", of: row),
                scale: scale.isEmpty ? Self.standardScale : scale)
            if criteria.contains(where: { $0.name == criterion.name }) {
                throw RowProblem(
                    key: path + "name", expected: "a name of its own",
                    found: "\"\(criterion.name)\" once more")
            }
            criteria.append(criterion)
        }
        self.criteria = criteria
        task = try file.string("task")
    }

    private static func texts(_ key: String, of row: RowReader) throws(RowProblem) -> [String] {
        guard let value = row[key] else { return [] }
        guard let list = value.arrayValue else {
            throw row.problem(key, expected: "a list of texts", found: value)
        }
        var texts: [String] = []
        for each in list {
            guard let text = each.stringValue else {
                throw row.problem(key, expected: "a list of texts", found: each)
            }
            texts.append(text)
        }
        return texts
    }

    /// The criterion of a name; one that the file does not know asks which answer is more of it.
    public func criterion(_ name: String) -> Criterion {
        criteria.first { $0.name == name }
            ?? Criterion(
                name: name, question: "Which answer is more \(name)?", meaning: "", edgeCases: [],
                scale: Self.standardScale)
    }

    private static let standardScale = ["very bad", "bad", "fair", "good", "very good"]
}
