/// What can be wrong with a tutorial or a script. The sentences are made in `CommandError`.
enum DocumentError: Error, Equatable, Sendable {
    case unreadable(path: String, reason: String)
    /// The bytes of a line are not UTF-8.
    case notText(path: String, line: Int)
    /// A tutorial without a single cell, or an empty script.
    case noCells(path: String)
    /// The front matter, a fence, a comment or a cell's YAML block that was opened is never closed.
    case unclosed(path: String, line: Int, what: String)
    /// A line of YAML that cannot be read; `problem` says what was expected.
    case badYAML(path: String, line: Int, problem: String)
    /// A key of `rlhf:` that means nothing; a slip of the pen would otherwise be a silent one.
    case unknownKey(path: String, line: Int, key: String, accepted: [String])
    case wrongKind(path: String, line: Int, key: String, expected: String, found: String)
    /// The tutorial is written for a newer rlhf.
    case newerSchema(path: String, line: Int, found: Int, supported: Int)
    /// A `{code-cell}` in another language.
    case wrongLanguage(path: String, line: Int, found: String)
    /// A name with other characters than letters, digits, `-` and `_`, or longer than 64.
    case badName(path: String, line: Int, name: String)
    /// Lines are 0 in a notebook; `firstLine` is the number of the other cell then.
    case repeatedName(path: String, line: Int, name: String, firstLine: Int)
    case badExpectation(path: String, line: Int, key: String, text: String)
    /// A file that is to be a Jupyter notebook and is none.
    case badNotebook(path: String, line: Int, problem: String)
    case badParameter(path: String, line: Int, ParameterError)
}
