import Testing

@testable import Notebook

@Suite struct SentencesDocumentsTests {
    static let cases: [(DocumentError, String)] = [
        (
            .unreadable(path: "t.md", reason: "No such file or directory"),
            "t.md cannot be read: No such file or directory; check the path"
        ),
        (
            .notText(path: "t.md", line: 3),
            "t.md:3: the bytes are not UTF-8 text; convert the file, for example with iconv -t "
                + "UTF-8"
        ),
        (
            .noCells(path: "t.md"),
            "t.md has no cells, expected a fence ```{code-cell} rlhf in a tutorial or a command "
                + "on a line of a script; add one"
        ),
        (
            .unclosed(path: "t.md", line: 8, what: "the fence"),
            "t.md:8: the fence is never closed; close it"
        ),
        (
            .badYAML(path: "t.md", line: 2, problem: "indent with spaces, not with a tab"),
            "t.md:2: the YAML cannot be read: indent with spaces, not with a tab; mend the line"
        ),
        (
            .unknownKey(path: "t.md", line: 9, key: "expects", accepted: ["expect", "answers"]),
            "t.md:9: the key \"expects\" means nothing, expected expect or answers; mend its name"
        ),
        (
            .wrongKind(
                path: "t.md", line: 4, key: "seed", expected: "an integer", found: "a string"),
            "t.md:4: \"seed\" is to be an integer, found a string; mend the line"
        ),
        (
            .newerSchema(path: "t.md", line: 2, found: 2, supported: 1),
            "t.md:2: the tutorial has schema 2, expected at most 1: it is written for a newer "
                + "rlhf; run it with that one"
        ),
        (
            .wrongLanguage(path: "t.md", line: 11, found: "python"),
            "t.md:11: the cell is in \"python\", expected rlhf; write ```{code-cell} rlhf"
        ),
        (
            .badName(path: "t.md", line: 5, name: "my cell"),
            "t.md:5: \"my cell\" cannot name a cell, expected at most 64 letters, digits, - and _; "
                + "change the name"
        ),
        (
            .repeatedName(path: "t.md", line: 20, name: "sft", firstLine: 10),
            "t.md:20: the name \"sft\" is that of the cell in line 10 too; change one of them"
        ),
        (
            .badExpectation(path: "t.md", line: 6, key: "accuracy", text: "good"),
            "t.md:6: \"accuracy\" expects \"good\", which is no comparison; write for example "
                + "\">= 0.70\", \"< 10\" or \"0.5..0.7\""
        ),
    ]

    @Test(arguments: cases) func everyErrorOfATutorialHasItsSentence(
        error: DocumentError, text: String
    ) {
        #expect(commandError(for: error) == CommandError(text))
    }
}
