public import OrderedJSON

/// Why a file of rules cannot be used.
public enum RuleScorerError: Error, Equatable, Sendable {
    /// The file cannot be read, or is not strict JSON.
    case unreadable(FeedbackError)
    /// The file is JSON, but not rules; the problem's key says where, as `rules[3].points`.
    case badRules(path: String, problem: RowProblem)
}

extension RuleScorer {
    static let format = "rlhf-rules-1"

    /// Reads a file of rules.
    ///
    /// - Throws: `RuleScorerError`.
    public static func read(path: String) throws(RuleScorerError) -> RuleScorer {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path: path)
        } catch {
            throw .unreadable(error)
        }
        if trimmed(bytes[...]).isEmpty { throw .unreadable(.emptyFile(path: path)) }
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw .unreadable(
                error.isEncoding
                    ? .notUTF8(path: path, line: error.line, column: error.column)
                    : .malformed(
                        path: path, line: error.line, column: error.column,
                        problem: error.problem, excerpt: excerpt(of: bytes, line: error.line)))
        }
        do {
            return try RuleScorer(json: json)
        } catch {
            throw .badRules(path: path, problem: error)
        }
    }

    /// Makes a scorer of rules that are JSON already.
    ///
    /// - Throws: `RowProblem` for a missing, unknown or misspelled key, a value of the wrong kind,
    ///   a name or phrase that stands twice, or a reference to a rule that is not there.
    public init(json: JSON) throws(RowProblem) {
        let whole = try RuleReader(
            json, path: "", keys: ["format", "name", "ignore_case", "topics", "rules"])
        let format = try whole.row.string("format")
        guard format == RuleScorer.format else {
            throw RowProblem(
                key: "format", expected: quoted(RuleScorer.format), found: quoted(format))
        }
        let ignoresCase = try whole.row.flag("ignore_case")
        var names = UniqueTexts(of: "phrase", ignoresCase: ignoresCase)
        let topics = try whole.topics(&names)
        let (rules, rulePhrases) = try whole.rules(&names, hasTopics: !topics.isEmpty)

        var phrases: [String] = []
        var owners: [PhraseOwner] = []
        for (index, topic) in topics.enumerated() {
            phrases += topic.phrases
            owners += topic.phrases.map { _ in PhraseOwner.topic(index) }
        }
        for (index, texts) in rulePhrases.enumerated() {
            phrases += texts
            owners += texts.map { _ in PhraseOwner.rule(index) }
        }
        self.name = try whole.row.optionalString("name") ?? "rules"
        self.rules = rules
        self.owners = owners
        self.phrases = PhraseFinder(phrases, ignoresCase: ignoresCase)
        self.keywords = PhraseFinder(topics.flatMap(\.keywords), ignoresCase: true)
        self.keywordTopics = topics.enumerated().flatMap { index, topic in
            topic.keywords.map { _ in index }
        }
        self.topicCount = topics.count
    }

    private static func excerpt(of bytes: [UInt8], line: Int) -> String {
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return "" }
        return String(String(decoding: lines[line - 1].prefix(400), as: UTF8.self).prefix(60))
    }
}

/// A text in quotes, for messages.
func quoted(_ text: String) -> String { JSON.string(text).text }

/// Texts of which each may stand in one place only.
struct UniqueTexts {
    private let what: String
    private let ignoresCase: Bool
    private var places: [[UInt8]: String] = [:]

    init(of what: String, ignoresCase: Bool) {
        self.what = what
        self.ignoresCase = ignoresCase
    }

    mutating func insert(_ text: String, at place: String) throws(RowProblem) {
        let bytes = text.utf8.map { ignoresCase ? lowercased($0) : $0 }
        if let other = places[bytes] {
            throw RowProblem(
                key: place, expected: "a \(what) that stands in one place only",
                found: "\(quoted(text)), which is at \(other) too")
        }
        places[bytes] = place
    }
}
