import HumanFeedback

/// What is wrong with a data file, a labelling configuration or a file of rules.
enum FeedbackSentences {
    static func sentence(_ error: FeedbackError) -> String {
        switch error {
        case .missingFile(let path):
            return "\(path): there is no such file or folder; check the path"
        case .notAFile(let path):
            return "\(path) is a folder, expected a data file; name a file in it"
        case .cannotRead(let path, let reason):
            return "\(path) cannot be read: \(reason); check its permissions"
        case .cannotWrite(let path, let reason):
            return "\(path) cannot be written: \(reason); choose another place with --out"
        case .emptyFile(let path):
            return "\(path) is empty, expected at least one row of JSON; name a file with data"
        case .notUTF8(let path, let line, let column):
            return
                "\(SentenceParts.place(path, line, column)): the bytes are not UTF-8 text; convert "
                + "the file, for example with iconv -t UTF-8"
        case .malformed(let path, let line, let column, let problem, let excerpt):
            return "\(SentenceParts.place(path, line, column)): not JSON: \(problem)"
                + (excerpt.isEmpty ? "" : " in `\(excerpt)`") + "; mend the line or take it out"
        case .badRow(let path, let line, let problem):
            return
                "\(SentenceParts.place(path, line)): \(sentence(problem)); mend the row or take it "
                + "out"
        case .unknownShape(let path, let line, let keys):
            return
                "\(SentenceParts.place(path, line)): the columns \(SentenceParts.list(keys)) are "
                + "none that are known, expected for example \"prompt\", \"chosen\" and "
                + "\"rejected\"; rename them"
        case .mixedShapes(let path, let line, let expected, let found, let firstLine):
            return "\(SentenceParts.place(path, line)): the row holds \(name(found)), expected "
                + "\(name(expected)) as in line \(firstLine); put them into separate files"
        case .nothingLeft(let path, let counts):
            return
                "\(path): no row is left to use: \(self.counts(counts)); `inspect` shows the file"
        case .wrongShape(let path, let expected, let found):
            return "\(path) holds \(name(found)), expected "
                + SentenceParts.list(expected.map(name), "or")
                + "; `convert` makes one from another where it can"
                + (found == .vote ? ", with --comparisons for the pairs that votes are about" : "")
        case .badConfiguration(let path, let line, let problem):
            return
                "\(SentenceParts.place(path, line)): the labelling configuration cannot be used: "
                + "\(problem); copy it again from the project's settings"
        }
    }

    static func sentence(_ error: RuleScorerError) -> String {
        switch error {
        case .unreadable(let error): return sentence(error)
        case .badRules(let path, let problem):
            return "\(path): \(sentence(problem)); mend the rules"
        }
    }

    /// What is wrong with one value, without the place.
    static func sentence(_ problem: RowProblem) -> String {
        let name = problem.key.isEmpty ? "the row" : "\"\(problem.key)\""
        return "\(name) is to be \(problem.expected), found \(problem.found)"
    }

    /// `3 times the annotator skipped the pair, once a text is empty`
    static func counts(_ counts: [ReasonCount]) -> String {
        if counts.isEmpty { return "there was none" }
        return counts.map { each in
            (each.count == 1 ? "once " : "\(each.count) times ") + each.reason.meaning
        }.joined(separator: ", ")
    }

    /// A shape in words that stand after "holds" and "is".
    static func name(_ shape: FeedbackShape) -> String {
        switch shape {
        case .text: "plain texts"
        case .messages: "conversations"
        case .promptOnly: "prompts"
        case .promptCompletion: "prompts with completions"
        case .preference: "preference pairs"
        case .implicitPreference: "preference pairs without a prompt column"
        case .unpaired: "single completions with a label"
        case .pairList: "unlabelled pairs"
        case .ranking: "rankings"
        case .vote: "votes"
        case .labelStudio: "a Label Studio export"
        case .labelStudioTable: "a Label Studio export that has lost skips and ties"
        case .labelStudioAnnotation: "annotations of Label Studio without the texts of their tasks"
        case .alpaca: "Alpaca instructions"
        case .alpacaPreference: "Alpaca preferences"
        case .openAIComparison: "OpenAI comparisons"
        case .openAIPreference: "OpenAI preferences"
        case .battles: "arena battles"
        case .rating: "single completions with a rating"
        case .rated: "rated completions"
        }
    }
}
