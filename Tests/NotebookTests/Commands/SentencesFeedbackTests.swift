import HumanFeedback
import Testing

@testable import Notebook

@Suite struct SentencesFeedbackTests {
    static let cases: [(FeedbackError, String)] = [
        (.missingFile(path: "a.jsonl"), "a.jsonl: there is no such file or folder; check the path"),
        (.notAFile(path: "data"), "data is a folder, expected a data file; name a file in it"),
        (
            .cannotRead(path: "a.jsonl", reason: "Permission denied"),
            "a.jsonl cannot be read: Permission denied; check its permissions"
        ),
        (
            .cannotWrite(path: "b.jsonl", reason: "No space left on device"),
            "b.jsonl cannot be written: No space left on device; choose another place with --out"
        ),
        (
            .emptyFile(path: "a.jsonl"),
            "a.jsonl is empty, expected at least one row of JSON; name a file with data"
        ),
        (
            .notUTF8(path: "a.jsonl", line: 3, column: 9),
            "a.jsonl:3:9: the bytes are not UTF-8 text; convert the file, for example with iconv "
                + "-t UTF-8"
        ),
        (
            .malformed(
                path: "a.jsonl", line: 2, column: 12, problem: "expected \":\" after a key",
                excerpt: "{\"prompt\" 1}"),
            "a.jsonl:2:12: not JSON: expected \":\" after a key in `{\"prompt\" 1}`; mend the "
                + "line or take it out"
        ),
        (
            .badRow(
                path: "a.jsonl", line: 7,
                problem: RowProblem(key: "chosen", expected: "a string", found: "an integer")),
            "a.jsonl:7: \"chosen\" is to be a string, found an integer; mend the row or take it out"
        ),
        (
            .badRow(
                path: "a.jsonl", line: 1,
                problem: RowProblem(key: "", expected: "an object", found: "a number")),
            "a.jsonl:1: the row is to be an object, found a number; mend the row or take it out"
        ),
        (
            .unknownShape(path: "a.jsonl", line: 1, keys: ["question", "answer"]),
            "a.jsonl:1: the columns question and answer are none that are known, expected for "
                + "example \"prompt\", \"chosen\" and \"rejected\"; rename them"
        ),
        (
            .mixedShapes(
                path: "a.jsonl", line: 9, expected: .preference, found: .vote, firstLine: 1),
            "a.jsonl:9: the row holds votes, expected preference pairs as in line 1; put them into "
                + "separate files"
        ),
        (
            .nothingLeft(
                path: "e.json",
                counts: [
                    ReasonCount(reason: .skipped, count: 1), ReasonCount(reason: .tie, count: 3),
                ]),
            "e.json: no row is left to use: once the annotator skipped the pair, 3 times both "
                + "answers are equally good, so there is no pair; `inspect` shows the file"
        ),
        (
            .wrongShape(path: "v.jsonl", expected: [.preference, .ranking], found: .vote),
            "v.jsonl holds votes, expected preference pairs or rankings; `convert` makes one from "
                + "another where it can, "
                + "with --comparisons for the pairs that votes are about"
        ),
        (
            .badConfiguration(path: "c.xml", line: 1, problem: "there is no <Pairwise> tag"),
            "c.xml:1: the labelling configuration cannot be used: there is no <Pairwise> tag; "
                + "copy it again from the project's settings"
        ),
    ]

    @Test(arguments: cases) func everyErrorOfDataHasItsSentence(error: FeedbackError, text: String)
    {
        #expect(commandError(for: error) == CommandError(text))
    }

    @Test func rulesAreNamedWithTheKeyThatIsWrong() {
        let problem = RowProblem(
            key: "rules[3].points", expected: "a number", found: "a string")
        #expect(
            sentence(for: RuleScorerError.badRules(path: "gold.json", problem: problem))
                == "gold.json: \"rules[3].points\" is to be a number, found a string; mend the "
                + "rules"
        )
        #expect(
            sentence(for: RuleScorerError.unreadable(.missingFile(path: "gold.json")))
                == "gold.json: there is no such file or folder; check the path")
    }

    @Test func everyShapeHasWordsOfItsOwn() {
        let names = FeedbackShape.allCases.map(FeedbackSentences.name)
        #expect(Set(names).count == FeedbackShape.allCases.count)
    }
}
