/// What is wrong with a tutorial or a script of cells.
enum DocumentSentences {
    static func sentence(_ error: DocumentError) -> String {
        switch error {
        case .unreadable(let path, let reason):
            return "\(path) cannot be read: \(reason); check the path"
        case .notText(let path, let line):
            return
                "\(SentenceParts.place(path, line)): the bytes are not UTF-8 text; convert the "
                + "file, for example with iconv -t UTF-8"
        case .noCells(let path):
            return "\(path) has no cells, expected a fence ```{code-cell} rlhf in a tutorial or a "
                + "command on a line of a script; add one"
        case .unclosed(let path, let line, let what):
            return "\(SentenceParts.place(path, line)): \(what) is never closed; close it"
        case .badYAML(let path, let line, let problem):
            return
                "\(SentenceParts.place(path, line)): the YAML cannot be read: \(problem); mend the "
                + "line"
        case .unknownKey(let path, let line, let key, let accepted):
            return "\(SentenceParts.place(path, line)): the key \"\(key)\" means nothing, expected "
                + "\(SentenceParts.list(accepted, "or", limit: 12)); mend its name"
        case .wrongKind(let path, let line, let key, let expected, let found):
            return
                "\(SentenceParts.place(path, line)): \"\(key)\" is to be \(expected), found "
                + "\(found); mend the line"
        case .newerSchema(let path, let line, let found, let supported):
            return
                "\(SentenceParts.place(path, line)): the tutorial has schema \(found), expected at "
                + "most \(supported): it is written for a newer rlhf; run it with that one"
        case .wrongLanguage(let path, let line, let found):
            return
                "\(SentenceParts.place(path, line)): the cell is in \"\(found)\", expected rlhf; "
                + "write ```{code-cell} rlhf"
        case .badName(let path, let line, let name):
            return
                "\(SentenceParts.place(path, line)): \"\(name)\" cannot name a cell, expected at "
                + "most 64 letters, digits, - and _; change the name"
        case .repeatedName(let path, let line, let name, let firstLine):
            return
                "\(SentenceParts.place(path, line)): the name \"\(name)\" is that of "
                + (line == 0 ? "cell \(firstLine)" : "the cell in line \(firstLine)")
                + " too; change one of them"
        case .badExpectation(let path, let line, let key, let text):
            return
                "\(SentenceParts.place(path, line)): \"\(key)\" expects \"\(text)\", which is no "
                + "comparison; write for example \">= 0.70\", \"< 10\" or \"0.5..0.7\""
        case .badNotebook(let path, let line, let problem):
            return
                "\(SentenceParts.place(path, line)): the notebook cannot be read: \(problem); save it "
                + "again with Jupyter, or convert it with jupyter nbconvert --to notebook"
        case .badParameter(let path, let line, let error):
            return error.sentence(SentenceParts.place(path, line))
        }
    }

    /// How the program ends: what is wrong with parameters is a matter of usage.
    static func exitCode(_ error: DocumentError) -> CommandError.ExitCode {
        if case .badParameter = error { .usage } else { .failed }
    }
}
