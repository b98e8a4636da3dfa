/// Why feedback could not be read, converted or written. Each case carries what a sentence needs:
/// the file, the line, what was expected and what was found.
public enum FeedbackError: Error, Equatable, Sendable {
    case missingFile(path: String)
    /// The path is a folder.
    case notAFile(path: String)
    /// The system's own words are in `reason`.
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    /// No bytes, only white space, or an empty JSON array.
    case emptyFile(path: String)
    case notUTF8(path: String, line: Int, column: Int)
    /// Not strict JSON; `excerpt` is the start of the line.
    case malformed(path: String, line: Int, column: Int, problem: String, excerpt: String)
    /// A key is missing or holds the wrong kind of value.
    case badRow(path: String, line: Int, problem: RowProblem)
    /// The keys of the first row fit no known shape.
    case unknownShape(path: String, line: Int, keys: [String])
    /// A row has another shape than the first row of the file, which is at `firstLine`.
    case mixedShapes(
        path: String, line: Int, expected: FeedbackShape, found: FeedbackShape, firstLine: Int)
    /// Every row was refused, for the reasons counted.
    case nothingLeft(path: String, counts: [ReasonCount])
    /// The file is sound, but a command needs rows of another shape.
    case wrongShape(path: String, expected: [FeedbackShape], found: FeedbackShape)
    /// The labelling configuration cannot be used.
    case badConfiguration(path: String, line: Int, problem: String)
}

/// What is wrong with one value of one row.
public struct RowProblem: Error, Equatable, Sendable {
    /// The key, with its path where it is nested: `data.answer1`.
    public let key: String
    /// The kind of value that belongs there: `a string`.
    public let expected: String
    /// What is there: `an integer`, or `no such key (the keys are prompt, answer)`.
    public let found: String

    /// Creates a problem from its parts.
    public init(key: String, expected: String, found: String) {
        self.key = key
        self.expected = expected
        self.found = found
    }
}
