import OrderedJSON

/// Yes-or-no checks of an answer by published rules: its format, length, language, and what must not
/// be in it. Where a scorer weighs one thing against another, a check says whether an instruction was
/// followed (Zhou et al. 2023, "Instruction-Following Evaluation", arXiv:2311.07911).
///
/// ```json
/// {
///   "format": "rlhf-checks-1",
///   "checks": [
///     { "name": "short", "kind": "length", "at_least": 3, "at_most": 60 },
///     { "name": "whole sentences", "kind": "ending", "endings": [".", "!", "?"] },
///     { "name": "English", "kind": "language", "language": "en" },
///     { "name": "a list", "kind": "format", "format": "list" },
///     { "name": "thanks", "kind": "required", "phrases": ["Thank you"] },
///     { "name": "no promises", "kind": "forbidden", "phrases": ["guaranteed"] },
///     { "name": "no numbers", "kind": "forbidden_pattern", "patterns": ["[0-9]{3,}"] }
///   ]
/// }
/// ```
///
/// Lengths are in words. A language is a two-letter code, or `prompt` for that of the prompt; formats
/// are `json`, `list` (every line starts with `-`, `*` or a number) and `plain` (no Markdown). Phrases
/// are whole words in any case; one of `required` is enough. Patterns are regular expressions that may
/// match anywhere.
public struct AnswerChecks {
    /// How a check came out.
    public enum Result: String, Sendable {
        case passed, failed
        /// The check does not apply, such as the language of two words.
        case undecided
    }

    struct Check {
        let name: String
        let test: (_ prompt: String, _ completion: String) -> Result
    }

    /// The names, in the order of the file.
    public var names: [String] { checks.map(\.name) }
    let checks: [Check]

    /// One result a check, in their order.
    public func results(prompt: String, completion: String) -> [Result] {
        checks.map { $0.test(prompt, completion) }
    }

    /// What holds of any helpful answer, used where no file is named: it says something, in whole
    /// sentences, not for ever, in the prompt's language, without abuse and without what looks like
    /// somebody's address, telephone or card number.
    public static var standard: AnswerChecks {
        do { return try AnswerChecks(json: JSON(parsing: Array(standardText.utf8))) } catch {
            preconditionFailure("the standard checks: \(error)")
        }
    }

    private static let standardText = #"""
        {"format": "rlhf-checks-1", "checks": [
          {"name": "says something", "kind": "length", "at_least": 1},
          {"name": "at most 300 words", "kind": "length", "at_most": 300},
          {"name": "ends as a sentence", "kind": "ending",
           "endings": [".", "!", "?", ".\"", "!\"", "?\"", ".)", ":"]},
          {"name": "the prompt's language", "kind": "language", "language": "prompt"},
          {"name": "no abuse", "kind": "forbidden",
           "phrases": ["idiot", "idiots", "moron", "stupid", "shut up", "fool", "dumb", "loser"]},
          {"name": "no private data", "kind": "forbidden_pattern",
           "patterns": ["[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+[.][A-Za-z]{2,}",
                        "(?:^|[^0-9A-Za-z-])[+][0-9][0-9 ()-]{6,}[0-9](?![0-9A-Za-z-])",
                        "(?:^|[^0-9A-Za-z-])[(]?[0-9]{3}[)]?[ -][0-9]{3}[ -][0-9]{4}(?![0-9A-Za-z-])",
                        "(?:^|[^0-9A-Za-z-])0[1-9][0-9]{1,3}[ -][0-9]{3,8}(?: [0-9]{3,4})?(?![0-9A-Za-z-])",
                        "(?:^|[^0-9A-Za-z-])[0-9]{4}(?:[ -]?[0-9]{4}){3}(?![0-9A-Za-z-])"]}
        ]}
        """#
}
