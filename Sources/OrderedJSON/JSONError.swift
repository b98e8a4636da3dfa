/// Why a text is not strict JSON, and where.
public struct JSONError: Error, Equatable, Sendable {
    /// The line of the problem, starting at 1.
    public let line: Int
    /// The character (Unicode scalar) of that line, starting at 1.
    public let column: Int
    /// What was found, and what was expected, without the place: `expected ":" after a key`.
    public let problem: String

    /// Creates an error from its parts.
    public init(line: Int, column: Int, problem: String) {
        self.line = line
        self.column = column
        self.problem = problem
    }
}

extension JSONError {
    static let encodingProblem = "the bytes are not UTF-8"

    /// Whether the bytes are not even text.
    public var isEncoding: Bool { problem == Self.encodingProblem }
}
