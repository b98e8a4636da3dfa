public import OrderedJSON

extension AnswerChecks {
    /// The keys of each kind beside `name` and `kind`.
    private static let keys: [(kind: String, keys: [String])] = [
        ("length", ["at_least", "at_most"]), ("ending", ["endings"]), ("language", ["language"]),
        ("format", ["format"]), ("required", ["phrases"]), ("forbidden", ["phrases"]),
        ("pattern", ["patterns"]), ("forbidden_pattern", ["patterns"]),
    ]

    private static let formats = ["json", "list", "plain"]

    /// Reads `{"format": "rlhf-checks-1", "checks": [...]}`; unknown keys are refused.
    public init(json: JSON) throws(RowProblem) {
        let file = try RuleReader(json, path: "", keys: ["format", "checks"])
        let format = try file.row.string("format")
        guard format == "rlhf-checks-1" else {
            throw RowProblem(key: "format", expected: "\"rlhf-checks-1\"", found: quoted(format))
        }
        var checks: [Check] = []
        var names = UniqueTexts(of: "check name", ignoresCase: false)
        for (index, json) in try file.array("checks").enumerated() {
            let path = "checks[\(index)]"
            let row = try RowReader(json, path: path + ".")
            let kind = try row.string("kind")
            guard let own = Self.keys.first(where: { $0.kind == kind })?.keys else {
                throw RowProblem(
                    key: path + ".kind",
                    expected: "one of " + Self.keys.map(\.kind).joined(separator: ", "),
                    found: quoted(kind))
            }
            let reader = try RuleReader(json, path: path, keys: ["name", "kind"] + own)
            let name = try reader.row.string("name")
            try names.insert(name, at: reader.key("name"))
            checks.append(Check(name: name, test: try Self.test(kind, reader)))
        }
        self.checks = checks
    }

    private typealias Test = (_ prompt: String, _ completion: String) -> Result

    private static func test(_ kind: String, _ reader: RuleReader) throws(RowProblem) -> Test {
        switch kind {
        case "length":
            let least = try reader.integer("at_least", orElse: 0)
            let most = try reader.integer("at_most", orElse: .max)
            guard least <= most else {
                throw RowProblem(
                    key: reader.key("at_most"), expected: "at least \(least), as at_least says",
                    found: String(most))
            }
            return { _, text in
                (least...most).contains(wordCount(of: Array(text.utf8)[...]))
                    ? .passed : .failed
            }
        case "ending":
            let endings = try reader.texts("endings").map { Array($0.utf8) }
            return { _, text in
                let bytes = trimmed(Array(text.utf8)[...])
                return endings.contains { bytes.suffix($0.count).elementsEqual($0) }
                    ? .passed : .failed
            }
        case "language": return try language(reader)
        case "format": return try format(reader)
        case "required", "forbidden":
            let finder = PhraseFinder(try reader.texts("phrases"), ignoresCase: true)
            let isWanted = kind == "required"
            return { _, text in
                finder.matches(in: Array(text.utf8)).isEmpty == isWanted ? .failed : .passed
            }
        default:
            let patterns = try Self.patterns(reader)
            let isWanted = kind == "pattern"
            return { _, text in
                patterns.contains { text.firstMatch(of: $0) != nil } == isWanted
                    ? .passed : .failed
            }
        }
    }

    private static func language(_ reader: RuleReader) throws(RowProblem) -> Test {
        let code = try reader.row.string("language")
        let choices = LanguageGuess.known + ["prompt"]
        guard choices.contains(code) else {
            throw RowProblem(
                key: reader.key("language"), expected: "one of " + choices.joined(separator: ", "),
                found: quoted(code))
        }
        return { prompt, text in
            let wanted = code == "prompt" ? LanguageGuess.language(of: prompt) : code
            guard let wanted, let found = LanguageGuess.language(of: text) else {
                return .undecided
            }
            return found == wanted ? .passed : .failed
        }
    }

    private static func format(_ reader: RuleReader) throws(RowProblem) -> Test {
        let name = try reader.row.string("format")
        guard formats.contains(name) else {
            throw RowProblem(
                key: reader.key("format"), expected: "one of " + formats.joined(separator: ", "),
                found: quoted(name))
        }
        return { _, text in
            let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
            let isMet: Bool
            switch name {
            case "json": isMet = (try? JSON(parsing: Array(text.utf8))) != nil
            case "list":
                isMet =
                    !lines.isEmpty
                    && lines.allSatisfy {
                        $0.hasPrefix("- ") || $0.hasPrefix("* ") || isNumbered($0)
                    }
            default:
                isMet = !lines.contains {
                    $0.hasPrefix("#") || $0.hasPrefix("- ") || $0.hasPrefix("* ")
                        || $0.contains("**") || $0.hasPrefix("```")
                }
            }
            return isMet ? .passed : .failed
        }
    }

    /// `1. ` or `1) `
    private static func isNumbered(_ line: Substring) -> Bool {
        let rest = line.drop(while: \.isNumber)
        return rest.count < line.count && (rest.hasPrefix(". ") || rest.hasPrefix(") "))
    }

    private static func patterns(
        _ reader: RuleReader
    ) throws(RowProblem) -> [Regex<AnyRegexOutput>] {
        var patterns: [Regex<AnyRegexOutput>] = []
        for (index, text) in try reader.texts("patterns").enumerated() {
            guard let pattern = try? Regex(text) else {
                throw RowProblem(
                    key: "\(reader.key("patterns"))[\(index)]", expected: "a regular expression",
                    found: quoted(text))
            }
            patterns.append(pattern)
        }
        return patterns
    }
}
